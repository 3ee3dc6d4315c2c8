import Ultrasound

/// One examination: nuisance, drawn without a look at the class.
struct LiverExam: Sendable {
  let site: String
  let device: Device
  let date: String
  /// mm.
  let depth: Double
  let gain: Double
}

/// One lesion with its truth, before any picture is made.
struct LiverLesion: Sendable {
  let patient: Int
  let number: Int
  let label: Label
  let histology: String
  let background: Background
  let exam: LiverExam
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
    let table = LiverLesionShape.relativeBoundary(
      look: LesionLook(factors: bmode), aspect: aspect, outline: outline, turn: 0)
    let half = table.count / 2
    let longest = (0..<half).map { table[$0] + table[$0 + half] }.max() ?? 2
    return longest * radius
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
    number: Int, patient: Int, label: Label, background: Background, exam: LiverExam, ofPatient: PatientFactors
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
      outline: LiverLesionShape.harmonics.map { _ in shape.uniform(0...(2 * PortableMath.pi)) })
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

  private func drawExam(_ patient: Int) -> LiverExam {
    var stream = RandomStream(seed: settings.seed, purpose: "exam", patient)
    let place = stream.uniform()
    let site = Self.sites.first { place < $0.below } ?? Self.sites[0]
    let device = Self.devices[site.devices[stream.index(below: site.devices.count)]]
    let depth = 100 + 10 * Double(stream.index(below: 5))
    return LiverExam(
      site: site.name, device: device, date: Self.date(stream.index(below: 426)), depth: depth,
      gain: min(6, max(-6, 2.2 * stream.normal())))
  }

  /// Day 0 is 1 May 2018, day 425 the last of June 2019 (S2-01).
  static func date(_ day: Int) -> String {
    let lengths = [31, 30, 31, 31, 30, 31, 30, 31, 31, 28, 31, 30, 31, 30]
    var (rest, month) = (day, 0)
    while month < lengths.count - 1 && rest >= lengths[month] {
      rest -= lengths[month]
      month += 1
    }
    let calendar = 4 + month
    return "\(2018 + calendar / 12)-\(padded(calendar % 12 + 1, 2))-\(padded(rest + 1, 2))"
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
    var place = stream.uniform()
    for (name, share) in shares {
      place -= share
      if place < 0 { return name }
    }
    return shares[0].0
  }

  private static let sites: [(name: String, below: Double, devices: [Int])] = [
    ("site-a", 0.40, [0, 1]), ("site-b", 0.65, [1, 2]), ("site-c", 0.85, [0, 3]), ("site-d", 1, [2, 3]),
  ]

  private static let degree = PortableMath.pi / 180

  static let devices: [Device] = [
    Device(
      name: "sim-convex-3.5", frequencyMHz: 3.5, radius: 60, halfAngle: 33 * degree, aperture: 24, looks: 2,
      greyContrast: 0.7, noise: -68, surround: 0),
    Device(
      name: "sim-convex-4.0-compound", frequencyMHz: 4.0, radius: 55, halfAngle: 34 * degree, aperture: 28, looks: 4,
      greyContrast: 0.9, noise: -74, surround: 0),
    Device(
      name: "sim-convex-3.0", frequencyMHz: 3.0, radius: 50, halfAngle: 36 * degree, aperture: 22, looks: 3,
      greyContrast: 0.6, noise: -64, surround: 12),
    Device(
      name: "sim-convex-4.5-compound", frequencyMHz: 4.5, radius: 60, halfAngle: 30 * degree, aperture: 30, looks: 5,
      greyContrast: 0.8, noise: -78, surround: 0),
  ]
}

/// `number` with leading zeros.
func padded(_ number: Int, _ width: Int = 4) -> String {
  let text = String(number)
  return String(repeating: "0", count: max(0, width - text.count)) + text
}
