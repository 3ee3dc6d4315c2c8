internal import CStills

/// Calls one entry of CStills and turns its status and message into an `ImagingError`.
enum CodecCall {
  static func run(
    on name: String, _ entry: (UnsafeMutablePointer<CChar>) -> cs_status
  ) throws(ImagingError) {
    let (status, message) = call(entry)
    switch status {
    case CS_OK: return
    case CS_TRUNCATED: throw .truncated(file: name, detail: message)
    case CS_UNSUPPORTED: throw .unsupported(file: name, detail: message)
    case CS_NO_MEMORY: throw .outOfMemory(file: name)
    default: throw .corrupt(file: name, detail: message)
    }
  }

  /// Bytes written by an encoder of CStills, which hands over memory of its own.
  static func encode(
    _ format: StillFormat,
    _ entry: (
      UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>, UnsafeMutablePointer<Int>, UnsafeMutablePointer<CChar>
    ) -> cs_status
  ) throws(ImagingError) -> [UInt8] {
    var bytes: UnsafeMutablePointer<UInt8>?
    var count = 0
    let (status, text) = call { entry(&bytes, &count, $0) }
    defer { cs_free(bytes) }
    guard status == CS_OK, let bytes else { throw .notEncodable(format: format, detail: text) }
    return [UInt8](UnsafeBufferPointer(start: bytes, count: count))
  }

  private static func call(_ entry: (UnsafeMutablePointer<CChar>) -> cs_status) -> (cs_status, String) {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(CS_MESSAGE)) { buffer in
      buffer.initialize(repeating: 0)
      guard let start = buffer.baseAddress else { return (CS_NO_MEMORY, "out of memory") }
      let status = entry(start)
      return (status, status == CS_OK ? "" : String(cString: start))
    }
  }
}

extension Array {
  /// An array of `count` elements that `fill` writes whole. Nothing is touched before, so a file that fails at once costs
  /// no memory for the size it declares.
  package static func filled<Problem: Error>(
    count: Int, by fill: (UnsafeMutableBufferPointer<Element>) throws(Problem) -> Void
  ) throws(Problem) -> [Element] where Element: FixedWidthInteger {
    var problem: Problem?
    let array = [Element](unsafeUninitializedCapacity: count) { buffer, filled in
      do throws(Problem) {
        try fill(UnsafeMutableBufferPointer(rebasing: buffer[..<count]))
        filled = count
      } catch {
        problem = error
        filled = 0
      }
    }
    if let problem { throw problem }
    return array
  }
}
