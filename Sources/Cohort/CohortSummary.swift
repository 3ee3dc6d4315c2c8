import Foundation
import Ultrasound

/// What a cohort holds, counted.
public struct CohortSummary: Codable, Sendable, Hashable {
  /// A clinical column of the cohort table.
  public struct Column: Codable, Sendable, Hashable {
    public enum Kind: String, Codable, Sendable {
      case number, text
      /// Some cells are numbers and some are not.
      case mixed
    }

    public var name: String
    public var kind: Kind
    /// Images without a value.
    public var missing: Int
    /// Different values.
    public var distinct: Int
    /// Whether the images of each lesion agree.
    public var isConstantWithinLesion: Bool
  }

  public var path: String
  /// Patients; where they are not known, groups of images that look alike.
  public var patients: Int
  public var patientsAreKnown: Bool
  /// Where the patients come from, in words.
  public var patientSource: String
  public var lesions: Int
  public var images: Int
  /// By `benign`, `malignant` and `unlabelled`; a patient is malignant if any lesion is, benign if one is and none malignant.
  public var patientsByLabel: [String: Int]
  public var lesionsByLabel: [String: Int]
  public var imagesByLabel: [String: Int]
  public var imagesByModality: [String: Int]
  /// By `still`, `clip` and `frame`.
  public var imagesByKind: [String: Int]
  /// Images without a site are counted under the empty text; so are those without a split.
  public var imagesBySite: [String: Int]
  public var imagesBySplit: [String: Int]
  public var imagesWithRegion: Int
  public var imagesWithMask: Int
  public var nearDuplicateGroups: Int
  /// Files that the last import of each source could not bring in; see ``Catalogue/importFailures()``.
  public var importFailures: Int
  public var clinical: [Column]
  /// See ``Catalogue/contentHash()``.
  public var contentHash: String
}

extension Catalogue {
  /// Counts what the cohort holds.
  public func summary() throws(CohortError) -> CohortSummary {
    let images = try images()
    let lesions = Dictionary(images.map { ($0.lesion, $0.label) }) { first, _ in first }
    let patients = Dictionary(images.map { ($0.patient, $0.label) }) { $0 == .malignant ? $0 : $1 ?? $0 }
    return CohortSummary(
      path: folder.path, patients: patients.count, patientsAreKnown: try patientsAreKnown,
      patientSource: try patientSource, lesions: lesions.count, images: images.count,
      patientsByLabel: Self.count(patients.values.map(Self.word)),
      lesionsByLabel: Self.count(lesions.values.map(Self.word)),
      imagesByLabel: Self.count(images.map { Self.word($0.label) }),
      imagesByModality: Self.count(images.map(\.modality.rawValue)),
      imagesByKind: Self.count(images.map { String($0.extent.text.prefix { $0 != " " }) }),
      imagesBySite: Self.count(images.map { $0.site ?? "" }),
      imagesBySplit: Self.count(images.map { $0.split?.rawValue ?? "" }),
      imagesWithRegion: images.count { $0.region != nil || !$0.frameRegions.isEmpty },
      imagesWithMask: images.count { !$0.masks.isEmpty },
      nearDuplicateGroups: Set(images.compactMap(\.duplicateGroup)).count,
      importFailures: try importFailures().count,
      clinical: Set(images.flatMap(\.clinical.keys)).sorted().map { Self.column($0, images) },
      contentHash: try contentHash())
  }

  private static func word(_ label: Label?) -> String { label?.rawValue ?? "unlabelled" }

  private static func count(_ words: [String]) -> [String: Int] {
    words.reduce(into: [:]) { $0[$1, default: 0] += 1 }
  }

  private static func column(_ name: String, _ images: [ImageRecord]) -> CohortSummary.Column {
    var (numbers, texts) = (0, 0)
    var distinct: Set<ClinicalValue> = []
    var valueOfLesion: [String: ClinicalValue] = [:]
    var isConstant = true
    for image in images {
      let value = image.clinical[name] ?? .missing
      if valueOfLesion.updateValue(value, forKey: image.lesion) ?? value != value { isConstant = false }
      switch value {
      case .number: numbers += 1
      case .text: texts += 1
      case .missing: continue
      }
      distinct.insert(value)
    }
    return CohortSummary.Column(
      name: name, kind: texts == 0 ? .number : numbers == 0 ? .text : .mixed, missing: images.count - numbers - texts,
      distinct: distinct.count, isConstantWithinLesion: isConstant)
  }
}
