package import Statistics
package import Wording

/// Accuracy, sensitivity and specificity (or other shares) of groups side by side: readers by experience, the model,
/// a comparator (S2-23, S2-24).
package enum GroupFigure {
  package struct Group: Sendable {
    package var label: String
    /// One for each measure; nil or undefined where it cannot be had.
    package var shares: [Estimate?]
    /// Single readers' shares, drawn as points over the bars; one list for each measure.
    package var members: [[Double]]

    package init(label: String, shares: [Estimate?], members: [[Double]] = []) {
      (self.label, self.shares, self.members) = (label, shares, members)
    }
  }

  /// - measures: names of the shares, such as "Accuracy".
  package static func figure(
    name: String, heading: String, measures: [String], groups: [Group], words: Wording
  ) -> Figure {
    let bars = max(1, measures.count * groups.count)
    let isWide = bars > 9
    let width = isWide ? 760.0 : 520
    var legend = Legend()
    for (index, group) in groups.enumerated() {
      legend.entries.append((.area(fill(index), opacity: 1), group.label))
    }
    legend = legend.limited(to: width - 90)
    let hasMembers = groups.contains { $0.members.contains { !$0.isEmpty } }
    if hasMembers {
      legend.entries.append((.shape(.circle, colour: Palette.ink, isFilled: false), words("one reader")))
    }
    var canvas = Canvas(width: width, height: 338 + legend.height)
    let plot = Plot(
      left: 64, top: 46, width: width - 88, height: 250, x: Axis("", 0...Double(max(1, measures.count)), ticks: []),
      y: percentAxis())
    canvas.heading(heading, at: Point(24, 26), width: width - 48)
    plot.drawFrame(on: &canvas)
    let slot = plot.width / Double(max(1, measures.count))
    let barWidth = min(56, slot * 0.8 / Double(max(1, groups.count)))
    for (place, measure) in measures.enumerated() {
      let middle = plot.left + (Double(place) + 0.5) * slot
      canvas.text(
        TextLines.shortened(measure, width: slot - 8, size: 12), at: Point(middle, plot.bottom + 20), size: 12,
        anchor: .middle)
      for (index, group) in groups.enumerated() {
        let x = middle + (Double(index) - Double(groups.count) / 2) * barWidth
        let share = group.shares.indices.contains(place) ? group.shares[place] : nil
        draw(share, x: x, width: barWidth, index: index, plot: plot, words: words, canvas: &canvas)
        guard group.members.indices.contains(place) else { continue }
        for (member, value) in group.members[place].enumerated() where value.isFinite {
          let spread = barWidth * 0.5 * (Double((member * 7) % 11) / 10 - 0.5)
          canvas.circle(
            Point(x + barWidth / 2 + spread, plot.row(min(1, max(0, value)))), radius: 2.4, fill: "#ffffff",
            opacity: 0.8,
            stroke: Stroke(Palette.ink, 0.9))
        }
      }
    }
    if groups.isEmpty || measures.isEmpty { canvas.absence(words("No groups to compare."), in: plot) }
    legend.draw(on: &canvas, corner: Point(plot.left - 8, plot.bottom + 32), isFramed: false)
    return canvas.figure(
      name: name, title: heading,
      description: words("\(measures.joined(separator: ", ")) of \(groups.map(\.label).joined(separator: ", "))."),
      caption: words("Bars are shares with 95 % intervals.")
        + (hasMembers ? words(" ") + words("Points are single readers.") : ""))
  }

  /// Light to dark, so that bars are told apart in grey.
  private static func fill(_ index: Int) -> String {
    let fills = ["#c6dbef", "#0072b2", "#f2b98a", "#8a3d00", "#b8e0d2", "#00664a", "#dddddd", "#555555"]
    return fills[index % fills.count]
  }

  private static func percentAxis() -> Axis {
    var axis = Axis("%", 0...1, ticks: [0, 0.2, 0.4, 0.6, 0.8, 1])
    axis.format = { Text.fixed($0 * 100, 0) }
    return axis
  }

  private static func draw(
    _ share: Estimate?, x: Double, width: Double, index: Int, plot: Plot, words: Wording, canvas: inout Canvas
  ) {
    let middle = x + width / 2
    guard let share, share.value.isFinite else {
      canvas.text(words("n/a"), at: Point(middle, plot.bottom - 5), size: 11, anchor: .middle, colour: Palette.quiet)
      return
    }
    let top = plot.row(min(1, max(0, share.value)))
    canvas.box(
      x: x + 1, y: top, width: width - 2, height: plot.bottom - top, fill: fill(index),
      stroke: Stroke(Palette.axis, 0.7))
    if let interval = share.interval, interval.lower.isFinite, interval.upper.isFinite {
      canvas.interval(
        Point(middle, plot.row(max(0, interval.lower))), Point(middle, plot.row(min(1, interval.upper))),
        Stroke(Palette.ink, 1.2), cap: min(5, width / 4))
    }
    if width >= 27 {
      let ink = index % 2 == 0 ? Palette.ink : "#ffffff"
      canvas.text(
        Text.fixed(share.value * 100, 1), at: Point(middle, plot.bottom - 6), size: 11, anchor: .middle, colour: ink)
    }
  }
}
