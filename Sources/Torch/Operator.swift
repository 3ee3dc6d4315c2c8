import CTorch

/// An argument of an ATen operator.
public enum OperatorArgument {
  case none
  case tensor(Tensor)
  case tensors([Tensor])
  case integer(Int)
  case integers([Int])
  case number(Double)
  case bool(Bool)
  case generator(Generator)
  case device(Device)
  case type(ScalarType)
  case format(MemoryFormat)

  static func optional(_ tensor: Tensor?) -> OperatorArgument { tensor.map(OperatorArgument.tensor) ?? .none }
}

/// One ATen operator, found by its schema name once and then called through libtorch's dispatcher.
///
/// Arguments come in the schema's order; trailing ones that have defaults may be left out.
struct Operator: @unchecked Sendable {
  private let name: String
  private let overload: String
  // The handle points into libtorch's own table, which never moves.
  private let found: Result<ct_operator, TorchError>

  init(_ name: String, _ overload: String = "") {
    (self.name, self.overload) = (name, overload)
    found = Self.find("aten::" + name, overload)
  }

  private static func find(_ name: String, _ overload: String) -> Result<ct_operator, TorchError> {
    do throws(TorchError) {
      let engine = try Engine.get()
      var handle: ct_operator?
      try engine.check(engine.functions.pointee.operator_find(name, overload, &handle))
      guard let handle else { return .failure(.operation("\(name): not found")) }
      return .success(handle)
    } catch {
      return .failure(error)
    }
  }

  /// The single tensor the operator gives.
  func callAsFunction(_ arguments: OperatorArgument...) throws(TorchError) -> Tensor {
    let results = try call(arguments)
    guard results.count == 1, let result = results.first else {
      throw .operation("expected 1 result, found \(results.count)")
    }
    return result
  }

  /// Every tensor the operator gives.
  func all(_ arguments: OperatorArgument...) throws(TorchError) -> [Tensor] { try call(arguments) }

  private static let capacity = 1024

  private func call(_ arguments: [OperatorArgument]) throws(TorchError) -> [Tensor] {
    let engine = try Engine.get()
    let handle = try found.get()
    let packed = PackedArguments(arguments)
    var written: Int32 = 0
    var status: ct_status = 0
    var tensors: [Tensor] = []
    // Most operators give one result, few more than three; foreach operators one a parameter.
    let capacity = arguments.contains { if case .tensors = $0 { true } else { false } } ? Self.capacity : 8
    withUnsafeTemporaryAllocation(of: ct_value.self, capacity: capacity) { results in
      packed.withValues { values in
        status = engine.functions.pointee.operator_call(
          handle, values.baseAddress, Int32(values.count), results.baseAddress, Int32(capacity), &written)
      }
      for result in results.prefix(Int(written)) where result.kind == Int32(CT_VALUE_TENSOR) {
        if let pointer = result.pointer { tensors.append(Tensor(owning: OpaquePointer(pointer))) }
      }
    }
    // The arguments' handles must outlive the call.
    withExtendedLifetime(arguments) {}
    try engine.check(status)
    Trace.record(name, overload, arguments, tensors)
    return tensors
  }
}

/// Arguments laid out as C sees them, with every list in one buffer that stays in place during the call.
private struct PackedArguments {
  private var values: [ct_value] = []
  private var integers: [Int64] = []
  private var handles: [ct_tensor?] = []

  init(_ arguments: [OperatorArgument]) {
    values.reserveCapacity(arguments.count)
    for argument in arguments { append(argument) }
  }

  private mutating func append(_ argument: OperatorArgument) {
    var value = ct_value()
    switch argument {
    case .none: value.kind = Int32(CT_VALUE_NONE)
    case .tensor(let tensor):
      value.kind = Int32(CT_VALUE_TENSOR)
      value.pointer = UnsafeRawPointer(tensor.handle)
    case .tensors(let list):
      value.kind = Int32(CT_VALUE_TENSORS)
      (value.integer, value.count) = (Int64(handles.count), Int32(list.count))
      handles.append(contentsOf: list.map { $0.handle })
    case .integer(let number): (value.kind, value.integer) = (Int32(CT_VALUE_INTEGER), Int64(number))
    case .type(let type): (value.kind, value.integer) = (Int32(CT_VALUE_INTEGER), Int64(type.rawValue))
    case .format(let format): (value.kind, value.integer) = (Int32(CT_VALUE_INTEGER), Int64(format.rawValue))
    case .integers(let list):
      value.kind = Int32(CT_VALUE_INTEGERS)
      (value.integer, value.count) = (Int64(integers.count), Int32(list.count))
      integers.append(contentsOf: list.map(Int64.init))
    case .number(let number): (value.kind, value.number) = (Int32(CT_VALUE_NUMBER), number)
    case .bool(let flag): (value.kind, value.integer) = (Int32(CT_VALUE_BOOL), flag ? 1 : 0)
    case .generator(let generator):
      value.kind = Int32(CT_VALUE_GENERATOR)
      value.pointer = UnsafeRawPointer(generator.handle)
    case .device(let device):
      (value.kind, value.integer, value.count) = (Int32(CT_VALUE_DEVICE), Int64(device.kind), device.index)
    }
    values.append(value)
  }

  /// Gives the values with their list offsets turned into addresses.
  func withValues(_ body: (UnsafeMutableBufferPointer<ct_value>) -> Void) {
    var values = values
    integers.withUnsafeBufferPointer { integers in
      handles.withUnsafeBufferPointer { handles in
        values.withUnsafeMutableBufferPointer { values in
          for index in values.indices {
            let offset = Int(values[index].integer)
            if values[index].kind == Int32(CT_VALUE_INTEGERS) {
              values[index].pointer = integers.baseAddress.map { UnsafeRawPointer($0 + offset) }
            } else if values[index].kind == Int32(CT_VALUE_TENSORS) {
              values[index].pointer = handles.baseAddress.map { UnsafeRawPointer($0 + offset) }
            }
          }
          body(values)
        }
      }
    }
  }
}
