public import Cohort
import Foundation
import Imaging
import Ultrasound

/// The labelled pictures of a cohort, of clips the middle frame, read on all cores.
public struct CohortReadings: Sendable {
  /// In the records' order.
  public var pictures: [AuditPicture]
  /// Files that could not be read, each with its reason.
  public var failures: [String]

  /// - Parameters:
  ///   - columns: of the cohort table, whose values are audited besides the label.
  ///   - progress: called between batches on the calling thread, with the number done and the number there are.
  public init(of records: [ImageRecord], columns: [String], progress: ((Int, Int) -> Void)? = nil) {
    let records = records.filter { $0.label != nil }
    let clusters = Clusters.keys(of: records)
    (pictures, failures) = ([], [])
    let batch = 8 * max(1, ProcessInfo.processInfo.activeProcessorCount)
    for start in stride(from: 0, to: records.count, by: batch) {
      let part = Array(records[start..<min(start + batch, records.count)])
      let readings = parallelResults(part.count) { place -> Result<StillReading, ImagingError> in
        do throws(ImagingError) {
          return .success(StillReading(of: try part[place].picture()).withoutPixels())
        } catch {
          return .failure(error)
        }
      }
      for (place, reading) in readings.enumerated() {
        let record = part[place]
        switch reading {
        case .success(let reading):
          var values: [String: String] = [:]
          for column in columns { values[column] = record.text(ofColumn: column) }
          pictures.append(
            AuditPicture(
              name: record.name, cluster: clusters[start + place], isMalignant: record.label == .malignant,
              columns: values, reading: reading))
        case .failure(let error): failures.append("\(record.name): \(error)")
        }
      }
      progress?(start + part.count, records.count)
    }
  }
}
