import Ultrasound

/// What is particular to one simulated system: its factors, its clinical record, its lesions and its machines.
struct StudyDesign: Sendable {
  /// Factors that one modality shows, with weights relative to those of all modalities.
  struct FactorGroup: Sendable {
    let observer: SimulationRecord.Observer
    let modality: Modality
    let factors: [(name: String, weight: Double)]
  }

  struct Histology: Sendable {
    let malignant: [(String, Double)]
    let benign: [(String, Double)]
  }

  let system: SimulatedSystem
  let groups: [FactorGroup]
  let clinical: [ClinicalColumn]
  /// Types with their shares, which sum to one.
  let histology: Histology
  let exams: ExamPlan
  /// Nominal diameter.
  let diameter: LesionSize
  /// The image factor that sets the diameter, as place in `groups` and in the group; nil where size is nuisance.
  var sizeFactor: (group: Int, factor: Int)?
  /// Shape of the nominal ellipse: height over width, uniform.
  let aspect: ClosedRange<Double>
  /// Whether all lesions of a patient are of one class, as they must be where clinical factors tell the class.
  let classIsOfPatient: Bool
  /// Columns that tell pictures of one lesion apart, such as a frame's time.
  var pictureColumns: [String] = []
  /// What cohort.csv's columns mean, for the README.
  let legend: String
}

/// Diameters in mm: log-normal, cut to a range.
struct LesionSize: Sendable {
  let median: Double
  let logDeviation: Double
  let range: ClosedRange<Double>

  init(_ median: Double, logDeviation: Double, range: ClosedRange<Double>) {
    (self.median, self.logDeviation, self.range) = (median, logDeviation, range)
  }

  /// Of a lesion whose size lies this many deviations from the median.
  func millimetres(_ deviations: Double) -> Double {
    let wished = median * PortableMath.exp(logDeviation * deviations)
    return min(range.upperBound, max(range.lowerBound, wished))
  }
}

/// A system's factor models: one a group of image factors, one of the clinical record.
struct StudyTruthModel: Sendable {
  struct Group: Sendable {
    let observer: SimulationRecord.Observer
    let modality: Modality
    let model: FactorModel
  }

  let groups: [Group]
  /// In the order of the design's clinical columns.
  let clinical: FactorModel
  private let isReading: [Bool]

  init(_ design: StudyDesign, settings: CohortSettings) {
    var rest = FactorModel(weights: design.groups.flatMap(\.factors), idealAUC: settings.idealAUC).factors[...]
    let groups = design.groups.map { group in
      defer { rest = rest.dropFirst(group.factors.count) }
      return Group(
        observer: group.observer, modality: group.modality,
        model: FactorModel(factors: Array(rest.prefix(group.factors.count))))
    }
    let proper = FactorModel(
      weights: design.clinical.filter { $0.reads == nil }.map { ($0.name, $0.weight) },
      idealAUC: settings.idealClinicalAUC)
    clinical = FactorModel(
      factors: design.clinical.map { column in
        guard let reading = column.reads else {
          return Factor(name: column.name, separation: proper.separation(of: column.name))
        }
        let read = groups.first { $0.observer == reading.observer }?.model.separation(of: reading.factor) ?? 0
        return Factor(name: column.name + "_reading", separation: read / reading.scale)
      })
    self.groups = groups
    isReading = design.clinical.map { $0.reads != nil }
  }

  var images: FactorModel { FactorModel(factors: groups.flatMap(\.model.factors)) }

  /// Everything: a reading tells nothing beyond the image factor it was read from.
  var all: FactorModel {
    let proper = zip(clinical.factors, isReading).filter { !$0.1 }.map(\.0)
    return FactorModel(factors: images.factors + proper)
  }

  /// Values for `all`, from those of the image factors and of the clinical columns.
  func allValues(images: [[Double]], clinical: [Double]) -> [Double] {
    images.flatMap(\.self) + zip(clinical, isReading).filter { !$0.1 }.map(\.0)
  }

  /// The groups of simulation.json.
  var recordGroups: [SimulationRecord.Group] {
    groups.map { SimulationRecord.Group($0.observer, $0.model, modality: $0.modality) }
      + [.init(.images, images), .init(.clinical, clinical), .init(.all, all)]
  }
}
