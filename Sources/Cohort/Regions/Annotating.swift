public import Annotations
public import Foundation
import GRDB
import Ultrasound

extension Catalogue {
  /// Brings what files of annotations mark into the cohort (docs/annotations.md, How marks enter a cohort).
  ///
  /// - files: files of annotations, and folders, in which JSON, XML and DICOM segmentations and reports are looked for.
  /// - vocabulary: what their class names mean.
  ///
  /// - allowsAbsent: whether of a file that marks pictures which the cohort has not the others come in; it is read again next time.
  /// - pseudonym: of images that were de-identified on their way in, the UID that the cohort has for a file's own. What annotations call
  ///   a region is then left out, as it is free text.
  ///
  /// Of each file all else comes in or nothing, and then the report says why; the other files come in. A file whose content came in before
  /// changes nothing. Errors: `source` for what is not there; `catalogue` and `output` where the cohort cannot be written, which
  /// then is as it was.
  public func annotate(
    _ files: [URL], vocabulary: RegionVocabulary = .standard, allowsAbsent: Bool = false,
    pseudonym: (@Sendable (String) -> String)? = nil
  ) throws(CohortError) -> AnnotationReport {
    let sources = try AnnotationSources(files)
    let before = Set(try read { try String.fetchAll($0, sql: "SELECT sha256 FROM annotation_file WHERE absent = 0") })
    var report = AnnotationReport()
    report.failures = sources.problems
    var plan = try AnnotationPlan(self, vocabulary: vocabulary, allowsAbsent: allowsAbsent)
    var failed: [String: String] = [:]
    for reading in sources.read(known: before, vocabulary: vocabulary) {
      let (name, sha256) = (reading.file.name, reading.sha256)
      func fail(_ reason: String) { report.failures.append(ImportFailure(file: name, reason: reason)) }
      switch reading.outcome {
      case .noAnnotation: report.leftOut += 1
      case .failed(let reason): fail(reason)
      case .repeated:
        if let reason = failed[sha256] { fail(reason) } else { report.unchanged.append(name) }
      case .contents(var contents):
        if let pseudonym { contents.removeIdentity(pseudonym) }
        do throws(AnnotationRefusal) {
          let file = AnnotationPlan.File(
            name: name, sha256: sha256, kind: contents.kind, folders: reading.file.folders)
          let (notes, absent) = try plan.add(contents, of: file)
          report.notes += notes.map { "\(name): \($0)" }
          report.applied.append(name)
          if let first = absent.first {
            fail(absent.count == 1 ? first : "\(first), and \(absent.count - 1) further pictures are not there")
          }
        } catch {
          failed[sha256] = error.reason
          fail(error.reason)
        }
      }
    }
    try AnnotationCommit(catalogue: self, plan: plan).run(&report)
    report.notes = Self.first(report.notes)
    return report
  }

  private static let notesShown = 50

  private static func first(_ notes: [String]) -> [String] {
    notes.count <= notesShown
      ? notes : Array(notes.prefix(notesShown)) + ["and \(notes.count - notesShown) more notes"]
  }

  /// SOP Instance UID by image id.
  func instances() throws(CohortError) -> [Int64: String] {
    let sql = "SELECT image_id, sop_instance FROM acquisition WHERE sop_instance IS NOT NULL"
    return try read { database in
      Dictionary(uniqueKeysWithValues: try Row.fetchAll(database, sql: sql).map { ($0[0] as Int64, $0[1] as String) })
    }
  }
}

extension AnnotationContents {
  /// With the UIDs of de-identified files, and without free text. Roles and labels were read from it before.
  fileprivate mutating func removeIdentity(_ pseudonym: (String) -> String) {
    notes = []
    for place in pictures.indices {
      if let instance = pictures[place].sopInstance {
        (pictures[place].sopInstance, pictures[place].pictureName) = (pseudonym(instance), pseudonym(instance))
      }
      pictures[place].notes = []
      for region in pictures[place].regions.indices { pictures[place].regions[region].name = nil }
    }
  }
}
