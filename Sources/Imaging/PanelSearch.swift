import Ultrasound

/// The search for panels in the pixels, side by side and stacked.
struct PanelSearch {
  let peak: RGBImage
  let mean: RGBImage
  let overlay: GreyImage?
  let minimumConfidence: Double

  func find() -> PanelPairingFinding {
    var (found, reasons): ([PairedPanels], [String]) = ([], [])
    for arrangement in [PairedPanels.Arrangement.sideBySide, .stacked] {
      switch find(arrangement) {
      case .pair(let pair): found.append(pair)
      case .none(let reason): reasons.append(arrangement == .sideBySide ? "across: \(reason)" : "down: \(reason)")
      }
    }
    guard let best = found.max(by: { $0.confidence < $1.confidence }) else {
      return .none(reason: reasons.joined(separator: "; "))
    }
    return .pair(best)
  }

  private func find(_ arrangement: PairedPanels.Arrangement) -> PanelPairingFinding {
    let isStacked = arrangement == .stacked
    var finder = PanelFinder(width: isStacked ? peak.height : peak.width, height: isStacked ? peak.width : peak.height)
    let plain = PanelMarks.removed(from: peak, darkest: finder.darkest)
    let (peak, mean) = isStacked ? (plain.transposed(), self.mean.transposed()) : (plain, self.mean)
    let cover = isStacked ? overlay?.rgb().transposed().grey() : overlay
    let grey = peak.grey()
    finder.add(grey)
    let cut = cover.flatMap { $0.width == grey.width && $0.height == grey.height ? $0.pixels : nil }
    let outline = Outline(
      lit: grey.pixels.indices.map { grey.pixels[$0] > finder.darkest && (cut?[$0] ?? 0) <= 127 }, width: grey.width,
      height: grey.height)
    var candidates: [(PanelSplit, PairedPanels.Evidence)] = []
    if let split = PanelTint(image: peak, outline: outline).split() { candidates.append((split, .tint)) }
    if let split = PanelRepeat(grey: grey, outline: outline).split() { candidates.append((split, .repeat)) }
    var reason = "the two halves have nothing in common"
    switch finder.find(overlay: cover) {
    case .panels(let split): candidates.append((split, .gutter))
    case .undecided(let why): reason = why
    }
    guard !candidates.isEmpty else { return .none(reason: reason) }
    let placement = PanelPlacement(mean)
    let pairs = candidates.map { split, evidence in
      // What was found again in the other panel stands where it was found.
      let placed = evidence == .repeat ? nil : placement.placed(split)
      return Self.pair(placed?.split ?? split, .sideBySide, evidence, mean, placed: placed?.alignment)
    }.filter { isBelievable($0) }
    guard let best = pairs.max(by: { $0.confidence < $1.confidence }), best.confidence >= minimumConfidence else {
      return .none(reason: "the two sides do not show the same place")
    }
    return .pair(isStacked ? best.transposed() : best)
  }

  /// A pair has a B-mode panel. Two grey sides are one only where the first is found again in the second: two outlines alike are met
  /// in one picture, too.
  private func isBelievable(_ pair: PairedPanels) -> Bool {
    guard pair.firstContent == .bMode || pair.secondContent == .bMode else { return false }
    return pair.firstContent != pair.secondContent || pair.alignment != nil
  }

  static func pair(
    _ split: PanelSplit, _ arrangement: PairedPanels.Arrangement, _ evidence: PairedPanels.Evidence, _ mean: RGBImage,
    regions: (Set<CalibratedRegion.Content>, Set<CalibratedRegion.Content>) = ([], []), placed: Translation? = nil
  ) -> PairedPanels {
    let (first, second) = (mean.cropped(split.left), mean.cropped(split.right))
    let contents = PanelContents(first, second, firstRegions: regions.0, secondRegions: regions.1)
    let estimator = TranslationEstimator(reference: first.grey().flattened())
    let found = estimator?.translation(of: second.grey().flattened())
    // A low peak, or one far away, is chance, not what is left of the panels' distance.
    let least = 2 * (estimator?.minimumConfidence ?? 1)
    let alignment = found.flatMap { $0.confidence >= least && abs($0.dx) <= 8 && abs($0.dy) <= 8 ? $0 : nil } ?? placed
    var notes: [String] = []
    if alignment == nil { notes.append("the two panels have too little in common to check their alignment") }
    return PairedPanels(
      first: split.left, second: split.right, firstContent: contents.first, secondContent: contents.second,
      arrangement: arrangement, evidence: evidence, confidence: split.confidence, alignment: alignment, notes: notes)
  }
}

extension RGBImage {
  /// Rows become columns.
  func transposed() -> RGBImage {
    let turned = [UInt8](unsafeUninitializedCapacity: pixels.count) { to, filled in
      pixels.withUnsafeBufferPointer { from in
        for y in 0..<height {
          for x in 0..<width {
            let (source, target) = ((y * width + x) * 3, (x * height + y) * 3)
            for channel in 0..<3 { to[target + channel] = from[source + channel] }
          }
        }
      }
      filled = pixels.count
    }
    return RGBImage(width: height, height: width, pixels: turned)
  }
}

extension PairedPanels {
  /// As found in the transposed picture.
  fileprivate func transposed() -> PairedPanels {
    func turned(_ box: PixelBox) -> PixelBox {
      PixelBox(x: box.y, y: box.x, width: box.height, height: box.width)
    }
    return PairedPanels(
      first: turned(first), second: turned(second), firstContent: firstContent, secondContent: secondContent,
      arrangement: .stacked, evidence: evidence, confidence: confidence,
      alignment: alignment.map { Translation(dx: $0.dy, dy: $0.dx, confidence: $0.confidence) }, notes: notes)
  }
}
