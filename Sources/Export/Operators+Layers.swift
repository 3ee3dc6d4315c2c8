import Torch

/// Operators with weights, pooling and resizing.
extension Graph {
  func layer(_ one: TracedOperator) throws(ExportError) -> String? {
    switch one.schema {
    case "conv2d", "conv3d": return try convolution(one)
    case "linear": return try linear(one)
    case "batch_norm": return try batchNormalisation(one)
    case "matmul": return emit("MatMul", [try value(of: one.tensor(0)), try value(of: one.tensor(1))])
    default: return nil
    }
  }

  private func convolution(_ one: TracedOperator) throws(ExportError) -> String {
    let weight = try one.tensor(1)
    let padding = try one.integers(4)
    var inputs = [try value(of: one.tensor(0)), try value(of: weight)]
    if let bias = one.optionalTensor(2) { inputs.append(try value(of: bias)) }
    return emit(
      "Conv", inputs,
      [
        .integers("kernel_shape", weight.shape.dropFirst(2).compactMap(\.fixed)),
        .integers("strides", try one.integers(3)), .integers("pads", padding + padding),
        .integers("dilations", try one.integers(5)), .integer("group", try one.integer(6)),
      ], near: inputs[1])
  }

  private func linear(_ one: TracedOperator) throws(ExportError) -> String {
    let (x, weight) = (try one.tensor(0), try value(of: one.tensor(1)))
    var inputs = [try value(of: x), weight]
    let bias = try one.optionalTensor(2).map { (tensor) throws(ExportError) in try value(of: tensor) }
    if x.rank == 2 {
      if let bias { inputs.append(bias) }
      return emit("Gemm", inputs, [.integer("transB", 1)], near: weight)
    }
    let product = emit("MatMul", [inputs[0], emit("Transpose", [weight], [.integers("perm", [1, 0])])], near: weight)
    return bias.map { emit("Add", [product, $0]) } ?? product
  }

  private func batchNormalisation(_ one: TracedOperator) throws(ExportError) -> String {
    guard try !one.bool(5, or: false), let mean = one.optionalTensor(3), let variance = one.optionalTensor(4) else {
      throw one.failure("normalises by the batch")
    }
    let scale = try one.tensor(1)
    let inputs = [
      try value(of: one.tensor(0)), try value(of: scale), try value(of: one.tensor(2)), try value(of: mean),
      try value(of: variance),
    ]
    return emit("BatchNormalization", inputs, [.number("epsilon", try one.number(7))], near: inputs[1])
  }

  // MARK: Pooling

  func pooling(_ one: TracedOperator) throws(ExportError) -> String? {
    switch one.schema {
    case "max_pool2d", "max_pool3d": return try maximum(one)
    case "avg_pool2d", "avg_pool3d":
      let padding = try one.integers(3)
      guard try !one.bool(4, or: false) else { throw one.failure("a last place beyond the edge") }
      return emit(
        "AveragePool", [try value(of: one.tensor(0))],
        [
          .integers("kernel_shape", try one.integers(1)), .integers("strides", try one.integers(2)),
          .integers("pads", padding + padding), .integer("count_include_pad", try one.bool(5, or: true) ? 1 : 0),
        ])
    case "adaptive_avg_pool2d", "adaptive_avg_pool3d": return try adaptiveAverage(one)
    case "adaptive_max_pool2d", "adaptive_max_pool3d": return try adaptiveMaximum(one)
    case "upsample_bilinear2d", "upsample_trilinear3d": return try resize(one, mode: "linear", "half_pixel")
    case "upsample_bicubic2d": return try resize(one, mode: "cubic", "half_pixel")
    case "upsample_nearest2d": return try resize(one, mode: "nearest", "asymmetric")
    default: return nil
    }
  }

  /// A last place beyond the edge is said by the padding at the end, which here is what the result's extents need: runtimes
  /// do not agree with libtorch on where such a place may begin.
  private func maximum(_ one: TracedOperator) throws(ExportError) -> String {
    let x = try one.tensor(0)
    let kernel = try one.integers(1)
    let (stride, before) = (try one.integers(2, or: kernel), try one.integers(3, or: kernel.map { _ in 0 }))
    let dilation = try one.integers(4, or: kernel.map { _ in 1 })
    var after = before
    if try one.bool(5, or: false) {
      let (extents, results) = (x.shape.suffix(kernel.count), one.result.shape.suffix(kernel.count))
      for (axis, pair) in zip(extents, results).enumerated() {
        guard let extent = pair.0.fixed, let result = pair.1.fixed else { throw one.failure("pools over samples") }
        let reach = (result - 1) * stride[axis] + dilation[axis] * (kernel[axis] - 1) + 1
        after[axis] = max(0, reach - extent - before[axis])
      }
    }
    return emit(
      "MaxPool", [try value(of: x)],
      [
        .integers("kernel_shape", kernel), .integers("strides", stride), .integers("pads", before + after),
        .integers("dilations", dilation),
      ])
  }

  /// A plain mean for one part; else one product a dimension with the matrix that averages it, since parts may overlap.
  private func adaptiveAverage(_ one: TracedOperator) throws(ExportError) -> String {
    let x = try one.tensor(0)
    let parts = try one.integers(1)
    var name = try value(of: x)
    guard parts.contains(where: { $0 > 1 }) else { return emit("GlobalAveragePool", [name]) }
    for (axis, extent, count) in try partition(one) {
      // The dimension goes last, is multiplied, and goes back.
      var order = Array(0..<x.rank)
      order.swapAt(axis, x.rank - 1)
      let perm = Onnx_AttributeProto.integers("perm", order)
      let matrix = constant(Self.averaging(extent, to: count), rows: extent)
      name = emit("Transpose", [emit("MatMul", [emit("Transpose", [name], [perm]), matrix])], [perm])
    }
    return name
  }

  /// The dimensions that an adaptive pooling divides, with their extents and numbers of parts.
  private func partition(_ one: TracedOperator) throws(ExportError) -> [(axis: Int, extent: Int, count: Int)] {
    let (x, parts) = (try one.tensor(0), try one.integers(1))
    var divided: [(axis: Int, extent: Int, count: Int)] = []
    for (offset, count) in parts.enumerated() {
      let axis = x.rank - parts.count + offset
      guard let extent = x.shape[axis].fixed else { throw one.failure("pools over samples") }
      if extent != count { divided.append((axis, extent, count)) }
    }
    return divided
  }

  /// Places of the parts that libtorch divides a dimension in: from floor(i e / c) to ceil((i + 1) e / c).
  private static func parts(_ extent: Int, _ count: Int) -> [Range<Int>] {
    (0..<count).map { $0 * extent / count..<(($0 + 1) * extent + count - 1) / count }
  }

  /// [extent, count]: column i averages the i-th part.
  private static func averaging(_ extent: Int, to count: Int) -> [Float] {
    var matrix = [Float](repeating: 0, count: extent * count)
    for (index, part) in parts(extent, count).enumerated() {
      for place in part { matrix[place * count + index] = 1 / Float(part.count) }
    }
    return matrix
  }

  /// One dimension after the other; the greatest of each part side by side.
  private func adaptiveMaximum(_ one: TracedOperator) throws(ExportError) -> String {
    var name = try value(of: one.tensor(0))
    guard try one.integers(1).contains(where: { $0 > 1 }) else { return emit("GlobalMaxPool", [name]) }
    for (axis, extent, count) in try partition(one) {
      let greatest = Self.parts(extent, count).map { part in
        let places = emit("Slice", [name, constant([part.lowerBound]), constant([part.upperBound]), constant([axis])])
        return emit("ReduceMax", [places], [.integers("axes", [axis]), .integer("keepdims", 1)])
      }
      name = emit("Concat", greatest, [.integer("axis", axis)])
    }
    return name
  }

  private func resize(_ one: TracedOperator, mode: String, _ places: String) throws(ExportError) -> String {
    guard try !one.bool(2, or: false) else { throw one.failure("aligned corners") }
    let x = try one.tensor(0)
    let name = try value(of: x)
    let kept = emit("Shape", [name], [.integer("start", 0), .integer("end", 2)])
    let sizes = emit("Concat", [kept, constant(try one.integers(1))], [.integer("axis", 0)])
    var attributes: [Onnx_AttributeProto] = [.text("mode", mode), .text("coordinate_transformation_mode", places)]
    if mode == "nearest" { attributes.append(.text("nearest_mode", "floor")) }
    return emit("Resize", [name, "", "", sizes], attributes)
  }
}
