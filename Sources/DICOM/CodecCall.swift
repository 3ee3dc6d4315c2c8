internal import CDCMTK
internal import CStills

/// Calls one entry of a shim and turns its status and message into a `DICOMError`.
enum CodecCall {
  /// `what` says what was decoded, for messages.
  static func run(
    on name: String, _ what: String, _ entry: (UnsafeMutablePointer<CChar>) -> cd_status
  ) throws(DICOMError) {
    let (status, message) = call(length: Int(CD_MESSAGE), whenOutOfMemory: CD_NO_MEMORY, success: CD_OK, entry)
    switch status {
    case CD_OK: return
    case CD_TRUNCATED: throw .truncated(file: name, detail: "\(what): \(message)")
    case CD_UNSUPPORTED: throw .unsupported(file: name, detail: "\(what): \(message)")
    case CD_NO_MEMORY: throw .tooLarge(file: name, detail: "\(what): \(message)")
    default: throw .corrupt(file: name, detail: "\(what): \(message)")
    }
  }

  static func stills(
    on name: String, _ what: String, _ entry: (UnsafeMutablePointer<CChar>) -> cs_status
  ) throws(DICOMError) {
    let (status, message) = call(length: Int(CS_MESSAGE), whenOutOfMemory: CS_NO_MEMORY, success: CS_OK, entry)
    switch status {
    case CS_OK: return
    case CS_TRUNCATED: throw .truncated(file: name, detail: "\(what): \(message)")
    case CS_UNSUPPORTED: throw .unsupported(file: name, detail: "\(what): \(message)")
    case CS_NO_MEMORY: throw .outOfMemory(file: name)
    default: throw .corrupt(file: name, detail: "\(what): \(message)")
    }
  }

  private static func call<Status: Equatable>(
    length: Int, whenOutOfMemory: Status, success: Status, _ entry: (UnsafeMutablePointer<CChar>) -> Status
  ) -> (Status, String) {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: length) { buffer in
      buffer.initialize(repeating: 0)
      guard let start = buffer.baseAddress else { return (whenOutOfMemory, "out of memory") }
      let status = entry(start)
      return (status, status == success ? "" : String(cString: start))
    }
  }
}
