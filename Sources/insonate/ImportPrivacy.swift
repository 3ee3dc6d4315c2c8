import BurnedIn
import Cohort
import DICOM
import Deidentification
import Foundation
import Synchronization

/// De-identifies files on their way into a cohort: the cohort's copies and its catalogue hold pseudonyms.
final class ImportPrivacy: Sendable {
  private let key: KeyFile
  private let deidentifier: Deidentifier
  private let cleaning: BurnedInCleaning
  private let finder: BurnedInTextFinder
  private let counts = Mutex((files: 0, review: 0))

  /// - cohort: where the key file must not lie.
  init(key file: URL, cohort: URL) throws {
    key = try KeyFile(file, out: cohort)
    deidentifier = Deidentifier(key: key.key)
    cleaning = try BurnedInCleaning(BlankingOptions(policy: .everything), proof: nil)
    finder = try BurnedInTextFinder(BlankingOptions(policy: .everything))
  }

  var intake: FileIntake {
    let name = "PS3.15 Basic Profile, dates shifted, pixels cleaned, key \(key.key.pseudonym(for: "this key"))"
    var intake = FileIntake(name: name) { [self] in try prepare($0, $1) }
    intake.preparePicture = { [self] in try preparePicture($0, into: $1) }
    intake.blind = { [self] in key.key.blinded($0) }
    intake.keep = { [self] in
      do { try finish() } catch DeidentificationError.output(let error) { throw error }
    }
    return intake
  }

  private func prepare(_ source: URL, _ destination: URL) throws {
    let clean: DeidentifiedFile
    do {
      clean = try deidentifier.deidentify(try DICOMFile(source), pixels: cleaning)
    } catch let error as DeidentificationError {
      // Paths may hold names; the report names the file already.
      throw Refusal(description: "could not be de-identified: \(error.reason)")
    }
    key.record(clean)
    try clean.write(to: destination)
    counts.withLock { $0 = ($0.files + 1, $0.review + (clean.needsReview ? 1 : 0)) }
  }

  /// A still or clip: nothing but its pixels, and of them no text.
  private func preparePicture(_ source: URL, into folder: URL) throws -> URL {
    let picture = try PictureFile(source)
    let text = try finder.find(in: picture.frames)
    let files = try picture.write(text, as: "clean", into: folder)
    guard let file = files.first, files.count == 1 else { throw Refusal(description: "could not be cleaned") }
    counts.withLock { $0 = ($0.files + 1, $0.review + (text.needsReview ? 1 : 0)) }
    return file
  }

  /// The UID that a de-identified file has for its own.
  var pseudonym: @Sendable (String) -> String { { [self] in key.key.uid(for: $0) } }

  private struct Refusal: Error, CustomStringConvertible { let description: String }

  /// Keeps who is who.
  func finish() throws { try key.save() }

  var notes: [String] {
    let (files, review) = counts.withLock { $0 }
    guard files > 0 else { return [] }
    return [
      "\(files) files were de-identified; the pixels of \(review) want a person's look (insonate dicom deidentify --proof)"
    ]
  }
}
