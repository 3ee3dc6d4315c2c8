import Imaging

/// A line that is taken for text, and what it says.
struct FoundLine {
  var rectangle: PixelRectangle
  /// What is blanked of it inside tissue.
  var words: [PixelRectangle]
  var letterHeight: Int
  var letters: Int
  var channel = StrokeMap.Channel.bright
  var likelihood: Double
  var text: String?
  /// Tesseract's, 0...100.
  var readingConfidence: Double
  var evidence: Set<BurnedInText.Evidence>
}

/// Looks for text in one scene: by strokes, and by Tesseract.
struct SceneSearch {
  let reading: PictureReading
  /// English alone, which reads short numbers that the two languages together take for an ideograph; nil where none are to be kept.
  let numbers: PictureReading?
  let kinds: TextKinds
  let tissue: TissueMap
  let flow: FlowMap
  let letters: CutLetters

  /// Likelihood from which strokes alone make text: outside tissue, and inside.
  static let outsideLikelihood = 0.06
  static let insideLikelihood = 0.75
  /// Of letters that all have one colour.
  static let evenLikelihood = 0.5
  static let even = 0.85
  /// Over colour flow.
  static let flowLikelihood = 0.9
  /// Share of a line's box from which it lies over flow.
  static let flowShare = 0.3
  /// Share of the letters that have the line's colour, from which strokes alone make text inside tissue.
  static let evenness = 0.65
  /// Pixels: what is taller inside tissue is anatomy or flow.
  static let tallestLetters = 48
  /// Of strokes that only one part of a scene's frames shows.
  static let passingLikelihood = 0.7
  /// Tesseract's confidence, 0...100, from which a word makes text where strokes hint at it, and where nothing does.
  static let supportedConfidence = 50.0
  static let aloneConfidence = 75.0
  /// The same inside tissue, where Tesseract takes speckle for short words.
  static let insideSupportedConfidence = 60.0
  static let insideAloneConfidence = 88.0
  /// Faint candidates inside tissue that Tesseract is asked about, at most: in the first scene, and in each later one.
  static let asked = (first: 16, later: 3)

  /// - known: what earlier scenes showed; lines covered by it are not read again.
  /// - refused: faint candidates that Tesseract made nothing of, in this scene and earlier ones.
  /// - isFirst: whether Tesseract looks at the whole picture, too. What comes later must show strokes; the last pass, over blanked frames
  ///   of the middle and the end, reads whole pictures again.
  func lines(
    in scene: Scene, known: [FoundLine], refused: inout [FoundLine], isFirst: Bool
  ) throws(BurnedInError) -> [FoundLine] {
    let low = LineFinder(scene.lowest)
    let high = scene.frames > 1 ? LineFinder(scene.highest) : low
    var candidates = low.candidates()
    if scene.frames > 1 {
      candidates.removeAll { $0.channel == .dark }
      candidates += high.candidates().filter { $0.channel == .dark || $0.likelihood >= Self.passingLikelihood }
    }
    func picture(_ channel: StrokeMap.Channel) -> GreyImage {
      (channel == .dark ? high : low).channels[channel.rawValue]
    }
    let texts = candidates.filter(isText)
    let ends = candidates.filter { end in !isText(end) && texts.contains { end.isEnd(of: $0) } }
    let accepted = Candidate.merged(texts + ends).filter { !Self.isKnown($0.rectangle, known) }
    var lines: [FoundLine] = []
    for candidate in accepted {
      var read = try reading.text(
        of: candidate.rectangle, letterHeight: candidate.letterHeight, in: picture(candidate.channel))
      var channel = candidate.channel
      // What lies within and between bright letters is strokes, too, of dark ones.
      for other in StrokeMap.Channel.allCases where other != candidate.channel && read.confidence < Self.aloneConfidence
      {
        let again = try reading.text(
          of: candidate.rectangle, letterHeight: candidate.letterHeight, in: picture(other))
        if again.confidence > read.confidence { (read, channel) = (again, other) }
      }
      if let number = try number(candidate, read, in: picture(channel)) { read = number }
      lines.append(FoundLine(candidate, read, evidence: [.strokes]))
    }
    let faint = candidates.filter {
      !isText($0) && $0.letters >= 2 && $0.letterHeight <= Self.tallestLetters
        && !Self.isKnown($0.rectangle, known + lines + refused)
    }
    for candidate in faint.sorted(by: { $0.likelihood > $1.likelihood }).prefix(
      isFirst ? Self.asked.first : Self.asked.later)
    {
      let read = try reading.text(
        of: candidate.rectangle, letterHeight: candidate.letterHeight, in: picture(candidate.channel))
      let isWord = ReadWord(text: read.text, rectangle: candidate.rectangle, confidence: read.confidence, line: 0)
        .isWord
      let isInside = tissue.share(of: candidate.rectangle) >= 0.5
      if flow.share(of: candidate.rectangle) >= Self.flowShare, read.confidence < Self.aloneConfidence { continue }
      let needed = isInside ? Self.insideSupportedConfidence : Self.supportedConfidence
      guard (isWord && read.confidence >= needed) || kinds.matchesIdentity(read.text) else {
        refused.append(FoundLine(candidate, read, evidence: []))
        continue
      }
      lines.append(FoundLine(candidate, read, evidence: [.strokes, .reading]))
    }
    if isFirst { lines += try pageLines(low, candidates, known: known + lines) }
    return lines
  }

  /// A short line as a number, where it is surely one: as many digits as glyphs, and not two ideographs to the other reading.
  private func number(
    _ line: Candidate, _ read: (text: String, confidence: Double), in picture: GreyImage
  ) throws(BurnedInError) -> (text: String, confidence: Double)? {
    guard let numbers, line.letters <= 5, kinds.kind(of: read.text, confidence: read.confidence) != .scale,
      read.text.count(where: TextKinds.isIdeograph) < 2
    else { return nil }
    let number = try numbers.text(of: line.rectangle, letterHeight: line.letterHeight, in: picture)
    let digits = number.text.count(where: \.isNumber)
    guard number.confidence >= 70, digits > 0, abs(digits - line.letters) <= 1,
      kinds.kind(of: number.text, confidence: number.confidence) == .scale
    else { return nil }
    return number
  }

  private func isText(_ candidate: Candidate) -> Bool {
    guard tissue.share(of: candidate.rectangle) >= 0.5 || flow.share(of: candidate.rectangle) >= Self.flowShare else {
      return candidate.likelihood >= Self.outsideLikelihood || candidate.letters >= 2
    }
    guard candidate.evenness >= Self.evenness, candidate.letterHeight <= Self.tallestLetters else { return false }
    // A lone mark inside tissue is a caliper, a focus sign, a reflex; letters that touch are wide.
    let isWide = candidate.rectangle.width >= 2 * candidate.rectangle.height
    guard candidate.letters >= 2 || isWide else { return false }
    let isEven = candidate.evenness >= Self.even
    if flow.share(of: candidate.rectangle) >= Self.flowShare {
      return isEven && candidate.letters >= 3 && candidate.likelihood >= Self.flowLikelihood
        && candidate.channel != .coloured
    }
    return candidate.likelihood >= (isEven ? Self.evenLikelihood : Self.insideLikelihood)
  }

  /// What Tesseract finds in the whole picture that strokes did not show.
  private func pageLines(
    _ finder: LineFinder, _ candidates: [Candidate], known: [FoundLine]
  ) throws(BurnedInError) -> [FoundLine] {
    let bright = finder.channels[StrokeMap.Channel.bright.rawValue]
    let map = StrokeMap(bright.pixels, width: bright.width, height: bright.height, reach: 3)
    let strokes = GreyImage(
      width: bright.width, height: bright.height,
      pixels: map.relief.map { 255 - UInt8(min(255, 2 * Int($0))) })
    var words = try reading.words(of: bright, scale: 2, layout: .sparse)
    words += try reading.words(of: strokes, scale: 2, layout: .sparse)
    var lines: [FoundLine] = []
    for word in words where !Self.isKnown(word.rectangle, known + lines) {
      let hint = candidates.contains { 2 * $0.rectangle.common(word.rectangle).area >= word.rectangle.area }
      let isInside = tissue.share(of: word.rectangle) >= 0.5
      let alone = isInside ? Self.insideAloneConfidence : Self.aloneConfidence
      let supported = isInside ? Self.insideSupportedConfidence : Self.supportedConfidence
      let isSure = word.confidence >= (hint ? supported : alone)
      guard (word.isWord && isSure) || kinds.matchesIdentity(word.text) else { continue }
      lines.append(
        FoundLine(
          rectangle: word.rectangle, words: [word.rectangle], letterHeight: word.rectangle.height, letters: word.signs,
          likelihood: word.confidence / 100, text: word.text, readingConfidence: word.confidence, evidence: [.reading]))
    }
    return lines
  }

  static func isKnown(_ rectangle: PixelRectangle, _ lines: [FoundLine]) -> Bool {
    lines.contains { line in
      var columns = Set<Int>()
      for word in line.words {
        let common = word.grown(2, 2, inWidth: .max, height: .max).common(rectangle)
        if 10 * common.height >= 8 * rectangle.height {
          columns.formUnion(common.left..<max(common.left, common.right))
        }
      }
      return 10 * columns.count >= 8 * rectangle.width
    }
  }
}

extension FoundLine {
  init(_ candidate: Candidate, _ read: (text: String, confidence: Double), evidence: Set<BurnedInText.Evidence>) {
    self.init(
      rectangle: candidate.rectangle, words: candidate.words, letterHeight: candidate.letterHeight,
      letters: candidate.letters, channel: candidate.channel, likelihood: candidate.likelihood,
      text: read.text.isEmpty ? nil : read.text, readingConfidence: read.confidence,
      evidence: read.confidence >= SceneSearch.supportedConfidence ? evidence.union([.reading]) : evidence)
  }
}

extension FoundLine {
  /// Letters' heights between two parts of one line, at most: as wide as the letters between them that an echo may have swallowed.
  private static let widestGap = 2.5

  /// What lies between words that follow each other at one height: a word that touches an echo breaks off, and its other part is found alone.
  static func gaps(in lines: [FoundLine]) -> [PixelRectangle] {
    let words = lines.flatMap { line in line.words.map { (box: $0, letterHeight: line.letterHeight) } }
    var gaps: [PixelRectangle] = []
    for left in words {
      for right in words where right.box.left > left.box.right {
        let (low, tall) = (min(left.box.height, right.box.height), max(left.box.height, right.box.height))
        let common = min(left.box.bottom, right.box.bottom) - max(left.box.top, right.box.top)
        guard 10 * common >= 6 * low, 10 * low >= 6 * tall,
          Double(right.box.left - left.box.right)
            <= widestGap * Double(max(5, min(left.letterHeight, right.letterHeight)))
        else { continue }
        gaps.append(
          PixelRectangle(
            left: left.box.right, top: min(left.box.top, right.box.top), right: right.box.left,
            bottom: max(left.box.bottom, right.box.bottom)))
      }
    }
    return gaps
  }
}
