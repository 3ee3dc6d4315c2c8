import Foundation

/// A plane of complex numbers whose sides are powers of two, and its discrete Fourier transform.
struct FourierPlane: Sendable {
  let width: Int
  let height: Int
  var real: [Double]
  var imaginary: [Double]

  /// - Precondition: both sides are powers of two and `real` fills them.
  init(width: Int, height: Int, real: [Double]) {
    precondition(width.nonzeroBitCount == 1 && height.nonzeroBitCount == 1 && real.count == width * height)
    (self.width, self.height, self.real) = (width, height, real)
    imaginary = [Double](repeating: 0, count: real.count)
  }

  static func side(holding length: Int) -> Int {
    var side = 1
    while side < length { side *= 2 }
    return side
  }

  /// In place; the inverse is not divided by the number of values.
  mutating func transform(inverse: Bool = false) {
    let (width, height) = (width, height)
    let (rows, columns) = (Radix2(width, inverse: inverse), Radix2(height, inverse: inverse))
    real.withUnsafeMutableBufferPointer { real in
      imaginary.withUnsafeMutableBufferPointer { imaginary in
        for row in 0..<height { rows.run(real, imaginary, start: row * width, step: 1, lanes: 1) }
        columns.run(real, imaginary, start: 0, step: width, lanes: width)
      }
    }
  }
}

/// Cooley and Tukey's transform of a power of two of values.
private struct Radix2 {
  let count: Int
  let cosines: [Double]
  let sines: [Double]
  let order: [Int]

  init(_ count: Int, inverse: Bool) {
    self.count = count
    let sign = inverse ? 1.0 : -1.0
    let angles = (0..<max(1, count / 2)).map { 2 * Double.pi * Double($0) / Double(count) }
    (cosines, sines) = (angles.map { cos($0) }, angles.map { sign * sin($0) })
    let bits = count.trailingZeroBitCount
    order = (0..<count).map { index in
      (0..<bits).reduce(0) { $0 | ((index >> $1) & 1) << (bits - 1 - $1) }
    }
  }

  /// Transforms `lanes` neighbouring series at once, whose values stand `step` apart.
  func run(
    _ real: UnsafeMutableBufferPointer<Double>, _ imaginary: UnsafeMutableBufferPointer<Double>, start: Int, step: Int,
    lanes: Int
  ) {
    for index in 0..<count where order[index] > index {
      let (one, other) = (start + index * step, start + order[index] * step)
      for lane in 0..<lanes {
        real.swapAt(one + lane, other + lane)
        imaginary.swapAt(one + lane, other + lane)
      }
    }
    var half = 1
    while half < count {
      let stride = count / (2 * half)
      for block in Swift.stride(from: 0, to: count, by: 2 * half) {
        for at in 0..<half {
          let (low, high) = (start + (block + at) * step, start + (block + at + half) * step)
          let (c, s) = (cosines[at * stride], sines[at * stride])
          for lane in 0..<lanes {
            let (l, h) = (low + lane, high + lane)
            let (re, im) = (real[h] * c - imaginary[h] * s, real[h] * s + imaginary[h] * c)
            (real[h], imaginary[h]) = (real[l] - re, imaginary[l] - im)
            (real[l], imaginary[l]) = (real[l] + re, imaginary[l] + im)
          }
        }
      }
      half *= 2
    }
  }
}
