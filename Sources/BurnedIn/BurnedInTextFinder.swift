import Imaging
public import Ultrasound

/// Finds names, dates and other text drawn into the pixels of stills and clips, and decides what is blanked.
///
/// Evidence is joined: strokes like those of letters, in whatever script (no model is asked); what Tesseract reads, of single lines and of
/// the whole picture; what stays while the picture moves; what lies outside the ultrasound regions. After blanking, Tesseract looks once
/// more at three scales, and what it still reads is blanked too.
public struct BurnedInTextFinder: Sendable {
  public let options: BlankingOptions
  private let reading: PictureReading
  private let numbers: PictureReading?

  /// - Throws: `BurnedInError.reading` where Tesseract or a model is missing; the message names the package.
  public init(_ options: BlankingOptions = BlankingOptions()) throws(BurnedInError) {
    self.options = options
    reading = PictureReading(reader: try TextReader(options.languages))
    let keepsNumbers = options.keepsScales || options.policy == .identity
    numbers = keepsNumbers && options.languages.contains("eng") ? PictureReading(reader: try TextReader(["eng"])) : nil
  }

  /// - regions: what the scanner says of the picture's parts; where there are none, what is lit over more than a letter's width counts as
  ///   tissue.
  /// - identity: names, ids and dates that must not be left, as the header has them.
  public func find(
    in frames: some FrameSource, regions: [CalibratedRegion] = [], identity: [String] = []
  ) throws(BurnedInError) -> BurnedInText {
    guard frames.frameCount >= 1, frames.width >= 1, frames.height >= 1 else {
      throw .argument("expected at least one frame with pixels")
    }
    let kinds = TextKinds(identity: identity)
    var scenes = OverlayScenes(width: frames.width, height: frames.height)
    var (lines, refused): ([FoundLine], [FoundLine]) = ([], [])
    var search: SceneSearch?
    func look(_ scene: Scene) throws(BurnedInError) {
      let here =
        search
        ?? SceneSearch(
          reading: reading, numbers: numbers, kinds: kinds, tissue: TissueMap(regions, picture: scene.highest.grey()),
          flow: FlowMap(scene.highest), letters: CutLetters(scene))
      lines += try here.lines(in: scene, known: lines, refused: &refused, isFirst: search == nil)
      search = here
    }
    for index in 0..<frames.frameCount {
      if let scene = scenes.add(try frames.frame(index)) { try look(scene) }
    }
    if let scene = scenes.finish() { try look(scene) }
    guard let search else { throw .argument("expected at least one frame with pixels") }
    var overlay: GreyImage?
    if case .found(let found) = scenes.overlay.find() { overlay = found.mask }
    var text = assemble(lines, search, overlay, kinds)
    try LeftoverSearch(reading: reading, kinds: kinds, options: options, tissue: search.tissue)
      .blankWhatIsLeft(of: frames, in: &text)
    text.judge(tissue: search.tissue)
    return text
  }

  private func assemble(
    _ lines: [FoundLine], _ search: SceneSearch, _ overlay: GreyImage?, _ kinds: TextKinds
  ) -> BurnedInText {
    let (width, height) = (search.tissue.width, search.tissue.height)
    var mask = [UInt8](repeating: 0, count: width * height)
    var findings: [BurnedInText.Finding] = []
    for line in lines {
      let kind = line.text.map { kinds.kind(of: $0, confidence: line.readingConfidence) } ?? .unreadable
      var evidence = line.evidence
      let isOutside = search.tissue.share(of: line.rectangle) < 0.5
      if isOutside { evidence.insert(.outside) }
      if let overlay, Self.share(of: overlay, in: line.rectangle) >= 0.25 { evidence.insert(.still) }
      let isKept =
        kind == .scale && (options.keepsScales || options.policy == .identity)
        || options.policy == .identity && !kind.mayIdentify
      // Letters have halos of one or two pixels; outside tissue nothing is lost by taking more.
      let margin = isOutside ? max(3, line.letterHeight / 4) : 2
      let box = line.rectangle.grown(margin, margin, inWidth: width, height: height)
      if !isKept {
        let parts = isOutside ? [line.rectangle] : line.words
        for part in parts {
          let box = part.grown(margin, margin, inWidth: width, height: height)
          let whole = search.letters.widened(
            box, letterHeight: line.letterHeight, channel: line.channel, isOutside: isOutside)
          Self.fill(&mask, whole, width: width)
        }
      }
      findings.append(
        BurnedInText.Finding(
          box: box, text: line.text, confidence: max(line.likelihood, line.readingConfidence / 100),
          evidence: evidence.sorted { $0.rawValue < $1.rawValue }, kind: kind, isKept: isKept))
    }
    let blanked = zip(lines, findings).filter { !$0.1.isKept }.map(\.0)
    for gap in FoundLine.gaps(in: blanked)
    where !findings.contains(where: { $0.isKept && $0.box.common(gap).area > 0 }) {
      Self.fill(&mask, gap, width: width)
    }
    return BurnedInText(
      mask: GreyImage(width: width, height: height, pixels: mask), findings: findings, reasons: [], tissuePixels: 0,
      blankedTissuePixels: 0)
  }

  static func fill(_ mask: inout [UInt8], _ box: PixelRectangle, width: Int) {
    for row in box.top..<max(box.top, box.bottom) {
      for column in box.left..<max(box.left, box.right) { mask[row * width + column] = 255 }
    }
  }

  static func share(of mask: GreyImage, in box: PixelRectangle) -> Double {
    var marked = 0
    for row in box.top..<max(box.top, box.bottom) {
      for column in box.left..<max(box.left, box.right) where mask.pixels[row * mask.width + column] > 127 {
        marked += 1
      }
    }
    return box.area > 0 ? Double(marked) / Double(box.area) : 0
  }
}

extension BurnedInText {
  /// Share of the tissue from which a person has to look at what was blanked of it.
  static let muchTissue = 0.03

  /// Counts what was lost of the tissue, and says why a person has to look.
  mutating func judge(tissue: TissueMap) {
    tissuePixels = tissue.area
    var blanked = 0
    for row in 0..<mask.height {
      for column in 0..<mask.width where mask.pixels[row * mask.width + column] > 127 {
        let pixel = PixelRectangle(left: column, top: row, right: column + 1, bottom: row + 1)
        blanked += tissue.share(of: pixel) > 0 ? 1 : 0
      }
    }
    blankedTissuePixels = blanked
    if Double(blanked) > Self.muchTissue * Double(max(1, tissuePixels)) {
      let percent = (1000 * Double(blanked) / Double(max(1, tissuePixels))).rounded() / 10
      reasons.append("\(percent) % of the tissue is blanked")
    }
    let unread = findings.count { $0.kind == .unreadable && !$0.isKept && !$0.evidence.contains(.outside) }
    if unread > 0 { reasons.append("marks over tissue look like text and could not be read: \(unread), blanked") }
  }
}
