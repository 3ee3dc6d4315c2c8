import Ultrasound

/// One lesion with its truth, before any picture is made.
struct StudyLesion: Sendable {
  let patient: Int
  let number: Int
  let label: Label
  let histology: String
  let exam: Exam
  /// Values of the image factors by group, and of the clinical factors by column.
  let factors: [[Double]]
  let clinical: [Double]
  /// What the cohort table holds for each clinical column, empty where missing.
  let record: [String]
  let recordedLogLikelihoodRatio: Double
  /// Mean radius, mm; shape about it.
  let radius: Double
  let aspect: Double
  let outline: [Double]

  var id: String { "L" + padded(number) }
  var patientID: String { "P" + padded(patient) }
}

/// Draws patients, lesions and examinations of any study.
struct StudyPlan: Sendable {
  private let design: StudyDesign
  private let settings: CohortSettings
  private let model: StudyTruthModel

  init(_ design: StudyDesign, settings: CohortSettings, model: StudyTruthModel) {
    (self.design, self.settings, self.model) = (design, settings, model)
  }

  /// All lesions in order of patient.
  func lesions() -> [StudyLesion] {
    let counts = lesionCounts()
    let labels = labels(counts: counts)
    var lesions: [StudyLesion] = []
    for patient in 0..<settings.patients {
      let exam = design.exams.exam(seed: settings.seed, patient: patient)
      for _ in 0..<counts[patient] {
        lesions.append(
          drawLesion(number: lesions.count + 1, patient: patient, label: labels[lesions.count], exam: exam))
      }
    }
    return lesions
  }

  /// 1 and up to three more, binomial with the wished mean.
  private func lesionCounts() -> [Int] {
    let p = (settings.lesionsPerPatient - 1) / 3
    let q = 1 - p
    var stream = RandomStream(seed: settings.seed, purpose: "counts")
    return stream.quota(
      [(1, q * q * q), (2, 3 * p * q * q), (3, 3 * p * p * q), (4, p * p * p)], count: settings.patients)
  }

  /// One class a lesion, with both classes there and the wished share of patients, or of lesions where a patient's may differ.
  private func labels(counts: [Int]) -> [Label] {
    let total = design.classIsOfPatient ? settings.patients : counts.reduce(0, +)
    let share = min(Double(total - 1), max(1, (settings.prevalence * Double(total)).rounded())) / Double(total)
    var stream = RandomStream(seed: settings.seed, purpose: "labels")
    let drawn = stream.quota([(Label.malignant, share), (.benign, 1 - share)], count: total)
    guard design.classIsOfPatient else { return drawn }
    return zip(drawn, counts).flatMap { Array(repeating: $0, count: $1) }
  }

  private func drawLesion(number: Int, patient: Int, label: Label, exam: Exam) -> StudyLesion {
    let malignant = label == .malignant
    var factors = RandomStream(seed: settings.seed, purpose: "lesion factors", number)
    let images = model.groups.map { $0.model.draw(malignant: malignant, from: &factors) }
    let clinical = drawClinical(patient: patient, malignant: malignant, images: images, stream: &factors)
    let (record, ratio) = write(clinical, patient: patient)

    var shape = RandomStream(seed: settings.seed, purpose: "lesion shape", number)
    let free = shape.normal()
    let size = design.sizeFactor.map { images[$0.group][$0.factor] } ?? free
    let types = malignant ? design.histology.malignant : design.histology.benign
    return StudyLesion(
      patient: patient + 1, number: number, label: label, histology: shape.pick(types), exam: exam, factors: images,
      clinical: clinical, record: record, recordedLogLikelihoodRatio: ratio,
      radius: 0.5 * design.diameter.millimetres(size),
      aspect: shape.uniform(design.aspect),
      outline: LesionShape.harmonics.map { _ in shape.uniform(0...(2 * PortableMath.pi)) })
  }

  private func drawClinical(
    patient: Int, malignant: Bool, images: [[Double]], stream: inout RandomStream
  ) -> [Double] {
    var shared = RandomStream(seed: settings.seed, purpose: "clinical factors", patient)
    let ofPatient = model.clinical.draw(malignant: malignant, from: &shared)
    let ofLesion = model.clinical.draw(malignant: malignant, from: &stream)
    return design.clinical.indices.map { index in
      let column = design.clinical[index]
      guard let reading = column.reads else { return column.isOfPatient ? ofPatient[index] : ofLesion[index] }
      let noise = reading.noise * stream.normal()
      return (value(of: reading, images) + noise) / reading.scale
    }
  }

  private func value(of reading: ClinicalColumn.Reading, _ images: [[Double]]) -> Double {
    for (group, values) in zip(model.groups, images) where group.observer == reading.observer {
      for (factor, value) in zip(group.model.factors, values) where factor.name == reading.factor { return value }
    }
    return 0
  }

  private func write(_ clinical: [Double], patient: Int) -> (record: [String], ratio: Double) {
    var missing = RandomStream(seed: settings.seed, purpose: "clinical missing", patient)
    var (record, ratio) = ([String](), 0.0)
    for (index, column) in design.clinical.enumerated() {
      guard !missing.chance(column.missing) else {
        record.append("")
        continue
      }
      record.append(column.cell(clinical[index]))
      ratio += column.recordedLogLikelihoodRatio(clinical[index], separation: model.clinical.factors[index].separation)
    }
    return (record, ratio)
  }
}
