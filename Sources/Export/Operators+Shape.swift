import Torch

/// Operators that move or make elements.
extension Graph {
  func shaping(_ one: TracedOperator) throws(ExportError) -> String? {
    switch one.schema {
    case "reshape", "flatten.using_ints", "unsqueeze", "squeeze.dim": return try reshape(one)
    case "permute":
      var order: [Int] = []
      for axis in try one.integers(1) { order.append(try dimension(axis, of: one.tensor(0))) }
      return try transpose(one, order)
    case "transpose.int":
      let x = try one.tensor(0)
      var order = Array(0..<x.rank)
      order.swapAt(try dimension(one.integer(1), of: x), try dimension(one.integer(2), of: x))
      return try transpose(one, order)
    case "narrow": return try narrow(one)
    case "flip": return try flip(one)
    case "index_select":
      let axis = try dimension(one.integer(1), of: one.tensor(0))
      return emit("Gather", [try value(of: one.tensor(0)), try value(of: one.tensor(2))], [.integer("axis", axis)])
    case "expand": return try expand(one)
    case "cat":
      let axis = try dimension(one.integer(1, or: 0), of: one.result)
      return emit("Concat", try values(one.list(0), as: one.result.type), [.integer("axis", axis)])
    case "stack":
      let axis = try dimension(one.integer(1, or: 0), of: one.result)
      let parts = try values(one.list(0), as: one.result.type).map { emit("Unsqueeze", [$0, constant([axis])]) }
      return emit("Concat", parts, [.integer("axis", axis)])
    case "constant_pad_nd": return try pad(one, [])
    case "replication_pad2d", "replication_pad3d": return try pad(one, [.text("mode", "edge")])
    case "zeros", "ones":
      return emit(
        "Expand", [try constant(one.schema == "ones" ? 1 : 0, one.result.type), try extents(one.result.shape)])
    default: return nil
    }
  }

  private func values(_ tensors: [TracedTensor], as type: ScalarType) throws(ExportError) -> [String] {
    var names: [String] = []
    for tensor in tensors { names.append(try value(of: tensor, as: type)) }
    return names
  }

  /// By the result's shape: the extent that grows with the samples is the one that the model works out.
  private func reshape(_ one: TracedOperator) throws(ExportError) -> String {
    let growing = one.result.shape.filter { !$0.isFixed }.count
    guard growing <= 1 else { throw one.failure("more than one extent grows with the samples") }
    return emit("Reshape", [try value(of: one.tensor(0)), constant(one.result.shape.map { $0.fixed ?? -1 })])
  }

  private func transpose(_ one: TracedOperator, _ order: [Int]) throws(ExportError) -> String {
    emit("Transpose", [try value(of: one.tensor(0))], [.integers("perm", order)])
  }

  private func narrow(_ one: TracedOperator) throws(ExportError) -> String {
    let x = try one.tensor(0)
    let (axis, start, length) = (try dimension(one.integer(1), of: x), try one.integer(2), try one.integer(3))
    guard start >= 0 else { throw one.failure("counts from the end") }
    // Along the samples, too, where several parts of them lie one behind the other.
    let (from, to) = (try extents([Extent(traced: start)]), try extents([Extent(traced: start + length)]))
    return emit("Slice", [try value(of: x), from, to, constant([axis])])
  }

  private func flip(_ one: TracedOperator) throws(ExportError) -> String {
    let x = try one.tensor(0)
    var axes: [Int] = []
    for axis in try one.integers(1) { axes.append(try dimension(axis, of: x)) }
    guard axes.allSatisfy({ x.shape[$0].isFixed }) else { throw one.failure("reverses the samples") }
    // From the last element to before the first, backwards.
    let (starts, ends) = (axes.map { _ in -1 }, axes.map { _ in -Int(Int32.max) })
    return emit(
      "Slice", [try value(of: x), constant(starts), constant(ends), constant(axes), constant(axes.map { _ in -1 })])
  }

  /// An extent of 1 in the target leaves that of the input, so only extents that grow here depend on the samples.
  private func expand(_ one: TracedOperator) throws(ExportError) -> String {
    let x = try one.tensor(0)
    let before = [Extent](repeating: .fixed(1), count: one.result.rank - x.rank) + x.shape
    let target = zip(before, one.result.shape).map { $0 == $1 ? .fixed(1) : $1 }
    return emit("Expand", [try value(of: x), try extents(target)])
  }

  private func pad(_ one: TracedOperator, _ attributes: [Onnx_AttributeProto]) throws(ExportError) -> String {
    let x = try one.tensor(0)
    let amounts = try one.integers(1)
    // libtorch: (before, after) from the last dimension on; ONNX: all before, then all after, from the first.
    var (before, after) = ([Int](repeating: 0, count: x.rank), [Int](repeating: 0, count: x.rank))
    for pair in 0..<(amounts.count / 2) where pair < x.rank {
      before[x.rank - 1 - pair] = amounts[2 * pair]
      after[x.rank - 1 - pair] = amounts[2 * pair + 1]
    }
    return emit("Pad", [try value(of: x), constant(before + after)], attributes)
  }
}
