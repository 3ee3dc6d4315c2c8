import Foundation

/// The dotted, dashed or thin lines from one cross to another.
struct CaliperLines {
  let planes: PicturePlanes

  /// Pixels that a line's dots cover, where one is there; nil where none is.
  ///
  /// A line is there where the brightness on it stands out against both sides, in at least `least` of the windows of 6 pixels
  /// along it: dots leave no window empty.
  func line(from start: (x: Int, y: Int), to end: (x: Int, y: Int), clear: Int, least: Double = 0.8) -> [Int]? {
    let (dx, dy) = (Double(end.x - start.x), Double(end.y - start.y))
    let length = (dx * dx + dy * dy).squareRoot()
    guard length >= Double(2 * clear + 8) else { return nil }
    let (ux, uy) = (dx / length, dy / length)
    var contrast: [Double] = []
    for place in stride(from: Double(clear), to: length - Double(clear), by: 1) {
      let (x, y) = (Double(start.x) + ux * place, Double(start.y) + uy * place)
      contrast.append(standing(x, y, ux, uy))
    }
    let window = 6
    guard contrast.count >= 2 * window else { return nil }
    let windows = stride(from: 0, through: contrast.count - window, by: window / 2).map { first in
      contrast[first..<first + window].max() ?? 0
    }
    let marked = windows.filter { $0 >= 22 }.count
    guard Double(marked) >= least * Double(windows.count) else { return nil }
    var pixels: Set<Int> = []
    for place in stride(from: 0, through: length, by: 0.5) {
      let (x, y) = (Double(start.x) + ux * place, Double(start.y) + uy * place)
      for side in [-1.0, 0, 1] {
        let (column, row) = (Int((x - uy * side).rounded()), Int((y + ux * side).rounded()))
        if planes.at(column, row) != nil { pixels.insert(row * planes.width + column) }
      }
    }
    return pixels.sorted()
  }

  /// How much brighter the line (within a pixel) is than both its sides.
  private func standing(_ x: Double, _ y: Double, _ ux: Double, _ uy: Double) -> Double {
    func value(_ side: Double) -> Double {
      planes.at(Int((x - uy * side).rounded()), Int((y + ux * side).rounded())).map(Double.init) ?? 255
    }
    let on = max(value(-1), value(0), value(1))
    let left = (value(-3) + value(-4)) / 2
    let right = (value(3) + value(4)) / 2
    return on - max(left, right)
  }
}
