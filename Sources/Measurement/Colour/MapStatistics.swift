import Foundation
public import Ultrasound

/// What a region of a map says in numbers.
public struct MapStatistics: Sendable, Hashable, Codable {
  /// Pixels of the region that have a value.
  public let pixels: Int
  /// Their part of the region, 0...1.
  public let coverage: Double
  public let unit: ColourUnit
  public let mean: Double
  /// Of the pixels, with n - 1; nil for one pixel.
  public let standardDeviation: Double?
  public let median: Double
  public let minimum: Double
  public let maximum: Double
  /// 5th, 25th, 75th and 95th percentile, between two values on the line (R's type 7).
  public let percentiles: [Int: Double]
  /// Parts of the values at the bar's first and last colours, 0...1.
  public let saturatedFirst: Double
  public let saturatedLast: Double
  /// Median of the pixels' uncertainty.
  public let uncertainty: Double
  /// Of the pixels that have a value; nil where the pixels' size is not known.
  public let squareMillimetres: Double?

  /// - Parameters:
  ///   - region: in pixels of the picture; all of the map where nil.
  ///   - mask: further narrows the region: pixels of a mask of the picture's size.
  ///   - leastCoverage: 0...1; less is refused.
  /// - Throws: `ColourError.coverage`, or `.parameter` where the region lies outside the map.
  public init(
    _ map: ValueMap, in region: PixelBox? = nil, mask: RunLengthMask? = nil, spacing: PixelSpacing? = nil,
    leastCoverage: Double = 0.5
  ) throws(ColourError) {
    let places = try Self.places(map, region, mask)
    let found = places.filter { !map.values[$0].isNaN }
    let coverage = Double(found.count) / Double(max(1, places.count))
    guard !found.isEmpty, coverage >= leastCoverage else { throw .coverage(found: coverage, needed: leastCoverage) }
    let sorted = found.map { Double(map.values[$0]) }.sorted()
    let count = Double(sorted.count)
    let mean = sorted.reduce(0, +) / count
    func share(_ end: ValueMap.Saturation) -> Double {
      Double(found.reduce(0) { $0 + (map.saturation[$1] == end ? 1 : 0) }) / count
    }
    pixels = found.count
    self.coverage = coverage
    unit = map.unit
    self.mean = mean
    standardDeviation =
      sorted.count > 1 ? (sorted.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (count - 1)).squareRoot() : nil
    median = Self.percentile(sorted, 50)
    (minimum, maximum) = (sorted[0], sorted[sorted.count - 1])
    percentiles = Dictionary(uniqueKeysWithValues: [5, 25, 75, 95].map { ($0, Self.percentile(sorted, Double($0))) })
    (saturatedFirst, saturatedLast) = (share(.first), share(.last))
    uncertainty = Self.percentile(found.map { Double(map.uncertainty[$0]) }.sorted(), 50)
    squareMillimetres = spacing.map { count * $0.x * $0.y }
  }

  /// The ratio of the means, as of a lesion's stiffness to that of fat; nil where the reference's mean is 0.
  public func ratio(to reference: MapStatistics) -> Double? {
    reference.mean != 0 && reference.unit == unit ? mean / reference.mean : nil
  }

  private static func places(
    _ map: ValueMap, _ region: PixelBox?, _ mask: RunLengthMask?
  ) throws(ColourError) -> [Int] {
    let box = region ?? map.region
    func range(_ low: Double, _ high: Double, _ start: Double, _ count: Int) -> Range<Int>? {
      guard low.isFinite, high.isFinite else { return nil }
      let first = Int(min(max((low - start).rounded(), 0), Double(count)))
      let last = Int(min(max((high - start).rounded(), 0), Double(count)))
      return first < last ? first..<last : nil
    }
    guard let columns = range(box.x, box.maxX, map.region.x, map.width),
      let rows = range(box.y, box.maxY, map.region.y, map.height)
    else {
      throw .parameter(
        name: "roi", expected: "a box inside \(ColourError.text(map.region))", found: ColourError.text(box))
    }
    let all = rows.flatMap { row in columns.map { row * map.width + $0 } }
    guard let mask else { return all }
    var marked = Set<Int>()
    var (at, isMarked) = (0, false)
    for run in mask.runs {
      if isMarked { for pixel in at..<at + run { marked.insert(pixel) } }
      (at, isMarked) = (at + run, !isMarked)
    }
    let (left, top) = (Int(map.region.x), Int(map.region.y))
    return all.filter { marked.contains((top + $0 / map.width) * mask.width + left + $0 % map.width) }
  }

  private static func percentile(_ sorted: [Double], _ percent: Double) -> Double {
    let place = percent / 100 * Double(sorted.count - 1)
    let low = min(Int(place), sorted.count - 1)
    let high = min(low + 1, sorted.count - 1)
    return sorted[low] + (sorted[high] - sorted[low]) * (place - Double(low))
  }
}
