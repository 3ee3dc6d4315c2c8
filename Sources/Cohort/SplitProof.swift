public import Foundation
import Tables
import Ultrasound

/// The evidence that nothing lies on two sides of a split: what was compared, how, and what came out. Two proofs with the same
/// ``sha256`` are of the same split of the same cohort, examined in the same way.
public struct SplitProof: Codable, Sendable, Hashable {
  /// What one part of a fold holds.
  public struct Part: Codable, Sendable, Hashable {
    public var role: SplitRole
    public var images: Int
    public var lesions: Int
    public var malignantLesions: Int
    public var patients: Int
    public var exams: Int
    public var sites: Int
    /// Groups of pictures that look alike.
    public var nearDuplicateGroups: Int
  }

  public struct Division: Codable, Sendable, Hashable {
    /// 0-based.
    public var fold: Int
    public var name: String?
    public var parts: [Part]
    /// Pairs of images on two sides. None of them shares patient, exam or near-duplicate group.
    public var pairs: Int
  }

  /// Its name beside a split table and in a run folder.
  public static let fileName = "split-proof.json"

  /// Of this record.
  public var format = 1
  public var request: SplitRequest
  /// The search for pictures that look alike, with its thresholds.
  public var likeness: LikenessSearch
  public var patientsAreKnown: Bool
  /// `Catalogue.contentHash()`.
  public var cohortHash: String
  /// SHA-256 over the cells of the split table.
  public var splitHash: String
  public var divisions: [Division]
  /// Pairs of images on two sides, of all folds.
  public var pairsExamined: Int
  /// SHA-256 over the canonical JSON (keys sorted, no spaces) of all the above.
  public private(set) var sha256 = ""

  /// Whether the record says what it said when it was made.
  public var isIntact: Bool { sha256 == digest }

  private var digest: String {
    var bare = self
    bare.sha256 = ""
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    guard let json = try? encoder.encode(bare) else { return "" }
    return FieldHash.hexadecimal(of: [UInt8](json))
  }

  /// Errors: `leak`, with the pairs, where something lies on two sides; see ``Firewall``.
  init(
    _ folds: [Fold], of images: [ImageRecord], request: SplitRequest, likeness: LikenessSearch, patientsAreKnown: Bool,
    cohortHash: String
  ) throws(CohortError) {
    try Firewall.require(folds, of: images, request: request)
    let records = Dictionary(images.map { ($0.name, $0) }) { first, _ in first }
    (self.request, self.likeness, self.patientsAreKnown) = (request, likeness, patientsAreKnown)
    (self.cohortHash, splitHash) = (cohortHash, SplitTable.contentHash(folds, of: images))
    divisions = folds.map { fold in
      let parts = fold.parts.filter { !$0.images.isEmpty }.map { role, names in
        Part(role, names.compactMap { records[$0] })
      }
      let sides = parts.filter { $0.role != .leftOut }.map(\.images)
      let all = sides.reduce(0, +)
      let within = sides.reduce(0) { $0 + $1 * $1 }
      return Division(fold: fold.index, name: fold.name, parts: parts, pairs: (all * all - within) / 2)
    }
    pairsExamined = divisions.reduce(0) { $0 + $1.pairs }
    sha256 = digest
  }

  /// Reads a proof. Errors: `source` where the file is no proof, or says something else than when it was made.
  public static func read(_ file: URL) throws(CohortError) -> SplitProof {
    guard let bytes = try? Data(contentsOf: file) else { throw .source(path: file.path, reason: "cannot be read") }
    guard let proof = try? JSONDecoder().decode(SplitProof.self, from: bytes) else {
      throw .source(path: file.path, reason: "expected the proof of a split, found something else")
    }
    guard proof.isIntact else {
      throw .source(
        path: file.path, reason: "the proof was changed after it was made: its hash is not that of its content")
    }
    return proof
  }

  /// Puts the proof beside the split, as `split-proof.json`, replaced as a whole.
  public func write(to file: URL) throws(CohortError) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    do { try AtomicFile.write([UInt8](encoder.encode(self)), to: file) } catch {
      throw Catalogue.wrapped(error, file)
    }
  }
}

extension SplitProof.Part {
  init(_ role: SplitRole, _ images: [ImageRecord]) {
    self.role = role
    self.images = images.count
    lesions = Set(images.map(\.lesion)).count
    malignantLesions = Set(images.filter { $0.label == .malignant }.map(\.lesion)).count
    patients = Set(images.map(\.patient)).count
    exams = Set(images.compactMap { image in image.exam.map { [image.patient, $0] } }).count
    sites = Set(images.compactMap(\.site)).count
    nearDuplicateGroups = Set(images.compactMap(\.duplicateGroup)).count
  }
}

extension Catalogue {
  /// Proves that nothing lies on two sides of `folds`: refuses a split with a `leak` that names the pairs.
  ///
  /// - images: those of the cohort that are divided, as the catalogue has them since ``refreshLikeness()``.
  public func proof(
    of folds: [Fold], images: [ImageRecord], request: SplitRequest
  ) throws(CohortError) -> SplitProof {
    try SplitProof(
      folds, of: images, request: request, likeness: try refreshLikeness(), patientsAreKnown: try patientsAreKnown,
      cohortHash: try contentHash())
  }
}
