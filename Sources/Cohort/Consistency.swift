import Ultrasound

/// Checks over the rows of a source, together with what the catalogue holds: one patient, label, histology, size and background
/// a lesion; one date and site an exam; one patient a pair.
struct Consistency {
  /// What all rows say of one lesion together; a cell left empty in one row is filled from another.
  struct Lesion {
    var place: String
    var patient: String?
    var label: Label?
    var histology: String?
    var sizeMillimetres: Double?
    var background: Background?
  }

  private(set) var lesions: [String: Lesion]
  private var dates: [[String]: (place: String, value: String)] = [:]
  private var sites: [[String]: (place: String, value: String)] = [:]
  private var pairs: [String: (place: String, value: String)] = [:]

  /// - catalogued: the lesions there are, by key.
  init(catalogued: [String: Lesion]) { lesions = catalogued }

  /// An exam that the catalogue holds.
  mutating func add(exam: String, of patient: String, _ date: String?, _ site: String?, _ place: String) {
    var problems: [CohortProblem] = []
    Self.keep(&dates, [patient, exam], date, place, "", &problems)
    Self.keep(&sites, [patient, exam], site, place, "", &problems)
  }

  /// What contradicts the drafts before and the catalogue.
  mutating func add(_ draft: ImageDraft) -> [CohortProblem] {
    var problems = addLesion(draft)
    let patient = draft.patient ?? draft.lesion
    if let exam = draft.exam {
      Self.keep(&dates, [patient, exam], draft.date, draft.place, "exam \"\(exam)\" has date", &problems)
      Self.keep(&sites, [patient, exam], draft.site, draft.place, "exam \"\(exam)\" has site", &problems)
    }
    if let pair = draft.pair {
      Self.keep(&pairs, pair, patient, draft.place, "pair \"\(pair)\" is of patient", &problems)
    }
    return problems
  }

  private mutating func addLesion(_ draft: ImageDraft) -> [CohortProblem] {
    guard var lesion = lesions[draft.lesion] else {
      lesions[draft.lesion] = Lesion(
        place: draft.place, patient: draft.patient, label: draft.label, histology: draft.histology,
        sizeMillimetres: draft.sizeMillimetres, background: draft.background)
      return []
    }
    var problems: [CohortProblem] = []
    func differ(_ what: String, _ here: String?, _ there: String?) {
      let (here, there) = (here ?? "unknown", there ?? "unknown")
      problems.append(
        CohortProblem(
          place: draft.place,
          message: "lesion \"\(draft.lesion)\" has \(what) \"\(here)\" here and \"\(there)\" at \(lesion.place)"))
    }
    if draft.patient != lesion.patient { differ("patient", draft.patient, lesion.patient) }
    if let here = draft.label, here != lesion.label ?? here { differ("label", here.rawValue, lesion.label?.rawValue) }
    if let here = draft.histology, here != lesion.histology ?? here { differ("histology", here, lesion.histology) }
    if let here = draft.sizeMillimetres, here != lesion.sizeMillimetres ?? here {
      differ("size_mm", String(here), lesion.sizeMillimetres.map { String($0) })
    }
    if let here = draft.background, here != lesion.background ?? here {
      differ("background", here.rawValue, lesion.background?.rawValue)
    }
    // What contradicts itself says nothing to the rows after it.
    guard problems.isEmpty else { return problems }
    lesion.label = lesion.label ?? draft.label
    lesion.histology = lesion.histology ?? draft.histology
    lesion.sizeMillimetres = lesion.sizeMillimetres ?? draft.sizeMillimetres
    lesion.background = lesion.background ?? draft.background
    lesions[draft.lesion] = lesion
    return []
  }

  private static func keep<Key: Hashable>(
    _ seen: inout [Key: (place: String, value: String)], _ key: Key, _ value: String?, _ place: String, _ what: String,
    _ problems: inout [CohortProblem]
  ) {
    guard let value else { return }
    if let first = seen[key] {
      if first.value != value {
        problems.append(
          CohortProblem(place: place, message: "\(what) \"\(value)\" here and \"\(first.value)\" at \(first.place)"))
      }
    } else {
      seen[key] = (place, value)
    }
  }
}
