import CTorch
public import Foundation

/// Files of named tensors in the safetensors format: 8 bytes little-endian header length, a JSON header, then the data.
///
/// Reading maps the file; tensors share the mapping until they are copied. Writing goes beside the file and renames.
public struct SafeTensors {
  public var tensors: [String: Tensor]
  /// The header's `__metadata__`: free text by name.
  public var metadata: [String: String]

  public init(tensors: [String: Tensor], metadata: [String: String] = [:]) {
    (self.tensors, self.metadata) = (tensors, metadata)
  }

  private static let typeNames: [ScalarType: String] = [
    .uint8: "U8", .int8: "I8", .int16: "I16", .int32: "I32", .int64: "I64", .float16: "F16", .float32: "F32",
    .float64: "F64", .bool: "BOOL", .bfloat16: "BF16",
  ]
  private static let types = Dictionary(uniqueKeysWithValues: typeNames.map { ($1, $0) })

  private struct Entry {
    let dtype: String
    let shape: [Int]
    let begin: Int
    let end: Int
  }

  // MARK: Reading

  public init(contentsOf file: URL) throws(TorchError) {
    let path = file.path
    let engine = try Engine.get()
    var (mapping, bytes, size): (ct_mapping?, UnsafePointer<UInt8>?, Int) = (nil, nil, 0)
    guard engine.functions.pointee.mapping_open(path, &mapping, &bytes, &size) == 0, let mapping, let bytes else {
      throw .file(path: path, reason: Self.whyUnreadable(path))
    }
    defer { engine.functions.pointee.mapping_free(mapping) }
    guard size >= 8 else { throw .file(path: path, reason: "too short for a safetensors file (\(size) bytes)") }
    let length = (0..<8).reduce(UInt64(0)) { $0 | UInt64(bytes[$1]) << (8 * UInt64($1)) }
    guard length <= UInt64(size - 8), length <= 100_000_000 else {
      throw .file(path: path, reason: "not a safetensors file, or cut short: header of \(length) bytes in \(size)")
    }
    let header = Data(bytes: bytes + 8, count: Int(length))
    (tensors, metadata) = ([:], [:])
    for (name, value) in try Self.entries(header, path: path) {
      switch value {
      case .metadata(let text): metadata = text
      case .tensor(let entry):
        tensors[name] = try Self.tensor(name, entry, path, engine, mapping, dataStart: 8 + Int(length), size: size)
      }
    }
  }

  /// Why a file could not be mapped, in words.
  static func whyUnreadable(_ path: String) -> String {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else { return "no such file" }
    if isFolder.boolValue { return "is a folder" }
    let size = try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int
    return size == 0 ? "is empty" : "cannot be read"
  }

  private enum HeaderValue {
    case metadata([String: String])
    case tensor(Entry)
  }

  private static func entries(_ header: Data, path: String) throws(TorchError) -> [(String, HeaderValue)] {
    guard let object = try? JSONSerialization.jsonObject(with: header) as? [String: [String: Any]] else {
      throw .file(path: path, reason: "not a safetensors file: its header is not JSON")
    }
    var entries: [(String, HeaderValue)] = []
    for (name, fields) in object {
      if name == "__metadata__" {
        entries.append((name, .metadata(fields.compactMapValues { $0 as? String })))
        continue
      }
      guard let dtype = fields["dtype"] as? String, let shape = fields["shape"] as? [Int],
        let offsets = fields["data_offsets"] as? [Int], offsets.count == 2
      else { throw .file(path: path, reason: "tensor \(name): header lacks dtype, shape or data_offsets") }
      entries.append((name, .tensor(Entry(dtype: dtype, shape: shape, begin: offsets[0], end: offsets[1]))))
    }
    return entries
  }

  private static func tensor(
    _ name: String, _ entry: Entry, _ path: String, _ engine: Engine, _ mapping: ct_mapping, dataStart: Int, size: Int
  ) throws(TorchError) -> Tensor {
    guard let type = types[entry.dtype] else {
      throw .file(path: path, reason: "tensor \(name): type \(entry.dtype) is not supported")
    }
    let (begin, end) = (entry.begin, entry.end)
    guard begin >= 0, end >= begin, end <= size - dataStart else {
      throw .file(path: path, reason: "cut short: tensor \(name) ends at \(end), the data at \(size - dataStart)")
    }
    var count: Int? = type.size
    for extent in entry.shape {
      guard extent >= 0, let product = count?.multipliedReportingOverflow(by: extent), !product.overflow else {
        count = nil
        break
      }
      count = product.partialValue
    }
    guard count == end - begin, entry.shape.count <= CT_MAXIMUM_RANK else {
      throw .file(path: path, reason: "tensor \(name): shape \(entry.shape) does not fit its \(end - begin) bytes")
    }
    var handle: ct_tensor?
    let status = entry.shape.map(Int64.init).withUnsafeBufferPointer { shape in
      engine.functions.pointee.mapping_tensor(
        mapping, dataStart + begin, shape.baseAddress, Int32(shape.count), type.rawValue, &handle)
    }
    try engine.check(status)
    guard let handle else { throw .file(path: path, reason: "tensor \(name) could not be mapped") }
    return Tensor(owning: handle)
  }

  // MARK: Writing

  /// Writes beside `file`, flushes to the disk and renames: whoever reads `file` sees the old or the new, never a part.
  public func write(to file: URL) throws(TorchError) {
    try TensorFileWriter.write(to: file, chunks: try chunks())
  }

  /// The header and each tensor's bytes, in the order they lie in the file (by name).
  private func chunks() throws(TorchError) -> [FileChunk] {
    var header: [String: Any] = metadata.isEmpty ? [:] : ["__metadata__": metadata]
    var offset = 0
    var chunks: [FileChunk] = []
    for (name, tensor) in tensors.sorted(by: { $0.key < $1.key }) {
      let (shape, type) = (try tensor.shape, try tensor.scalarType)
      let end = offset + shape.reduce(type.size, *)
      guard let typeName = Self.typeNames[type] else { throw .argument("\(name): type \(type) cannot be written") }
      header[name] = ["dtype": typeName, "shape": shape, "data_offsets": [offset, end]] as [String: Any]
      offset = end
      chunks.append(.tensor(tensor))
    }
    guard
      var json = try? JSONSerialization.data(withJSONObject: header, options: [.sortedKeys, .withoutEscapingSlashes])
    else { throw .argument("safetensors: a name cannot be written as JSON") }
    // Data starts at a multiple of 64, so that every scalar is aligned in the mapping.
    let padding = (64 - (8 + json.count) % 64) % 64
    json.append(contentsOf: [UInt8](repeating: 0x20, count: padding))
    let length = (0..<8).map { UInt8(truncatingIfNeeded: json.count >> (8 * $0)) }
    return [.bytes(length + [UInt8](json))] + chunks
  }
}

/// A part of a file; a tensor's bytes are fetched only when they are written.
enum FileChunk {
  case bytes([UInt8])
  case tensor(Tensor)

  func get() throws(TorchError) -> [UInt8] {
    switch self {
    case .bytes(let bytes): bytes
    case .tensor(let tensor): try tensor.bytes()
    }
  }
}

/// Streams chunks into a file that appears under its name only when whole.
enum TensorFileWriter {
  static func write(to file: URL, chunks: [FileChunk]) throws(TorchError) {
    let beside = file.path + ".partial"
    let descriptor = open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      throw errno == ENOSPC || errno == EDQUOT
        ? failure(file, "cannot be created")
        : .cannotCreate(path: file.path, reason: "cannot be created: \(String(cString: strerror(errno)))")
    }
    var closed = false
    defer {
      if !closed { close(descriptor) }
      unlink(beside)
    }
    for chunk in chunks {
      let bytes = try chunk.get()
      var done = 0
      while done < bytes.count {
        let written = bytes.withUnsafeBytes { buffer in
          Glibc.write(descriptor, buffer.baseAddress?.advanced(by: done), buffer.count - done)
        }
        if written < 0, errno == EINTR { continue }
        guard written > 0 else { throw failure(file, "cannot be written") }
        done += written
      }
    }
    guard fsync(descriptor) == 0 else { throw failure(file, "cannot be written") }
    closed = true
    guard close(descriptor) == 0 else { throw failure(file, "cannot be written") }
    guard rename(beside, file.path) == 0 else { throw failure(file, "cannot be renamed") }
  }

  private static func failure(_ file: URL, _ what: String) -> TorchError {
    let reason = String(cString: strerror(errno))
    return .output(path: file.path, reason: "\(what): \(reason)")
  }
}
