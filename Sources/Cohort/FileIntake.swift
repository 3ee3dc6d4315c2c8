public import Foundation

/// What becomes of a file on its way into a cohort. Without one, the cohort's copy is byte for byte the source file.
public struct FileIntake: Sendable {
  /// Of the way and its settings, without anything secret: where it changes, files are read again.
  public var name: String
  /// Writes to `destination`, which is not there, what shall be read and kept in place of the DICOM file `source`. The same file always gives the
  /// same bytes. What it throws becomes the reason of the file's failure, so its description must not name the patient.
  public var prepare: @Sendable (_ source: URL, _ destination: URL) throws -> Void
  /// Writes into `folder`, which is empty, what shall be read and kept in place of a still (a PNG) or clip (a MOV), and names it. Nil
  /// where only DICOM files are taken. Masks do not go through it: of them the pixels alone are kept.
  public var preparePicture: (@Sendable (_ source: URL, _ folder: URL) throws -> URL)?
  /// A keyed hash of a text with a secret that the cohort does not hold: what the catalogue must tell apart again and nobody may
  /// guess, such as a path with a name in it. Nil where the cohort's own salt is enough.
  public var blind: (@Sendable (String) -> String)?
  /// Called before it is written down that the files prepared so far need not be read again: what is known of them must be safe
  /// by then, since an import that is killed goes on behind them.
  public var keep: (@Sendable () throws -> Void)?

  public init(name: String, prepare: @escaping @Sendable (_ source: URL, _ destination: URL) throws -> Void) {
    (self.name, self.prepare) = (name, prepare)
  }
}
