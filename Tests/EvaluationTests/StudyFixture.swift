import Analyses
import Cohort
import Foundation
import Ultrasound

@testable import Evaluation

/// A whole study with its side tables, drawn from a seed: 150 lesions of 120 patients at three sites in two test parts,
/// three models, clinical variables with gaps, an enrolment log, four readers in two arms, two comparators.
struct StudyFixture {
  struct Lesion {
    let patient: String
    let name: String
    let site: String
    let split: String
    let isMalignant: Bool
    /// What the models see of it.
    let truth: Double
    let age: Double?
    let sex: String
    let size: Double?
    let halo: Bool?
  }

  private(set) var lesions: [Lesion] = []
  private(set) var predictions: [Prediction] = []
  private(set) var readings = "reader,arm,lesion,label,confidence,call,experience\n"

  static let models = ["B", "CEUS", "B+CEUS"]

  /// - training: adds validation rows of 60 further lesions.
  init(seed: UInt64 = 11, training: Bool = false) {
    var random = Seeded(state: seed)
    for patient in 0..<(training ? 168 : 120) {
      let isTraining = patient >= 120
      for lesion in 0..<(patient % 4 == 0 ? 2 : 1) {
        let isMalignant = Double.random(in: 0..<1, using: &random) < 0.45
        let age = (52 + (isMalignant ? 8 : 0) + 11 * random.normal()).rounded()
        let size = (exp(3.1 + (isMalignant ? 0.3 : 0) + 0.6 * random.normal()) * 10).rounded() / 10
        let isMale = Double.random(in: 0..<1, using: &random) < (isMalignant ? 0.7 : 0.5)
        let halo = Double.random(in: 0..<1, using: &random) < (isMalignant ? 0.6 : 0.25)
        lesions.append(
          Lesion(
            patient: "P\(patient)", name: "L\(patient)-\(lesion)", site: patient < 70 ? "A" : patient < 90 ? "B" : "C",
            split: isTraining ? "validation" : patient < 80 ? "internal-test" : "external-test",
            isMalignant: isMalignant, truth: random.normal() + (isMalignant ? 1.5 : 0),
            age: patient % 17 == 3 ? nil : age, sex: isMale ? "male" : "female", size: patient % 23 == 5 ? nil : size,
            halo: patient % 19 == 7 ? nil : halo))
      }
    }
    for (place, model) in Self.models.enumerated() {
      for lesion in lesions {
        for image in 0..<2 {
          let logit = (1.1 + 0.3 * Double(place)) * (lesion.truth - 0.75) + 1.2 * random.normal()
          predictions.append(
            Prediction(
              model: model, split: lesion.split, fold: 0, site: lesion.site, patient: lesion.patient,
              lesion: lesion.name, image: "\(lesion.name)/\(image)", label: lesion.isMalignant ? .malignant : .benign,
              score: 1 / (1 + exp(-logit))))
        }
      }
    }
    for (reader, skill) in [0.7, 0.9, 1.3, 1.6].enumerated() {
      for arm in ["unaided", "aided"] {
        for lesion in lesions where lesion.split == "external-test" {
          let seen = lesion.truth - 0.75 + random.normal() * (arm == "aided" ? 0.9 : 1.4) / skill
          let confidence = (100 / (1 + exp(-1.5 * seen))).rounded()
          readings +=
            "R\(reader + 1),\(arm),\(lesion.name),\(lesion.isMalignant ? 1 : 0),\(Int(confidence)),"
            + "\(confidence >= 50 ? 1 : 0),\(reader < 2 ? "junior" : "senior")\n"
        }
      }
    }
  }

  var clinical: String {
    var text = "patient,lesion,age,sex,size_mm,halo\n"
    for lesion in lesions {
      let halo = lesion.halo.map { $0 ? "yes" : "no" } ?? ""
      let cells = [lesion.age.map { "\($0)" } ?? "", lesion.sex, lesion.size.map { "\($0)" } ?? "NA", halo]
      text += ([lesion.patient, lesion.name] + cells).joined(separator: ",") + "\n"
    }
    return text
  }

  var enrolment: String {
    var text = "patient,included,reason,stage,date\n"
    for patient in 0..<30 {
      text += "X\(patient),no,\(patient % 3 == 0 ? "cyst" : "no histology"),screening,2019-01-02\n"
    }
    for patient in 0..<9 { text += "Y\(patient),no,poor images,reading,2019-03-02\n" }
    for patient in Set(lesions.map(\.patient)).sorted() { text += "\(patient),yes,,,2019-06-30\n" }
    return text
  }

  static let comparators =
    "name,sensitivity,specificity,accuracy,positives,negatives\nCT,88.1,79.5,84.7,200,120\nMRI,90,85,87.9,,\n"

  /// Writes the side tables into a folder.
  func files(in folder: URL) throws -> StudyFiles {
    func write(_ text: String, _ name: String) throws -> URL {
      let file = folder.appendingPathComponent(name)
      try Data(text.utf8).write(to: file)
      return file
    }
    return StudyFiles(
      clinical: try write(clinical, "clinical.csv"), enrolment: try write(enrolment, "enrolment.csv"),
      readings: try write(readings, "readings.csv"), comparators: try write(Self.comparators, "comparators.csv"))
  }

  func tables(in folder: URL) throws -> StudyTables {
    try StudyTables(
      files(in: folder), regression: ModelAnalyses.Variable.list("age,sex:male,halo"),
      strata: [StratumChoice("size_mm:20,50"), StratumChoice("sex"), StratumChoice("site")], predictions: predictions)
  }
}
