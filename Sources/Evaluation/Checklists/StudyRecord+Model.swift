import Figures
import Tables
import Wording

/// Model: what goes in, what it is made of, what its makers leave for others.
extension StudyRecord {
  private var clinical: [JSONValue] { self[setting: "clinical"]?.list ?? [] }
  private var factors: [JSONValue] { self[setting: "combination.factors"]?.list ?? [] }

  /// "age (number), sex (category)".
  private func kinds(_ columns: [JSONValue]) -> String {
    columns.compactMap { column in
      guard let name = column["column"]?.string, let kind = column["kind"]?.string else { return nil }
      return column["above"]?.scalar.map { "\(name) > \($0)" } ?? "\(name) (\(kind))"
    }.joined(separator: ", ")
  }

  private var clinicalColumns: Evidence? {
    clinical.isEmpty
      ? nil : evidence("clinical columns given to the network: \(kinds(clinical))", .setting("clinical"))
  }

  private var combinedFactors: Evidence? {
    factors.isEmpty
      ? nil
      : evidence(
        "factors of the combined model: \(kinds(factors))", .part(.combination), .setting("combination.factors"))
  }

  var predictorChoice: Finding {
    .part([clinicalColumns, combinedFactors, screening])
  }

  private var screening: Evidence? {
    guard !factors.isEmpty, let alpha = self[setting: "combination.alpha"]?.scalar else { return nil }
    let place = Place.setting("combination.screening")
    switch self[setting: "combination.screening"]?.string {
    case "multivariable":
      return evidence("factors with p < \(alpha) alone, then those with p < \(alpha) together", place)
    case "univariate": return evidence("factors with p < \(alpha) alone", place)
    case "all": return evidence("every factor is kept", place)
    default: return nil
    }
  }

  var predictors: Finding { .part([region, sample, clinicalColumns, combinedFactors]) }

  private var sample: Evidence? {
    let place = Place.setting("input.sample")
    switch self[setting: "input.sample"]?.string {
    case "image": return evidence("each image by itself", place)
    case "pair": return evidence("the images of a pair together", place)
    case "lesion": return evidence("one image a modality of a lesion together", place)
    case "clip": return evidence("the frames of a clip together", place)
    default: return nil
    }
  }

  var predictorHandling: Finding {
    let coded =
      clinical.isEmpty
      ? nil
      : evidence(
        "numbers standardised on the training part, categories a value a level: \(kinds(clinical))",
        .setting("clinical"))
    let score: Evidence? =
      switch factors.isEmpty ? nil : self[setting: "combination.score"]?.string {
      case "logit": evidence("the network’s score enters as its logit", .setting("combination.score"))
      case "probability": evidence("the network’s score enters as it is", .setting("combination.score"))
      default: nil
      }
    return .part([region, coded, combinedFactors, score])
  }

  // MARK: Network

  var model: [Evidence?] {
    [network, sample, clinicalColumns, combinedRegression]
  }

  private var network: Evidence? {
    guard let name = self[setting: "network.name"]?.string else { return nil }
    let settings = self[setting: "network.settings"]?.object ?? [:]
    let list = settings.sorted { $0.key < $1.key }.compactMap { key, value in value.scalar.map { "\(key) \($0)" } }
    let output: Phrase =
      switch self[setting: "network.classes"]?.number {
      case 1: "; one logit of malignancy"
      case 2: "; two logits, one a class"
      default: .nothing
      }
    return evidence(
      "network \(([name] + list).joined(separator: ", "))\(output)", .setting("network"))
  }

  private var combinedRegression: Evidence? {
    guard input.combination != nil else { return nil }
    return evidence(
      "logistic regression of the network’s score and clinical factors, with its coefficients", .part(.combination),
      .file("combination.json"))
  }

  var modelBuilding: Finding {
    .part([network, schedule, loss, epochChoice, combinedRegression, split])
  }

  var initialWeights: Evidence? {
    let place = Place.setting("network.weights")
    switch self[setting: "network.weights"]?.string {
    case nil: return nil
    case "imagenet": return evidence("weights learned on ImageNet", place)
    case "none": return evidence("random weights", place)
    case .some(let path):
      return evidence("weights of the file \(path.split(separator: "/").last.map(String.init) ?? path)", place)
    }
  }

  var specification: Finding {
    let checkpoints = checkpoints
    return .part([
      network,
      checkpoints.first.flatMap {
        evidence("weights of the networks, files: \(checkpoints.count)", .file($0))
      },
      combinedRegression,
      input.combination?.nomogram == nil ? nil : evidence("nomogram of the combined model", .part(.combination)),
      evidence("odds ratios and nomogram of score and clinical variables", .part(.nomogram)),
    ])
  }

  var protocolReference: Evidence? {
    guard let hash = input.provenance["protocolHash"] else {
      return self[setting: "validation.split"] == nil
        ? nil : evidence("the run’s protocol with every setting", .file("protocol.json"))
    }
    return evidence("the run’s protocol with every setting, hash \(Text.short(hash, 20))", .file("protocol.json"))
  }

  var software: Finding {
    let versions = [("insonate", "Insonate"), ("libtorch", "libtorch")].compactMap { key, name in
      input.provenance[key].map { "\(name) \($0)" }
    }
    guard !versions.isEmpty else { return .none }
    return .whole(
      if: versions.count == 2,
      [evidence("versions: \(versions.joined(separator: ", "))", .provenance("insonate"))])
  }
}
