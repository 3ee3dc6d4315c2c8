import Statistics
import Wording

/// The rulers that all variables share: points above, total and probability below.
extension NomogramFigure {
  /// Where the rulers stand.
  struct Grid {
    let page: Page
    let left: Double
    let right: Double

    init(page: Page) {
      self.page = page
      (left, right) = page == .portrait ? (176, page.width - 104) : (236, page.width - 116)
    }

    var width: Double { right - left }
    func x(_ points: Double) -> Double { left + points / 100 * width }
  }

  static func drawPoints(_ grid: Grid, bottom: Double, words: Wording, canvas: inout Canvas) {
    let y = 66.0
    for step in stride(from: 0, through: 100, by: 5) {
      let x = grid.x(Double(step))
      canvas.line(Point(x, y), Point(x, bottom), Stroke(step % 10 == 0 ? "#ccd3da" : "#e8ebef", 0.7))
    }
    canvas.text(words("Points"), at: Point(24, y + 4), size: 12.5, bold: true)
    canvas.text(
      words("points"), at: Point(grid.right + (grid.page.width - grid.right) / 2 + 8, y - 10), size: 11,
      anchor: .middle,
      colour: Palette.quiet)
    canvas.line(Point(grid.left, y), Point(grid.right, y), Stroke(Palette.ink, 1.3))
    let minor = grid.width > 500 ? 1 : 2
    for step in stride(from: 0, through: 100, by: minor) {
      let length = step % 10 == 0 ? 8.0 : step % 5 == 0 ? 6 : 4
      canvas.line(Point(grid.x(Double(step)), y), Point(grid.x(Double(step)), y - length), Stroke(Palette.ink, 0.8))
      if step % 10 == 0 {
        canvas.text("\(step)", at: Point(grid.x(Double(step)), y - 11), size: 11, anchor: .middle)
      }
    }
  }

  /// The ruler of total points: from 0 to the most there can be, or only so far as the probability still changes.
  struct Totals {
    let start: Double
    let end: Double
    let step: Double
    /// It leaves out sums that can occur.
    let isCut: Bool
    private let grid: Grid

    /// - most: the largest total there can be.
    init(_ nomogram: Nomogram, most: Double, grid: Grid) {
      let (low, high) = (nomogram.total(probability: 0.0005), nomogram.total(probability: 0.9995))
      var (from, to) = (low > 0.2 * most ? low : 0, high < 0.8 * most ? high : most)
      if !(from < to && to > 0) { (from, to) = (0, most) }
      isCut = from > 0 || to < most
      let ticks = Axis.niceTicks(0, to - from, about: grid.width > 500 ? 12 : 8)
      step = ticks.count > 1 ? ticks[1] : max(1, to - from)
      start = (from / step + 1e-9).rounded(.down) * step
      end = max(start + step, (to / step - 1e-9).rounded(.up) * step)
      self.grid = grid
    }

    func x(_ total: Double) -> Double { grid.left + (total - start) / (end - start) * grid.width }
  }

  static func drawTotals(
    _ nomogram: Nomogram, _ totals: Totals, outcome: String, rows: (total: Double, probability: Double), grid: Grid,
    words: Wording, canvas: inout Canvas
  ) {
    let y = rows.total
    drawLabel(words("Total points"), "", y: y, grid: grid, canvas: &canvas)
    drawBox(y: y, grid: grid, canvas: &canvas)
    let width = totals.x(totals.start + totals.step) - grid.left
    let parts = [10.0, 5, 4, 2].first { width / $0 >= 3.5 } ?? 1
    for index in 0...Int(((totals.end - totals.start) / totals.step * parts).rounded()) {
      let total = totals.start + Double(index) * totals.step / parts
      let x = totals.x(total)
      let isMajor = index % Int(parts) == 0
      if isMajor {
        canvas.line(Point(x, y), Point(x, rows.probability), Stroke("#e1e6eb", 0.7))
        canvas.text(Text.fixed(total, 0), at: Point(x, y - 11), size: 11, anchor: .middle)
      }
      canvas.line(Point(x, y), Point(x, y - (isMajor ? 8 : 4)), Stroke(Palette.ink, 0.8))
    }
    canvas.line(Point(grid.left, y), Point(grid.right, y), Stroke(Palette.ink, 1.3))
    drawProbabilities(nomogram, totals, outcome: outcome, y: rows.probability, grid: grid, canvas: &canvas)
  }

  private static func drawProbabilities(
    _ nomogram: Nomogram, _ totals: Totals, outcome: String, y: Double, grid: Grid, canvas: inout Canvas
  ) {
    drawLabel(outcome, "", y: y, grid: grid, canvas: &canvas)
    drawBox(y: y, grid: grid, canvas: &canvas)
    func column(_ probability: Double) -> Double? {
      let total = nomogram.total(probability: probability)
      return total >= totals.start - 1e-9 && total <= totals.end + 1e-9 ? totals.x(total) : nil
    }
    let (low, high) = (nomogram.probability(total: totals.start), nomogram.probability(total: totals.end))
    canvas.line(Point(grid.left, y), Point(grid.right, y), Stroke(Palette.ink, 1.3))
    var taken: [(left: Double, right: Double)] = []
    func write(_ text: String, at column: Double) {
      let half = TextWidth.of(text, size: 11) / 2
      let centre = min(max(column, grid.left - 20 + half), grid.right + 22 - half)
      guard !taken.contains(where: { centre - half < $0.right + 5 && $0.left - 5 < centre + half }) else { return }
      taken.append((centre - half, centre + half))
      canvas.line(Point(column, y - 4), Point(column, y + 6), Stroke(Palette.ink, 0.9))
      canvas.text(text, at: Point(centre, y + 18), size: 11, anchor: .middle)
    }
    for probability in written {
      guard let column = column(probability) else { continue }
      let nearest = min(probability, 1 - probability)
      write(Text.fixed(probability, nearest < 0.0099 ? 3 : nearest < 0.099 ? 2 : 1), at: column)
    }
    if low < 0.001, column(0.001).map({ $0 - grid.left > 70 }) ?? false { write("<0.001", at: grid.left) }
    if high > 0.999, column(0.999).map({ grid.right - $0 > 70 }) ?? false { write(">0.999", at: grid.right) }
    if taken.count < 2 {
      for (probability, column) in [(low, grid.left), (high, grid.right)] {
        write(Text.fixed(probability, 4), at: column)
      }
    }
    var last = -1.0
    for probability in (1...999).map({ Double($0) / 1000 }) {
      let isFine = probability < 0.1 || probability > 0.9
      guard isFine || Int((probability * 1000).rounded()) % 10 == 0, let column = column(probability),
        column - last >= 3
      else { continue }
      canvas.line(Point(column, y), Point(column, y + 3), Stroke(Palette.ink, 0.7))
      last = column
    }
  }

  /// The probabilities worth writing, the most telling first.
  private static let written = [
    0.5, 0.1, 0.9, 0.3, 0.7, 0.2, 0.8, 0.05, 0.95, 0.01, 0.99, 0.4, 0.6, 0.02, 0.98, 0.001, 0.999, 0.005, 0.995,
  ]
}
