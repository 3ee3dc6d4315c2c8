import Torch

/// What each traced operator becomes.
extension Graph {
  /// Appends what `one` becomes and gives the name of its result.
  func value(of one: TracedOperator) throws(ExportError) -> String {
    if let name = try sameValue(one) { return name }
    if let name = try arithmetic(one) { return name }
    if let name = try reduction(one) { return name }
    if let name = try shaping(one) { return name }
    if let name = try layer(one) { return name }
    if let name = try pooling(one) { return name }
    throw one.failure(one.schema.contains("_.") || one.schema.hasSuffix("_") ? "works in place" : "has no counterpart")
  }

  /// Memory order, device and gradient mean nothing in a graph.
  private func sameValue(_ one: TracedOperator) throws(ExportError) -> String? {
    switch one.schema {
    case "contiguous", "detach", "clone", "to.dtype_layout", "to.dtype":
      return try value(of: one.tensor(0), as: one.result.type)
    default: return nil
    }
  }

  /// A tensor's value, converted where it has another type.
  func value(of tensor: TracedTensor, as type: ScalarType) throws(ExportError) -> String {
    let name = try value(of: tensor)
    return tensor.type == type ? name : emit("Cast", [name], [.integer("to", type.dataType.rawValue)])
  }

  // MARK: Element by element

  private func arithmetic(_ one: TracedOperator) throws(ExportError) -> String? {
    if let type = Self.plain[one.schema] { return emit(type, [try value(of: one.tensor(0), as: one.result.type)]) }
    switch one.schema {
    case "add.Tensor", "sub.Tensor", "mul.Tensor", "div.Tensor", "pow.Tensor_Tensor":
      let (left, right) = (try one.tensor(0), try one.tensor(1))
      return emit(
        Self.operation(one), [try value(of: left, as: one.result.type), try value(of: right, as: one.result.type)])
    case "add.Scalar", "mul.Scalar", "div.Scalar", "pow.Tensor_Scalar":
      let x = try value(of: one.tensor(0), as: one.result.type)
      return emit(Self.operation(one), [x, try constant(one.number(1), one.result.type)])
    case "lt.Scalar", "gt.Scalar":
      let x = try one.tensor(0)
      return emit(
        one.schema == "lt.Scalar" ? "Less" : "Greater", [try value(of: x), try constant(one.number(1), x.type)])
    case "eq.Tensor":
      let (left, right) = (try one.tensor(0), try one.tensor(1))
      return emit("Equal", [try value(of: left), try value(of: right, as: left.type)])
    case "where.self":
      let type = one.result.type
      return emit(
        "Where",
        [
          try value(of: one.tensor(0)), try value(of: one.tensor(1), as: type), try value(of: one.tensor(2), as: type),
        ])
    case "clamp": return try clip(one, one.number(1)...one.number(2))
    case "relu6": return try clip(one, 0...6)
    case "silu":
      let x = try value(of: one.tensor(0))
      return emit("Mul", [x, emit("Sigmoid", [x])])
    case "log_sigmoid":
      let x = try value(of: one.tensor(0))
      return emit("Neg", [emit("Softplus", [emit("Neg", [x])])])
    case "gelu":
      let (x, type) = (try value(of: one.tensor(0)), one.result.type)
      let error = emit("Erf", [emit("Mul", [x, try constant(0.5.squareRoot(), type)])])
      let half = emit("Mul", [x, try constant(0.5, type)])
      return emit("Mul", [half, emit("Add", [error, try constant(1, type)])])
    case "softmax.int", "log_softmax.int":
      let axis = try dimension(one.integer(1), of: one.tensor(0))
      return emit(
        one.schema == "softmax.int" ? "Softmax" : "LogSoftmax", [try value(of: one.tensor(0))],
        [.integer("axis", axis)])
    default: return nil
    }
  }

  private static let plain = [
    "relu": "Relu", "sigmoid": "Sigmoid", "tanh": "Tanh", "softplus": "Softplus", "exp": "Exp", "log": "Log",
    "sqrt": "Sqrt", "abs": "Abs", "sin": "Sin", "cos": "Cos",
  ]

  private static func operation(_ one: TracedOperator) -> String {
    switch one.schema.prefix(3) {
    case "add": "Add"
    case "sub": "Sub"
    case "mul": "Mul"
    case "div": "Div"
    default: "Pow"
    }
  }

  private func clip(_ one: TracedOperator, _ range: ClosedRange<Double>) throws(ExportError) -> String {
    let type = one.result.type
    return emit(
      "Clip",
      [
        try value(of: one.tensor(0), as: type), try constant(range.lowerBound, type),
        try constant(range.upperBound, type),
      ])
  }

  // MARK: Reduction

  private func reduction(_ one: TracedOperator) throws(ExportError) -> String? {
    switch one.schema {
    case "sum", "sum.dim_IntList": return try sum(one, isTotal: one.schema == "sum")
    case "mean": return try reduce("ReduceMean", one, over: nil)
    case "max": return try reduce("ReduceMax", one, over: nil)
    case "min": return try reduce("ReduceMin", one, over: nil)
    case "mean.dim": return try reduce("ReduceMean", one, over: one.integers(1))
    case "amax": return try reduce("ReduceMax", one, over: one.integers(1))
    case "logsumexp": return try reduce("ReduceLogSumExp", one, over: one.integers(1))
    case "amin": return try reduce("ReduceMin", one, over: one.integers(1))
    case "argmax":
      let axis = try dimension(one.integer(1), of: one.tensor(0))
      return emit("ArgMax", [try value(of: one.tensor(0))], [.integer("axis", axis), .integer("keepdims", 0)])
    default: return nil
    }
  }

  private func reduce(_ type: String, _ one: TracedOperator, over dimensions: [Int]?) throws(ExportError) -> String {
    let x = try one.tensor(0)
    var attributes = [Onnx_AttributeProto.integer("keepdims", dimensions == nil ? 0 : try keeps(one))]
    if let dimensions {
      var axes: [Int] = []
      for axis in dimensions { axes.append(try dimension(axis, of: x)) }
      attributes.append(.integers("axes", axes))
    }
    return emit(type, [try value(of: x, as: one.result.type)], attributes)
  }

  /// The one reduction whose axes are a value in this operator set.
  private func sum(_ one: TracedOperator, isTotal: Bool) throws(ExportError) -> String {
    let x = try one.tensor(0)
    var inputs = [try value(of: x, as: one.result.type)]
    if !isTotal {
      var axes: [Int] = []
      for axis in try one.integers(1) { axes.append(try dimension(axis, of: x)) }
      inputs.append(constant(axes))
    }
    return emit("ReduceSum", inputs, [.integer("keepdims", isTotal ? 0 : try keeps(one))])
  }

  private func keeps(_ one: TracedOperator) throws(ExportError) -> Int { try one.bool(2, or: false) ? 1 : 0 }

  /// Counted from the front.
  func dimension(_ number: Int, of tensor: TracedTensor) throws(ExportError) -> Int {
    let counted = number < 0 ? number + tensor.rank : number
    guard (0..<max(1, tensor.rank)).contains(counted) else {
      throw .notExpressible(operator: "dimension", reason: "\(number) of a tensor of rank \(tensor.rank)")
    }
    return counted
  }
}
