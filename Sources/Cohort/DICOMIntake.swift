public import Foundation

/// What becomes of a DICOM file on its way into a cohort. Without one, the cohort's copy is byte for byte the source file.
public struct DICOMIntake: Sendable {
  /// Of the way and its settings, without anything secret: where it changes, files are read again.
  public var name: String
  /// Writes to `destination`, which is not there, what shall be read and kept in place of `source`. The same file always gives the
  /// same bytes. What it throws becomes the reason of the file's failure, so its description must not name the patient.
  public var prepare: @Sendable (_ source: URL, _ destination: URL) throws -> Void

  public init(name: String, prepare: @escaping @Sendable (_ source: URL, _ destination: URL) throws -> Void) {
    (self.name, self.prepare) = (name, prepare)
  }
}
