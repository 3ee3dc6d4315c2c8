import CTorch

/// A scalar type Swift and libtorch share.
public protocol TensorScalar: BitwiseCopyable, Sendable {
  static var scalarType: ScalarType { get }
}
extension Float: TensorScalar { public static var scalarType: ScalarType { .float32 } }
extension Double: TensorScalar { public static var scalarType: ScalarType { .float64 } }
extension UInt8: TensorScalar { public static var scalarType: ScalarType { .uint8 } }
extension Int8: TensorScalar { public static var scalarType: ScalarType { .int8 } }
extension Int16: TensorScalar { public static var scalarType: ScalarType { .int16 } }
extension Int32: TensorScalar { public static var scalarType: ScalarType { .int32 } }
extension Int64: TensorScalar { public static var scalarType: ScalarType { .int64 } }

/// One libtorch tensor. Owns its handle and frees it when the last reference goes; not `Sendable`, since libtorch lets two
/// threads change one tensor at once.
public final class Tensor {
  let handle: ct_tensor

  /// Takes over a handle (+1).
  init(owning handle: ct_tensor) { self.handle = handle }

  deinit { Engine.current?.functions.pointee.tensor_free(handle) }

  /// A tensor of `shape` on the CPU with a copy of `scalars` in row-major order.
  public convenience init<Scalar: TensorScalar>(_ scalars: [Scalar], shape: [Int]) throws(TorchError) {
    try self.init(bytesOf: scalars, shape: shape, type: Scalar.scalarType)
  }

  /// One number, of rank 0.
  public convenience init(scalar: Float) throws(TorchError) { try self.init([scalar], shape: []) }

  convenience init<Element: BitwiseCopyable>(bytesOf scalars: [Element], shape: [Int], type: ScalarType)
    throws(TorchError)
  {
    let engine = try Engine.get()
    var handle: ct_tensor?
    let status = scalars.withUnsafeBytes { bytes in
      shape.map(Int64.init).withUnsafeBufferPointer { extents in
        engine.functions.pointee.tensor_from_data(
          bytes.baseAddress, bytes.count, extents.baseAddress, Int32(shape.count), type.rawValue, &handle)
      }
    }
    try engine.check(status)
    guard let handle else { throw .operation("tensor from data: no tensor") }
    self.init(owning: handle)
  }

  private var info: ct_tensor_info {
    get throws(TorchError) {
      let engine = try Engine.get()
      var info = ct_tensor_info()
      try engine.check(engine.functions.pointee.tensor_info(handle, &info))
      return info
    }
  }

  /// Extents, outermost first; empty for a single number.
  public var shape: [Int] {
    get throws(TorchError) {
      let info = try info
      return withUnsafeBytes(of: info.shape) { bytes in
        bytes.bindMemory(to: Int64.self).prefix(Int(info.rank)).map(Int.init)
      }
    }
  }

  public var scalarType: ScalarType {
    get throws(TorchError) {
      let raw = try info.scalar_type
      guard let type = ScalarType(rawValue: raw) else { throw .operation("scalar type \(raw) is not supported") }
      return type
    }
  }

  public var device: Device {
    get throws(TorchError) {
      let info = try info
      switch info.device {
      case Int32(CT_CUDA): return .cuda(Int(info.device_index))
      case Int32(CT_META): return .meta
      default: return .cpu
      }
    }
  }

  public var requiresGradient: Bool { get throws(TorchError) { try info.requires_gradient } }

  /// The scalars in row-major order, copied to the CPU. Throws if `Scalar` is not the tensor's type.
  public func scalars<Scalar: TensorScalar>(_ type: Scalar.Type = Scalar.self) throws(TorchError) -> [Scalar] {
    let found = try scalarType
    guard found == Scalar.scalarType else {
      throw .argument("scalars: tensor holds \(found), asked for \(Scalar.scalarType)")
    }
    return try copied(as: Scalar.self)
  }

  /// The raw bytes in row-major order, whatever the type.
  public func bytes() throws(TorchError) -> [UInt8] { try copied(as: UInt8.self) }

  private func copied<Element: BitwiseCopyable>(as type: Element.Type) throws(TorchError) -> [Element] {
    let engine = try Engine.get()
    let count = try shape.reduce(1, *) * scalarType.size / MemoryLayout<Element>.stride
    var status: ct_status = 0
    let result = [Element](unsafeUninitializedCapacity: count) { buffer, initialized in
      status = engine.functions.pointee.tensor_copy_out(
        handle, buffer.baseAddress, count * MemoryLayout<Element>.stride)
      initialized = status == 0 ? count : 0
    }
    try engine.check(status)
    return result
  }

  /// The only number of a tensor of one element.
  public func item() throws(TorchError) -> Double {
    let values: [Double] = try to(.float64).scalars()
    guard values.count == 1, let value = values.first else {
      throw .argument("item: expected 1 element, found \(values.count)")
    }
    return value
  }

  // MARK: Gradients

  /// Back-propagates from this single number into the `gradient` of every leaf that requires one.
  public func backward() throws(TorchError) {
    let engine = try Engine.get()
    try engine.check(engine.functions.pointee.backward(handle))
  }

  /// What `backward` has summed here, or nil.
  public var gradient: Tensor? {
    get throws(TorchError) {
      let engine = try Engine.get()
      var gradient: ct_tensor?
      try engine.check(engine.functions.pointee.gradient(handle, &gradient))
      return gradient.map(Tensor.init(owning:))
    }
  }

  public func clearGradient() throws(TorchError) {
    let engine = try Engine.get()
    try engine.check(engine.functions.pointee.clear_gradient(handle))
  }

  public func setRequiresGradient(_ value: Bool) throws(TorchError) {
    let engine = try Engine.get()
    try engine.check(engine.functions.pointee.set_requires_gradient(handle, value))
  }
}

/// Hands tensors from one thread to another. Sound as long as the sender keeps no reference, which the type cannot check:
/// use it where a value is made, sent and forgotten.
public struct Handover<Content>: @unchecked Sendable {
  public let content: Content
  public init(_ content: Content) { self.content = content }
}
