import Cohort
import Figures
import Tables
import Ultrasound
import Wording

/// Data: where from, of whom, what was made of them.
extension StudyRecord {
  var dataSource: Finding {
    .part([
      size,
      input.provenance["cohortHash"].flatMap {
        evidence("the data are fixed by their hash, \(Text.short($0, 20))", .provenance("cohortHash"))
      },
      sites,
      input.isInSilico
        ? evidence("simulated images, no patient’s data", .part(.warnings), .part(.study)) : nil,
    ])
  }

  /// "512 images of 181 lesions of 160 patients".
  private var size: Evidence? {
    let record = input.provenance
    if let images = record["images"], let lesions = record["lesions"], let patients = record["patients"] {
      return evidence(sizes(images: images, lesions: lesions, patients: patients), .provenance("images"))
    }
    guard !input.images.isEmpty else { return nil }
    return evidence(
      sizes(
        images: Text.count(input.images.count), lesions: Text.count(lesions.count),
        patients: Text.count(Set(input.images.map(\.patient)).count)), .part(.tableOne))
  }

  private func sizes(images: String, lesions: String, patients: String) -> Phrase {
    input.patientsAreKnown
      ? "\(images) images of \(lesions) lesions of \(patients) patients"
      : "\(images) images of \(lesions) lesions in \(patients) groups of look-alike images; the source names no patients"
  }

  var sites: Evidence? { list(\.site, named: { "sites: \($0)" }, counted: { "number of sites: \($0)" }) }

  var acquisition: Finding {
    .part([
      list(\.device, named: { "devices: \($0)" }, counted: { "number of devices: \($0)" }),
      list({ $0.modality.rawValue }, named: { "modalities: \($0)" }, counted: { "number of modalities: \($0)" }),
    ])
  }

  /// The values that Table 1 counts, by name or, of many, by number.
  private func list(
    _ value: (ImageRecord) -> String?, named: (String) -> Phrase, counted: (String) -> Phrase
  ) -> Evidence? {
    let names = Set(input.images.compactMap(value)).sorted()
    guard !names.isEmpty else { return nil }
    let text = names.count > 8 ? counted(Text.count(names.count)) : named(names.joined(separator: ", "))
    return evidence(text, .part(.tableOne))
  }

  var eligibility: Finding {
    .part([evidence("exclusions with their reasons, from the enrolment log", .part(.flow)), onlyModalities])
  }

  private var onlyModalities: Evidence? {
    let names = self[setting: "cohort.modalities"]?.list.compactMap(\.string) ?? []
    guard !names.isEmpty else { return nil }
    return evidence("only images of: \(names.joined(separator: ", "))", .setting("cohort.modalities"))
  }

  /// What of an image the network is shown.
  var region: Evidence? {
    guard let size = self[setting: "input.size"]?.scalar, let region = self[setting: "input.region"]?.string else {
      return nil
    }
    if region == "lesion", let margin = self[setting: "input.margin"]?.number {
      if margin == 0 {
        return evidence("the lesion’s region, resized to \(size) × \(size) pixels", .setting("input"))
      }
      return evidence(
        "the lesion’s region and \(Text.fixed(margin * 100, 0)) % around it, resized to \(size) × \(size) pixels",
        .setting("input"))
    }
    return region == "image"
      ? evidence("the whole image, resized to \(size) × \(size) pixels", .setting("input")) : nil
  }

  var subsets: Finding {
    let cropped = self[setting: "input.region"]?.string == "lesion"
    let isClip = self[setting: "input.sample"]?.string == "clip"
    return .part([
      cropped ? evidence("only the lesion’s region of each image", .setting("input.region")) : nil,
      isClip
        ? self[setting: "input.clip.frames"]?.scalar.flatMap {
          evidence("\($0) frames of each clip", .setting("input.clip"))
        } : nil,
      onlyModalities,
    ])
  }

  /// Columns of the cohort, with the lesions that have a value: the clinical ones, and the size.
  private var columns: [(name: String, known: Int)] {
    var known: [String: Int] = [:]
    for images in lesions {
      var names = Set(images.flatMap { image in image.clinical.filter { $0.value != .missing }.keys })
      if images.contains(where: { $0.sizeMillimetres != nil }) { names.insert("size_mm") }
      for name in names { known[name, default: 0] += 1 }
    }
    return known.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  var missingData: Finding {
    let clinical = self[setting: "clinical"]?.list.count ?? 0
    let isCombined = self[setting: "combination.factors"]?.list.isEmpty == false
    let network =
      clinical > 0
      ? evidence(
        "clinical columns given to the network, \(clinical): a missing cell is a value of its own",
        .setting("clinical")) : nil
    let combined: Evidence? =
      switch isCombined ? self[setting: "combination.missing"]?.string : nil {
      case "level":
        evidence("combined model: a missing value is a level of its own", .setting("combination.missing"))
      case "drop":
        evidence(
          "combined model: lesions with a missing value are left out", .setting("combination.missing"))
      default: nil
      }
    return .whole(if: network != nil || combined != nil, [network, combined, missingCounts])
  }

  private var missingCounts: Evidence? {
    let total = lesions.count
    let missing = columns.filter { $0.known < total }.map { "\($0.name) \(Text.count(total - $0.known))" }
    guard !missing.isEmpty else { return nil }
    return evidence("lesions without a value: \(missing.joined(separator: ", "))", .part(.tableOne))
  }

  var characteristics: Finding {
    let names = columns.map(\.name)
    guard !names.isEmpty else { return .none }
    return .part([
      evidence("benign against malignant: \(names.joined(separator: ", "))", .part(.tableOne)), missingCounts,
    ])
  }

  var histology: Evidence? {
    let known = lesions.count { $0.contains { $0.histology != nil } }
    guard known > 0 else { return nil }
    return evidence(
      "histology is recorded for \(Text.count(known)) of \(Text.count(lesions.count)) lesions", .part(.tableOne))
  }

  var outcome: Finding {
    .part([
      metrics.sections.isEmpty
        ? nil
        : evidence(
          "malignant against benign, by lesion; a patient is malignant if any lesion is", .part(.methods),
          .metric("positiveClass")),
      histology,
    ])
  }

  var flow: Finding {
    if let diagram = evidence("patients included and excluded, with reasons", .part(.flow)) {
      return .whole([diagram, outcomes])
    }
    return .part([size, outcomes])
  }

  /// How many had the outcome, on the part a reader sees first.
  private var outcomes: Evidence? {
    guard let section = metrics.headline, let main = section.units.first else { return nil }
    return evidence(
      "\(splitName(section.split)): \(Text.count(main.positives)) malignant and \(Text.count(main.count - main.positives)) benign lesions \(ofPatients(main))",
      .results(section), .metric("sections"))
  }

  /// "of 160 patients".
  func ofPatients(_ unit: UnitMetrics) -> Phrase {
    let count = Text.count(unit.patients)
    return input.patientsAreKnown ? "of \(count) patients" : "in \(count) groups of look-alike images"
  }

  /// As a sentence has it.
  func splitName(_ split: String) -> Phrase {
    switch split {
    case Split.internalTest.rawValue: "internal test"
    case Split.externalTest.rawValue: "external test"
    case "": "test"
    default: Phrase(verbatim: split)
    }
  }
}
