/// Colours and marks of every figure: the colour-blind safe set of Okabe and Ito, each colour with its own dash and
/// mark, so that a figure is also read in black and white.
package enum Palette {
  /// Latin letters first, then the Chinese of the usual systems: the first font that has a letter sets it.
  package static let font =
    "Helvetica, Arial, 'Liberation Sans', 'DejaVu Sans', 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', "
    + "'WenQuanYi Micro Hei', sans-serif"
  package static let ink = "#1b1f24"
  package static let quiet = "#5b6470"
  package static let grid = "#e3e7ec"
  package static let axis = "#3a424c"
  package static let benign = "#0072b2"
  package static let malignant = "#d55e00"
  package static let main = "#0b3c5d"
  package static let second = "#d55e00"

  package static let chance = Stroke("#8b949e", 1, dash: "4 4")

  /// Okabe and Ito's seven, then five of Tol's muted set.
  private static let series = [
    "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000", "#882255", "#332288", "#999933",
    "#44aa99", "#777777",
  ]
  private static let dashes: [String?] = [
    nil, "7 3", "2 2.5", "9 3 2 3", "4 2", "1 2.5", "12 4", "9 3 2 3 2 3", "3 1.5", "14 3 3 3", "6 6", "1.5 1.5",
  ]

  package static func colour(_ index: Int) -> String { series[abs(index) % series.count] }

  /// Stroke of the `index`-th of several lines; repeats after twelve.
  package static func stroke(_ index: Int, width: Double = 1.4) -> Stroke {
    let place = abs(index) % series.count
    return Stroke(series[place], width, dash: dashes[place])
  }
}
