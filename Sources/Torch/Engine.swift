import CTorch

/// The table of C functions, loaded once on first use.
struct Engine: @unchecked Sendable {
  // Immutable after loading; every function in it may be called from any thread.
  let functions: UnsafePointer<ct_api>

  private static let loaded: Result<Engine, TorchError> = {
    var message = [CChar](repeating: 0, count: 4096)
    guard let functions = ct_load(nil, &message, message.count) else {
      let bytes = message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
      return .failure(.unavailable(String(decoding: bytes, as: UTF8.self)))
    }
    return .success(Engine(functions: functions))
  }()

  static func get() throws(TorchError) -> Engine { try loaded.get() }

  /// For `deinit` only: whoever holds a handle has loaded the engine.
  static var current: Engine? { try? loaded.get() }

  static func text(_ characters: UnsafePointer<CChar>?) -> String { characters.map { String(cString: $0) } ?? "" }

  func check(_ status: ct_status) throws(TorchError) {
    guard status != 0 else { return }
    if let failure = functions.pointee.last_failure() {
      throw Unmanaged<SegmentFailure>.fromOpaque(failure).takeUnretainedValue().error
    }
    throw .operation(Self.text(functions.pointee.last_error()))
  }
}

/// The machine libtorch runs on.
public enum Machine {
  /// Version of the libtorch in use, such as `2.13.0`.
  public static func libtorchVersion() throws(TorchError) -> String {
    Engine.text(try Engine.get().functions.pointee.libtorch_version())
  }

  /// Threads one operator may use on the CPU. Results repeat to the bit only at the same count.
  public static func threads() throws(TorchError) -> Int { Int(try Engine.get().functions.pointee.threads()) }

  public static func setThreads(_ count: Int) throws(TorchError) {
    guard (1...1024).contains(count) else { throw .argument("threads: expected 1 to 1024, found \(count)") }
    try Engine.get().functions.pointee.set_threads(Int32(count))
  }

  public static func cudaDevices() throws(TorchError) -> Int {
    Int(try Engine.get().functions.pointee.cuda_device_count())
  }

  /// Waits until the device has done what it was given. On the CPU nothing is ever outstanding.
  public static func synchronize(_ device: Device) throws(TorchError) {
    let engine = try Engine.get()
    try engine.check(engine.functions.pointee.synchronize(device.kind))
  }

  /// Lets the process keep freed memory for the next step instead of giving it back to the system.
  public static func keepMemory() throws(TorchError) { try Engine.get().functions.pointee.keep_memory() }
}

/// Where a tensor lives.
public enum Device: Sendable, Hashable, CustomStringConvertible {
  case cpu
  case cuda(Int)
  /// Shapes and types only: no scalars, no memory, no arithmetic. For tracing what a network does (``Trace``).
  case meta

  /// `cpu`, `cuda` or `cuda:1`; `auto` takes the first GPU where there is one.
  public init(named name: String) throws(TorchError) {
    let devices = try Machine.cudaDevices()
    switch name {
    case "cpu": self = .cpu
    case "auto": self = devices > 0 ? .cuda(0) : .cpu
    default:
      let index = name == "cuda" ? 0 : name.hasPrefix("cuda:") ? Int(name.dropFirst(5)) : nil
      guard let index else { throw .argument("device: expected cpu, auto, cuda or cuda:N, found \(name)") }
      guard (0..<devices).contains(index) else {
        throw .argument("device \(name): this machine has \(devices) CUDA device\(devices == 1 ? "" : "s")")
      }
      self = .cuda(index)
    }
  }

  var kind: Int32 {
    switch self {
    case .cpu: Int32(CT_CPU)
    case .cuda: Int32(CT_CUDA)
    case .meta: Int32(CT_META)
    }
  }
  var index: Int32 { if case .cuda(let index) = self { Int32(index) } else { 0 } }
  public var description: String {
    switch self {
    case .cpu: "cpu"
    case .cuda(let index): "cuda:\(index)"
    case .meta: "meta"
    }
  }
}

/// Types of a tensor's scalars. Raw values are libtorch's.
public enum ScalarType: Int32, Sendable, Hashable, CaseIterable {
  case uint8 = 0
  case int8 = 1
  case int16 = 2
  case int32 = 3
  case int64 = 4
  case float16 = 5
  case float32 = 6
  case float64 = 7
  case bool = 11
  case bfloat16 = 15

  /// Bytes of one scalar.
  public var size: Int {
    switch self {
    case .uint8, .int8, .bool: 1
    case .int16, .float16, .bfloat16: 2
    case .int32, .float32: 4
    case .int64, .float64: 8
    }
  }
}

/// Order of a tensor's scalars in memory.
public enum MemoryFormat: Int, Sendable {
  case contiguous = 0
  case channelsLast = 2
  case channelsLast3D = 3
}
