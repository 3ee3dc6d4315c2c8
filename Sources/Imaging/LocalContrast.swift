/// The texture of a picture: what it shows beside its brightness. The picture shrunk to 48 x 48, each pixel less the mean of its
/// surroundings, in units of their standard deviation.
///
/// What all pictures of a probe share (the sector, the fall of brightness with depth) goes, and so do gain, contrast and, nearly,
/// gamma; what stays are the tissue's own borders and the coarser speckle, which no other scan has. Black shows nothing, so that the
/// outline of a sector is no texture either.
public struct LocalContrast: Sendable, Hashable {
  /// Pixels along a side.
  public static let side = 48
  /// Pixels from the middle of the surroundings to their border.
  private static let reach = 6
  /// The same for ``fine``.
  private static let fineReach = 2
  /// Greys added to the deviation, so that the noise of a dark corner does not count as texture.
  private static let floor: Float = 4
  /// Greys that count as black.
  private static let black: UInt8 = 2
  /// Values beyond are cut off: a white cross says no more than a bright reflex.
  private static let limit: Float = 2

  /// 48 x 48 values from -2 to 2, rows from the top, with the outline of a sector: for signatures.
  public let values: [Float]
  /// The same without the black surround of a sector and its outline, where they are 0.
  public let inner: [Float]
  /// As ``inner``, each pixel against its nearest neighbours: speckle and borders without shadows and shapes.
  public let fine: [Float]
  /// Which of ``inner`` and ``fine`` show something.
  public let shown: [Bool]

  /// An image of no pixels counts as black.
  public init(_ image: GreyImage) {
    self.init(shrunk: Self.shrunk(image))
  }

  /// The 48 x 48 grey pixels that `init(shrunk:)` takes: what is to be kept of a picture.
  public static func shrunk(_ image: GreyImage) -> [UInt8] { image.resized(width: side, height: side).pixels }

  /// - shrunk: 2304 bytes; another number of them counts as black.
  public init(shrunk: [UInt8]) {
    let side = Self.side
    let pixels = shrunk.count == side * side ? shrunk : [UInt8](repeating: 0, count: side * side)
    let shown = Self.shown(in: pixels)
    let sums = RunningSums(pixels, shown)
    fine = Self.contrast(of: pixels, where: shown, sums, reach: Self.fineReach)
    inner = Self.contrast(of: pixels, where: shown, sums, reach: Self.reach)
    if shown.contains(false) {
      let everywhere = [Bool](repeating: true, count: pixels.count)
      values = Self.contrast(of: pixels, where: everywhere, RunningSums(pixels, everywhere), reach: Self.reach)
    } else {
      values = inner
    }
    self.shown = shown
  }

  private static func contrast(of pixels: [UInt8], where shown: [Bool], _ sums: RunningSums, reach: Int) -> [Float] {
    var values = [Float](repeating: 0, count: side * side)
    for y in 0..<side {
      let rows = (max(0, y - reach), min(side, y + reach + 1))
      for x in 0..<side where shown[y * side + x] {
        let (area, sum, squares) = sums.over((max(0, x - reach), min(side, x + reach + 1)), rows)
        let mean = sum / area
        let deviation = max(0, squares / area - mean * mean).squareRoot()
        let value = (Float(pixels[y * side + x]) - mean) / (deviation + floor)
        values[y * side + x] = min(max(value, -limit), limit)
      }
    }
    return values
  }

  /// False for black pixels and their neighbours, which may be mixed with black.
  private static func shown(in pixels: [UInt8]) -> [Bool] {
    let isBlack = pixels.map { $0 <= black }
    func spread(_ values: [Bool], step: Int, along place: (Int) -> Int) -> [Bool] {
      values.indices.map { index in
        values[index] || (place(index) > 0 && values[index - step])
          || (place(index) < side - 1 && values[index + step])
      }
    }
    let across = spread(isBlack, step: 1) { $0 % side }
    return spread(across, step: side) { $0 / side }.map { !$0 }
  }

  /// Whether there is anything to be told by: a tenth of the pixels or more differ from their surroundings.
  public var hasTexture: Bool { inner.count { abs($0) > 0.25 } * 10 >= inner.count }

  /// Sums over rectangles in four look-ups: of the pixels shown, of their values and of their squares.
  private struct RunningSums {
    private var sums: [SIMD4<Int32>]

    init(_ pixels: [UInt8], _ shown: [Bool]) {
      let side = LocalContrast.side
      sums = [SIMD4<Int32>](repeating: .zero, count: (side + 1) * (side + 1))
      for y in 0..<side {
        var row = SIMD4<Int32>.zero
        for x in 0..<side {
          if shown[y * side + x] {
            let value = Int32(pixels[y * side + x])
            row &+= SIMD4(1, value, value * value, 0)
          }
          let place = (y + 1) * (side + 1) + x + 1
          sums[place] = sums[place - side - 1] &+ row
        }
      }
    }

    func over(_ columns: (Int, Int), _ rows: (Int, Int)) -> (area: Float, sum: Float, squares: Float) {
      let (top, bottom) = (rows.0 * (LocalContrast.side + 1), rows.1 * (LocalContrast.side + 1))
      let found = sums[bottom + columns.1] &- sums[bottom + columns.0] &- sums[top + columns.1] &+ sums[top + columns.0]
      return (Float(found.x), Float(found.y), Float(found.z))
    }
  }
}
