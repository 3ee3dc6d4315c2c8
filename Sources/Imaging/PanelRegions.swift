import Ultrasound

/// Panels as the file's calibrated regions give them.
struct PanelRegions {
  /// One picture each: a region, with the regions that lie on it, as a colour box does.
  struct Panel {
    var box: PixelBox
    var spacing: PixelSpacing
    var contents: Set<CalibratedRegion.Content>
  }

  let panels: [Panel]

  /// - Parameter regions: those without lengths on both axes (M-mode, spectra, bars) are no pictures and left out.
  init(_ regions: [CalibratedRegion]) {
    let pictures = regions.filter { [.tissue, .colorFlow, .elastography].contains($0.content) }
      .sorted { $0.box.width * $0.box.height > $1.box.width * $1.box.height }
    var panels: [Panel] = []
    for region in pictures {
      guard let spacing = region.spacing else { continue }
      if let owner = panels.firstIndex(where: { Self.shared($0.box, region.box) > 0.5 }) {
        panels[owner].contents.insert(region.content)
      } else {
        panels.append(Panel(box: region.box, spacing: spacing, contents: [region.content]))
      }
    }
    self.panels = panels
  }

  /// Shared area over the second's.
  private static func shared(_ one: PixelBox, _ other: PixelBox) -> Double {
    let width = min(one.maxX, other.maxX) - max(one.x, other.x)
    let height = min(one.maxY, other.maxY) - max(one.y, other.y)
    return width > 0 && height > 0 ? width * height / max(1, other.width * other.height) : 0
  }

  /// The two boxes, left or upper first, at one size; or why there is no pair.
  func pair() -> Result<(Panel, Panel, PairedPanels.Arrangement), Refusal> {
    guard panels.count == 2 else {
      return .failure(Refusal(reason: "the file describes \(panels.count) pictures on its screen, expected 2"))
    }
    let isBeside = abs(panels[0].box.x - panels[1].box.x) >= abs(panels[0].box.y - panels[1].box.y)
    let sorted = panels.sorted { isBeside ? $0.box.x < $1.box.x : $0.box.y < $1.box.y }
    let (one, other) = (sorted[0], sorted[1])
    let isOneScale =
      abs(one.spacing.x / other.spacing.x - 1) < 0.02 && abs(one.spacing.y / other.spacing.y - 1) < 0.02
    guard isOneScale else { return .failure(Refusal(reason: "the two pictures have different scales")) }
    let (width, height) = (min(one.box.width, other.box.width), min(one.box.height, other.box.height))
    let isOneSize =
      width >= 0.95 * max(one.box.width, other.box.width) && height >= 0.95 * max(one.box.height, other.box.height)
    guard isOneSize else { return .failure(Refusal(reason: "the two pictures are of different sizes")) }
    func cut(_ panel: Panel) -> Panel {
      var cut = panel
      cut.box = PixelBox(x: panel.box.x, y: panel.box.y, width: width, height: height)
      return cut
    }
    return .success((cut(one), cut(other), isBeside ? .sideBySide : .stacked))
  }

  struct Refusal: Error { let reason: String }
}
