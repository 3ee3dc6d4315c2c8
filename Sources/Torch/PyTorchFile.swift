import CTorch
public import Foundation

/// State dictionaries saved by `torch.save`: the zip archives written since PyTorch 1.6 and the older single stream.
public enum PyTorchFile {
  /// The tensors by name. A dictionary held under `state_dict` or `model`, as training scripts save, is found.
  public static func stateDictionary(contentsOf file: URL) throws(TorchError) -> [String: Tensor] {
    let engine = try Engine.get()
    var (mapping, bytes, size): (ct_mapping?, UnsafePointer<UInt8>?, Int) = (nil, nil, 0)
    guard engine.functions.pointee.mapping_open(file.path, &mapping, &bytes, &size) == 0, let mapping, let bytes else {
      throw .file(path: file.path, reason: SafeTensors.whyUnreadable(file.path))
    }
    defer { engine.functions.pointee.mapping_free(mapping) }
    let buffer = UnsafeRawBufferPointer(start: bytes, count: size)
    let isArchive = size > 4 && buffer[0] == 0x50 && buffer[1] == 0x4B && buffer[2] == 3 && buffer[3] == 4
    do throws(PickleError) {
      return isArchive ? try archive(file, engine) : try stream(file, buffer)
    } catch {
      throw .file(path: file.path, reason: error.reason)
    }
  }

  // MARK: Zip archives

  private static func archive(_ file: URL, _ engine: Engine) throws(PickleError) -> [String: Tensor] {
    var archive: ct_archive?
    guard engine.functions.pointee.archive_open(file.path, &archive) == 0, let archive else { throw .cutShort }
    defer { engine.functions.pointee.archive_free(archive) }
    let pickle = try record("data.pkl", archive, engine)
    var storages: [String: Storage] = [:]
    let root = pickle.withUnsafeBytes { buffer in
      Result { () throws(PickleError) in
        var reader = PickleReader(buffer, from: 0)
        return try reader.read()
      }
    }
    let found = try tensors(try root.get())
    for tensor in found where storages[tensor.reference.key] == nil {
      let bytes = try record("data/" + tensor.reference.key, archive, engine)
      storages[tensor.reference.key] = Storage(bytes: bytes, type: tensor.reference.type)
    }
    return try assemble(found, storages)
  }

  private static func record(_ name: String, _ archive: ct_archive, _ engine: Engine) throws(PickleError) -> [UInt8] {
    var size = 0
    guard engine.functions.pointee.archive_record_size(archive, name, &size) == 0 else {
      throw .malformed("no record \(name)")
    }
    var status: ct_status = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      status = engine.functions.pointee.archive_record_read(archive, name, buffer.baseAddress, size)
      count = status == 0 ? size : 0
    }
    guard status == 0 else { throw .cutShort }
    return bytes
  }

  // MARK: The stream before PyTorch 1.6

  /// Little-endian bytes of 0x1950a86a20f9469cfc6c, with which the stream begins.
  private static let magic: [UInt8] = [0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19]

  private static func stream(_ file: URL, _ buffer: UnsafeRawBufferPointer) throws(PickleError) -> [String: Tensor] {
    var reader = PickleReader(buffer, from: 0)
    guard case .bytes(magic) = try reader.read() else { throw .malformed("no magic number") }
    _ = try reader.read()  // protocol version
    _ = try reader.read()  // system information
    let found = try tensors(try reader.read())
    guard case .list(let keys) = try reader.read() else { throw .malformed("no list of storages") }
    let types = Dictionary(found.map { ($0.reference.key, $0.reference.type) }, uniquingKeysWith: { first, _ in first })
    var storages: [String: Storage] = [:]
    var position = reader.position
    for item in keys.items {
      guard case .text(let key) = item, let type = types[key], position + 8 <= buffer.count else { throw .cutShort }
      let count = (0..<8).reduce(0) { $0 | Int(buffer[position + $1]) << (8 * $1) }
      position += 8
      guard count >= 0, count <= (buffer.count - position) / type.size else { throw .cutShort }
      storages[key] = Storage(bytes: [UInt8](buffer[position..<position + count * type.size]), type: type)
      position += count * type.size
    }
    return try assemble(found, storages)
  }

  // MARK: From pickled values to tensors

  private struct Storage {
    let bytes: [UInt8]
    let type: ScalarType
  }

  private struct Reference {
    let key: String
    let type: ScalarType
  }

  private struct Found {
    let name: String
    let reference: Reference
    let offset: Int
    let shape: [Int]
    let strides: [Int]
  }

  private static let storageTypes: [String: ScalarType] = [
    "torch.FloatStorage": .float32, "torch.DoubleStorage": .float64, "torch.HalfStorage": .float16,
    "torch.BFloat16Storage": .bfloat16, "torch.LongStorage": .int64, "torch.IntStorage": .int32,
    "torch.ShortStorage": .int16, "torch.CharStorage": .int8, "torch.ByteStorage": .uint8, "torch.BoolStorage": .bool,
  ]

  private static func tensors(_ root: PickleValue) throws(PickleError) -> [Found] {
    guard case .dictionary(var dictionary) = root else { throw .malformed("its top is no dictionary") }
    for key in ["state_dict", "model"] {
      if case .dictionary(let inner)? = dictionary[key] { dictionary = inner }
    }
    var found: [Found] = []
    for (key, value) in dictionary.entries {
      guard case .text(let name) = key, case .applied(let function, let arguments) = value else { continue }
      found.append(try tensor(name, function, arguments))
    }
    guard !found.isEmpty else { throw .malformed("it holds no tensors") }
    return found
  }

  private static func tensor(_ name: String, _ function: String, _ arguments: [PickleValue]) throws(PickleError)
    -> Found
  {
    if function == "torch._utils._rebuild_parameter", case .applied(let inner, let rest)? = arguments.first {
      return try tensor(name, inner, rest)
    }
    guard function == "torch._utils._rebuild_tensor_v2", arguments.count >= 4,
      case .persistent(.tuple(let storage)) = arguments[0], storage.count >= 3, case .global(let typeName) = storage[1],
      case .text(let key) = storage[2], case .integer(let offset) = arguments[1],
      case .tuple(let shape) = arguments[2], case .tuple(let strides) = arguments[3]
    else { throw .malformed("\(name) is no tensor") }
    guard let type = storageTypes[typeName] else { throw .malformed("\(name) is of type \(typeName)") }
    return Found(
      name: name, reference: Reference(key: key, type: type), offset: offset, shape: integers(shape),
      strides: integers(strides))
  }

  private static func integers(_ values: [PickleValue]) -> [Int] {
    values.compactMap { if case .integer(let value) = $0 { value } else { nil } }
  }

  private static func assemble(_ found: [Found], _ storages: [String: Storage]) throws(PickleError) -> [String: Tensor]
  {
    var tensors: [String: Tensor] = [:]
    for item in found {
      guard let storage = storages[item.reference.key] else { throw .malformed("\(item.name) has no storage") }
      do throws(TorchError) {
        let count = storage.bytes.count / storage.type.size
        let whole = try Tensor(bytesOf: storage.bytes, shape: [count], type: storage.type)
        let view = try Operators.asStrided(
          .tensor(whole), .integers(item.shape), .integers(item.strides), .integer(item.offset))
        // A copy, so that no tensor keeps a storage that others share.
        tensors[item.name] = try view.contiguous().cloned()
      } catch {
        throw .malformed("\(item.name): \(error)")
      }
    }
    return tensors
  }
}

extension Operators {
  static let asStrided = Operator("as_strided")
}

/// A weight file by its content: safetensors, or what PyTorch saves. Of a training checkpoint, all of whose names begin with
/// `network.`, `optimiser.` or `average.`, the network's weights.
public func loadWeights(_ file: URL) throws(TorchError) -> [String: Tensor] {
  let start = (try? FileHandle(forReadingFrom: file).read(upToCount: 2)) ?? Data()
  // A zip archive, or the start of a pickle; a safetensors file begins with the small length of its header.
  let isPyTorch = start == Data([0x50, 0x4B]) || start == Data([0x80, 0x02])
  let tensors =
    isPyTorch && file.pathExtension != "safetensors"
    ? try PyTorchFile.stateDictionary(contentsOf: file) : try SafeTensors(contentsOf: file).tensors
  let (network, others) = ("network.", ["optimiser.", "average."])
  let isCheckpoint = tensors.keys.allSatisfy { name in
    name.hasPrefix(network) || others.contains { name.hasPrefix($0) }
  }
  guard isCheckpoint else { return tensors }
  var weights: [String: Tensor] = [:]
  for (name, tensor) in tensors where name.hasPrefix(network) {
    weights[String(name.dropFirst(network.count))] = tensor
  }
  return weights
}
