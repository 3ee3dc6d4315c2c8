import Foundation
import GRDB
import Ultrasound

/// What a DICOM file says of how a picture was made. Absent is what it does not say.
public struct Acquisition: Codable, Sendable, Hashable {
  /// (0008,0018), the picture's own identifier.
  public var sopInstance: String?
  /// (0008,0016)
  public var sopClass: String?
  /// Transducer Data (0018,5010), else Transducer Type (0018,6031).
  public var transducer: String?
  /// (0018,0010)
  public var contrastAgent: String?
  /// (0018,5022)
  public var mechanicalIndex: Double?
  /// Depth of Scan Field (0018,5050).
  public var depthMillimetres: Double?

  public init(
    sopInstance: String? = nil, sopClass: String? = nil, transducer: String? = nil, contrastAgent: String? = nil,
    mechanicalIndex: Double? = nil, depthMillimetres: Double? = nil
  ) {
    (self.sopInstance, self.sopClass, self.transducer) = (sopInstance, sopClass, transducer)
    (self.contrastAgent, self.mechanicalIndex, self.depthMillimetres) = (
      contrastAgent, mechanicalIndex, depthMillimetres
    )
  }
}

extension Catalogue {
  /// Nil for what came from no DICOM file.
  public func acquisition(of image: ImageRecord) throws(CohortError) -> Acquisition? {
    try read { database in
      let sql = """
        SELECT sop_instance, sop_class, transducer, contrast_agent, mechanical_index, depth_mm
        FROM acquisition WHERE image_id = ?
        """
      return try Row.fetchOne(database, sql: sql, arguments: [image.id]).map { row in
        Acquisition(
          sopInstance: row[0], sopClass: row[1], transducer: row[2], contrastAgent: row[3], mechanicalIndex: row[4],
          depthMillimetres: row[5])
      }
    }
  }

  /// Milliseconds of the image's frames after the first frame of its file, one a frame; nil for a still, and where the file says
  /// nothing of time.
  public func frameTimes(of image: ImageRecord) throws(CohortError) -> [Double]? {
    if image.extent == .still { return nil }
    let sql = "SELECT milliseconds FROM clip_time JOIN image ON image.file_id = clip_time.file_id WHERE image.id = ?"
    let bytes = try read { try Data.fetchOne($0, sql: sql, arguments: [image.id]) }
    guard let times = bytes.map(FrameTimes.decode) else { return nil }
    switch image.extent {
    case .still: return nil
    case .frame(let index): return times.indices.contains(index) ? [times[index]] : nil
    case .clip: return times
    }
  }

  /// What imports of the catalogue's sources could not bring in, by source and file.
  public func importFailures() throws(CohortError) -> [ImportFailure] {
    try read { database in
      try Row.fetchAll(database, sql: "SELECT file, reason FROM import_failure ORDER BY source, file, reason").map {
        ImportFailure(file: $0[0], reason: $0[1])
      }
    }
  }
}

/// Times as the catalogue keeps them: float64, little endian.
enum FrameTimes {
  static func encode(_ times: [Double]) -> Data {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(8 * times.count)
    for time in times {
      for byte in 0..<8 { bytes.append(UInt8(truncatingIfNeeded: time.bitPattern >> (8 * UInt64(byte)))) }
    }
    return Data(bytes)
  }

  static func decode(_ data: Data) -> [Double] {
    let bytes = [UInt8](data)
    return (0..<bytes.count / 8).map { place in
      Double(bitPattern: (0..<8).reduce(UInt64(0)) { $0 | UInt64(bytes[8 * place + $1]) << UInt64(8 * $1) })
    }
  }
}
