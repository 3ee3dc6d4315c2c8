import Imaging

/// The second pass: what can be read after blanking.
struct LeftoverSearch {
  let reading: PictureReading
  let kinds: TextKinds
  let options: BlankingOptions
  let tissue: TissueMap

  static let rounds = 3
  /// A word that covers more of the picture than this is not one; a person has to look.
  static let largestShare = 0.02

  /// Blanks what is still read, until nothing is; what cannot be got rid of becomes a reason to look.
  func blankWhatIsLeft(of frames: some FrameSource, in text: inout BurnedInText) throws(BurnedInError) {
    let places = Set([0, frames.frameCount / 2, frames.frameCount - 1]).sorted()
    var pictures: [RGBImage] = []
    for place in places { pictures.append(try frames.frame(place)) }
    for round in 0...Self.rounds {
      var left: [ReadWord] = []
      for picture in pictures { left += try leftovers(in: text.blank(picture), text) }
      guard !left.isEmpty else { return }
      guard round < Self.rounds else {
        text.reasons.append("still read after blanking: \(Set(left.map(\.text)).sorted().joined(separator: ", "))")
        return
      }
      grow(&text, by: left)
    }
  }

  /// Words in a blanked picture that are no text that was to stay.
  func leftovers(in picture: RGBImage, _ text: BurnedInText) throws(BurnedInError) -> [ReadWord] {
    let grey = picture.grey()
    var words = try reading.words(of: grey, scale: 1, layout: .page)
    words += try reading.words(of: grey, scale: 2, layout: .sparse)
    words += try reading.words(of: grey, scale: 3, layout: .page)
    let sure = words.filter { $0.isWord && $0.confidence >= options.leftoverConfidence }
    // Speckle is read as a short word here and there, but hardly ever as the same one at two sizes.
    func isText(_ word: ReadWord) -> Bool {
      tissue.share(of: word.rectangle) < 0.5 || word.confidence >= SceneSearch.insideAloneConfidence
        || sure.count {
          TextKinds.plain($0.text) == TextKinds.plain(word.text)
            && 2 * $0.rectangle.common(word.rectangle).area >= word.rectangle.area
        } >= 2
    }
    return words.filter { word in
      let isLeft = word.isWord && word.confidence >= options.leftoverConfidence && isText(word)
      guard isLeft || kinds.matchesIdentity(word.text) else { return false }
      return !text.findings.contains {
        $0.isKept && 2 * $0.box.common(word.rectangle).area >= word.rectangle.area
      }
    }
  }

  private func grow(_ text: inout BurnedInText, by words: [ReadWord]) {
    var mask = text.mask.pixels
    let (width, height) = (text.mask.width, text.mask.height)
    for word in words {
      let box = word.rectangle.grown(2, 2, inWidth: width, height: height)
      guard Double(box.area) <= Self.largestShare * Double(width * height) else { continue }
      BurnedInTextFinder.fill(&mask, box, width: width)
      var evidence: [BurnedInText.Evidence] = [.leftover]
      if tissue.share(of: box) < 0.5 { evidence.append(.outside) }
      text.findings.append(
        BurnedInText.Finding(
          box: box, text: word.text, confidence: word.confidence / 100, evidence: evidence,
          kind: kinds.kind(of: word.text, confidence: word.confidence), isKept: false))
    }
    text.mask = GreyImage(width: width, height: height, pixels: mask)
  }
}
