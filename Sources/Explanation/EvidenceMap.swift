public import Torch
public import Ultrasound

/// What each cell of a feature map adds to a logit, signed.
///
/// Where the head is pooling and one linear layer, the cells' sum and the layer's bias are the logit: the values are log odds.
public struct EvidenceMap: Sendable, Equatable {
  public let rows: Int
  public let columns: Int
  /// rows x columns, from the top.
  public let values: [Float]

  public init(rows: Int, columns: Int, values: [Float]) throws(TorchError) {
    guard rows > 0, columns > 0, values.count == rows * columns else {
      throw .argument("evidence map: \(values.count) values do not fill \(rows) x \(columns) cells")
    }
    guard values.allSatisfy(\.isFinite) else {
      throw .argument("evidence map: it holds values that are not finite")
    }
    (self.rows, self.columns, self.values) = (rows, columns, values)
  }

  /// The maps of [N, rows, columns].
  static func maps(_ tensor: Tensor) throws(TorchError) -> [EvidenceMap] {
    let shape = try tensor.shape
    let all: [Float] = try tensor.to(.float32).scalars()
    let cells = shape[1] * shape[2]
    var maps: [EvidenceMap] = []
    for start in stride(from: 0, to: all.count, by: cells) {
      maps.append(
        try EvidenceMap(rows: shape[1], columns: shape[2], values: Array(all[start..<(start + cells)])))
    }
    return maps
  }

  /// The mean of this map and that of the mirror image, turned back: the evidence of a score that is the mean of the two.
  func averaged(withMirror mirror: EvidenceMap) -> EvidenceMap? {
    guard rows == mirror.rows, columns == mirror.columns else { return nil }
    var mean = values
    for row in 0..<rows {
      for column in 0..<columns {
        mean[row * columns + column] += mirror.values[row * columns + columns - 1 - column]
        mean[row * columns + column] /= 2
      }
    }
    return try? EvidenceMap(rows: rows, columns: columns, values: mean)
  }

  /// Evidence for `call`, still signed: the values of a malignant call, the negated ones of a benign call.
  func towards(_ call: Label) -> [Float] { call == .malignant ? values : values.map { -$0 } }

  /// The evidence for `call` alone (Grad-CAM's rectifier), enlarged bilinearly to a picture's size.
  public func heat(for call: Label, rows: Int, columns: Int) throws(TorchError) -> HeatMap {
    let enlarged = try enlarged(towards(call).map { max(0, $0) }, rows: rows, columns: columns)
    let scale = enlarged.max() ?? 0
    return HeatMap(
      call: call, rows: rows, columns: columns,
      values: scale > 0 ? enlarged.map { min(1, max(0, $0 / scale)) } : enlarged,
      scale: scale)
  }

  /// `values` of this map's shape, enlarged bilinearly.
  func enlarged(_ values: [Float], rows: Int, columns: Int) throws(TorchError) -> [Float] {
    try withoutGradients { () throws(TorchError) in
      try Tensor(values, shape: [1, 1, self.rows, self.columns]).resized(rows: rows, columns: columns).scalars()
    }
  }
}

/// Where a picture speaks for a call, over its pixels.
public struct HeatMap: Sendable, Equatable {
  public let call: Label
  public let rows: Int
  public let columns: Int
  /// rows x columns from the top, 0...1: 1 where the evidence is strongest; all 0 where nothing speaks for the call.
  public let values: [Float]
  /// The evidence at 1: log odds a cell of the feature map for networks whose head is linear.
  public let scale: Float
}
