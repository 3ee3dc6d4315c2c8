import NN
import Torch

/// Weights from a formula, the same as in Tools/golden/networks.py, so that no weight file need be kept.
enum FormulaWeights {
  /// Uniform numbers in [0, 1) from a name.
  static func unit(_ name: String, _ count: Int, _ scale: (Double) -> Double) -> [Float] {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    // value = low + slope * u; scale is linear.
    let (low, slope) = (scale(0), scale(1) - scale(0))
    return [Float](unsafeUninitializedCapacity: count) { buffer, initialized in
      for index in 0..<count {
        var x = UInt64(index) &* 0x9E37_79B9_7F4A_7C15 &+ hash
        x ^= x >> 32
        x = x &* 0xD6E8_FEB8_6659_FD93
        x ^= x >> 32
        buffer[index] = Float(low + slope * Double(x >> 40) * 0x1p-24)
      }
      initialized = count
    }
  }

  /// Larger weights repeat themselves, which is quicker.
  private static let period = 1 << 22

  static func fill(_ parameters: Parameters) throws {
    for name in parameters.names where !name.hasSuffix("num_batches_tracked") {
      guard let tensor = parameters[name] else { continue }
      let values = try values(name, tensor.shape)
      try withoutGradients { () throws(TorchError) in try tensor.copy(from: values) }
    }
  }

  static func values(_ name: String, _ shape: [Int]) throws(TorchError) -> Tensor {
    let total = shape.reduce(1, *)
    let count = min(total, period)
    let values: [Float]
    if shape.count >= 2 {
      let spread = (24 / Double(total / shape[0])).squareRoot()
      values = unit(name, count) { ($0 - 0.5) * spread }
    } else if name.hasSuffix("running_var") {
      values = unit(name, count) { 0.5 + $0 }
    } else if name.hasSuffix("weight") {
      values = unit(name, count) { 0.75 + 0.5 * $0 }
    } else {
      values = unit(name, count) { ($0 - 0.5) * 0.2 }
    }
    let once = try Tensor(values, shape: [count])
    guard total > count else { return try once.reshaped(shape) }
    let several = try Tensor.concatenated([Tensor](repeating: once, count: (total + count - 1) / count))
    return try several.narrowed(0, from: 0, length: total).reshaped(shape)
  }
}
