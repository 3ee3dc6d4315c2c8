public import Cohort
import Foundation
import Ultrasound

/// A picture of an audit: what it belongs to and what was read of it.
public struct AuditPicture: Sendable {
  public var name: String
  /// Pictures of one cluster (a patient, and whoever has a picture that looks alike) stay on one side.
  public var cluster: String
  /// Whether malignant; nil where not known.
  public var isMalignant: Bool?
  /// Values of the columns audited (site, device, ...); nil where empty.
  public var columns: [String: String]
  public var reading: StillReading
  public var features: ShortcutFeatures

  public init(name: String, cluster: String, isMalignant: Bool?, columns: [String: String], reading: StillReading) {
    (self.name, self.cluster, self.isMalignant, self.columns) = (name, cluster, isMalignant, columns)
    (self.reading, features) = (reading, ShortcutFeatures(of: reading))
  }
}

/// The cluster of each record: patients joined where pictures look alike.
public enum Clusters {
  /// Keys, one a record, in their order. The key is the least patient of a cluster.
  public static func keys(of records: [ImageRecord]) -> [String] {
    var parent: [String: String] = [:]
    func root(_ key: String) -> String {
      var key = key
      while let next = parent[key], next != key { key = next }
      return key
    }
    var ofGroup: [String: String] = [:]
    for record in records {
      parent[record.patient, default: record.patient] = parent[record.patient] ?? record.patient
      guard let group = record.duplicateGroup else { continue }
      if let other = ofGroup[group] {
        let (one, two) = (root(other), root(record.patient))
        if one != two { parent[max(one, two)] = min(one, two) }
      } else {
        ofGroup[group] = record.patient
      }
    }
    return records.map { root($0.patient) }
  }
}
