import Cohort
import Foundation
import Wording

@testable import Evaluation

/// Records as a run of the platform leaves them.
enum ChecklistFixture {
  static let sectionIDs: Set = [
    "study", "cohort", "flow", "results-internal-test", "results-external-test", "combination", "nomogram",
    "decision-curve", "readers", "strata", "heat-maps", "training", "methods", "record",
  ]

  /// A run of five folds with an external part, a clinical record, a combined model and heat maps.
  static func rich() throws -> ReportInput {
    var study = Study(external: 40)
    for index in study.images.indices {
      study.images[index].site = index % 2 == 0 ? "A" : "A2"
      if index % 3 == 0 { study.images[index].histology = "carcinoma" }
    }
    let combination = try JSONDecoder().decode(CombinationSummary.self, from: Data(combination.utf8))
    return ReportInput(
      title: "Liver", predictions: study.predictions, images: study.images, protocolJSON: studyProtocol,
      provenance: provenance, history: study.history, combination: combination,
      gallery: [GalleryItem(bytes: Data([0x89, 0x50, 0x4E, 0x47]), caption: "one")],
      galleryNotes: ["Half of a heat map lies on the lesion."])
  }

  /// A table of test scores and nothing else.
  static func bare() -> ReportInput {
    ReportInput(
      title: "Table",
      predictions: Study().predictions.filter { $0.split == "internal-test" }.map { row in
        var row = row
        (row.split, row.site) = ("test", "")
        return row
      })
  }

  static func record(
    _ input: ReportInput, sectionIDs: Set<String> = sectionIDs, files: Set<String>? = nil,
    words: Wording = Wording()
  ) throws -> StudyRecord {
    let metrics = try Evaluator.metrics(of: input.predictions, patientsAreKnown: input.patientsAreKnown)
    return StudyRecord(input: input, metrics: metrics, sectionIDs: sectionIDs, files: files, words: words)
  }

  static let provenance = [
    "insonate": "0.4.0", "libtorch": "2.13.0", "protocolHash": "742352db06c3ccd5d6dd491d5c7ac97a",
    "cohort": "/data/liver", "cohortHash": "bdbce9f55483e9b2232659cb22896295", "patientSource": "patient column",
    "images": "450", "lesions": "178", "patients": "160", "seed": "17", "device": "cpu", "precision": "bfloat16",
    "threads": "2", "processor": "EPYC", "started": "2026-01-01T00:00:00Z", "trainingSeconds": "179",
  ]

  static let studyProtocol = """
    {"title": "Liver", "model": "m", "seed": 17, "sampler": "class-balanced",
     "cohort": {"modalities": ["b-mode"]},
     "network": {"name": "resnet18", "settings": {"dropout": 0.5}, "weights": "/weights/liver.safetensors", "classes": 1},
     "input": {"sample": "image", "region": "lesion", "margin": 0.2, "size": 224, "mirrored": true,
       "clip": {"frames": 16, "extent": "whole", "stride": 1}},
     "clinical": [{"column": "age", "kind": "number", "levels": [], "log": false}],
     "augmentation": {"flip": 0.5, "rotation": 8.6, "elastic": 0, "elasticNodes": 6, "paired": true},
     "loss": {"kind": "binary-cross-entropy", "positiveWeight": 2, "alpha": 0.5, "tripletWeight": 1,
       "attentionWeight": 0.5},
     "optimiser": {"kind": "adamw", "learningRate": 0.001, "weightDecay": 0.01},
     "schedule": {"kind": "one-cycle"},
     "training": {"epochs": 20, "batchSize": 16, "averaging": 0.98},
     "validation": {"split": "k-fold", "folds": 5, "column": "", "fraction": 0.15, "chooseOn": "validation",
       "choose": "loss"},
     "combination": {"factors": [{"column": "afp", "kind": "number", "above": 200, "levels": [], "reference": ""}],
       "missing": "level", "screening": "multivariable", "alpha": 0.05, "score": "logit", "fittedOn": "out-of-fold"}}
    """

  private static let model = """
    {"lesions": 90, "malignant": 40, "patients": 80, "univariate": [], "kept": ["afp > 200"],
     "combined": {"method": "maximum-likelihood", "coefficients": []}, "warnings": []}
    """

  private static let combination = """
    {"model": "m+clinical", "folds": [\(model)], "allFolds": \(model), "nomogram": {"axes": [], "totals": []},
     "settings": {"missing": "level", "screening": "multivariable", "alpha": 0.05, "score": "logit",
       "fittedOn": "out-of-fold"}}
    """
}
