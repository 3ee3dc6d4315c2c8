import Foundation
import Testing

@testable import Evaluation

@Test func look() throws {
  guard let out = ProcessInfo.processInfo.environment["LOOK"] else { return }
  let study = Study(external: 50)
  let input = ReportInput(
    title: "Liver B-mode: benign against malignant", predictions: study.predictions, images: study.images,
    study: [.init("Data", "Simulated liver cohort"), .init("Network", "EfficientNet-Lite0, ImageNet weights")],
    protocolJSON: "{\n  \"name\": \"liver\"\n}", provenance: ["insonate": "0.1.0", "seed": "17"],
    history: study.history,
    isInSilico: true, idealObserver: IdealObserverSummary(auc: 0.885, sees: "B-mode factors", scores: study.ideal))
  try Report.write(input, to: URL(fileURLWithPath: out))
}
