import Ultrasound

/// One lesion with its truth, before any picture is made.
struct LiverLesion: Sendable {
  let patient: Int
  let number: Int
  let label: Label
  let histology: String
  let background: Background
  let exam: Exam
  /// Values of the B-mode and of the clinical factors, in the order of `LiverTruthModel`.
  let bmode: [Double]
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
  /// Longest diameter, mm.
  var size: Double {
    LesionShape.longestDiameter(look: LesionLook(factors: bmode), aspect: aspect, outline: outline, radius: radius)
  }
}

/// Draws patients, lesions and examinations.
struct LiverPlan: Sendable {
  static let recordColumns = ClinicalColumn.proper + [ClinicalColumn.halo]

  private let settings: LiverSettings
  private let model: LiverTruthModel

  init(_ settings: LiverSettings, model: LiverTruthModel) { (self.settings, self.model) = (settings, model) }

  /// All lesions in order of patient. Both lesions of a patient share its class, since the clinical factors are the patient's.
  func lesions() -> [LiverLesion] {
    let count = settings.patients
    let prevalence = min(Double(count - 1), max(1, (settings.prevalence * Double(count)).rounded())) / Double(count)
    let labels = quota("labels", [(Label.malignant, prevalence), (.benign, 1 - prevalence)])
    let backgrounds = quota("backgrounds", [(Background.normal, 0.471), (.steatosis, 0.086), (.fibrosis, 0.443)])
    let second = settings.lesionsPerPatient - 1
    let counts = quota("counts", [(1, 1 - second), (2, second)])
    var lesions: [LiverLesion] = []
    for patient in 0..<count {
      let exam = drawExam(patient)
      let ofPatient = drawPatientFactors(patient, malignant: labels[patient] == .malignant)
      for _ in 0..<counts[patient] {
        lesions.append(
          drawLesion(
            number: lesions.count + 1, patient: patient + 1, label: labels[patient], background: backgrounds[patient],
            exam: exam, ofPatient: ofPatient))
      }
    }
    return lesions
  }

  private func quota<Element>(_ purpose: String, _ shares: [(Element, Double)]) -> [Element] {
    var stream = RandomStream(seed: settings.seed, purpose: purpose)
    return stream.quota(shares, count: settings.patients)
  }

  private struct PatientFactors {
    var values: [Double]
    var isMissing: [Bool]
  }

  private func drawPatientFactors(_ patient: Int, malignant: Bool) -> PatientFactors {
    var values = RandomStream(seed: settings.seed, purpose: "clinical factors", patient)
    var missing = RandomStream(seed: settings.seed, purpose: "clinical missing", patient)
    return PatientFactors(
      values: model.clinical.draw(malignant: malignant, from: &values),
      isMissing: Self.recordColumns.map { missing.chance($0.missing) })
  }

  private func drawLesion(
    number: Int, patient: Int, label: Label, background: Background, exam: Exam, ofPatient: PatientFactors
  ) -> LiverLesion {
    let malignant = label == .malignant
    var factors = RandomStream(seed: settings.seed, purpose: "lesion factors", number)
    let bmode = model.bmode.draw(malignant: malignant, from: &factors)
    let ofLesion = model.clinical.draw(malignant: malignant, from: &factors)
    var clinical = zip(ClinicalColumn.proper.indices, ClinicalColumn.proper).map { index, column in
      column.isOfPatient ? ofPatient.values[index] : ofLesion[index]
    }
    let haloFactor = zip(model.bmode.factors, bmode).first { $0.0.name == "halo" }?.1 ?? 0
    clinical.append((haloFactor + LiverTruthModel.readerNoise * factors.normal()) / LiverTruthModel.readingScale)

    var shape = RandomStream(seed: settings.seed, purpose: "lesion shape", number)
    let diameter = 31 * PortableMath.exp(0.36 * shape.normal())
    let (record, ratio) = write(clinical, isMissing: ofPatient.isMissing)
    return LiverLesion(
      patient: patient, number: number, label: label, histology: Self.histology(malignant, stream: &shape),
      background: background, exam: exam, bmode: bmode, clinical: clinical, record: record,
      recordedLogLikelihoodRatio: ratio, radius: 0.5 * min(0.4 * exam.depth, max(14, diameter)),
      aspect: shape.uniform(0.76...1),
      outline: LesionShape.harmonics.map { _ in shape.uniform(0...(2 * PortableMath.pi)) })
  }

  private func write(_ clinical: [Double], isMissing: [Bool]) -> (record: [String], ratio: Double) {
    var (record, ratio) = ([String](), 0.0)
    for (index, column) in Self.recordColumns.enumerated() {
      guard !isMissing[index] else {
        record.append("")
        continue
      }
      record.append(column.cell(clinical[index]))
      ratio += column.recordedLogLikelihoodRatio(
        clinical[index], separation: model.clinical.factors[index].separation)
    }
    return (record, ratio)
  }

  private func drawExam(_ patient: Int) -> Exam {
    ExamPlan(devices: Self.devices, depths: [100, 110, 120, 130, 140], start: (2018, 5), days: 426)
      .exam(seed: settings.seed, patient: patient)
  }

  private static func histology(_ malignant: Bool, stream: inout RandomStream) -> String {
    let shares: [(String, Double)] =
      malignant
      ? [
        ("hepatocellular carcinoma", 0.62), ("metastasis", 0.24), ("intrahepatic cholangiocarcinoma", 0.11),
        ("combined carcinoma", 0.03),
      ]
      : [
        ("haemangioma", 0.38), ("focal nodular hyperplasia", 0.27), ("inflammatory lesion", 0.14),
        ("regenerative nodule", 0.13), ("hepatocellular adenoma", 0.08),
      ]
    return stream.pick(shares)
  }

  private static let degree = PortableMath.pi / 180

  static let devices: [Device] = [
    Device(
      name: "sim-convex-3.5", frequencyMHz: 3.5, face: .convex(radius: 60, halfAngle: 33 * degree), aperture: 24,
      looks: 2,
      greyContrast: 0.7, noise: -68, surround: 0),
    Device(
      name: "sim-convex-4.0-compound", frequencyMHz: 4.0, face: .convex(radius: 55, halfAngle: 34 * degree),
      aperture: 28, looks: 4,
      greyContrast: 0.9, noise: -74, surround: 0),
    Device(
      name: "sim-convex-3.0", frequencyMHz: 3.0, face: .convex(radius: 50, halfAngle: 36 * degree), aperture: 22,
      looks: 3,
      greyContrast: 0.6, noise: -64, surround: 12),
    Device(
      name: "sim-convex-4.5-compound", frequencyMHz: 4.5, face: .convex(radius: 60, halfAngle: 30 * degree),
      aperture: 30, looks: 5,
      greyContrast: 0.8, noise: -78, surround: 0),
  ]
}
