import Figures
import Tables
import Wording

/// Training: how long, by what, and which weights were kept.
extension StudyRecord {
  /// A scalar of the protocol as it stands there.
  private func scalar(_ path: String) -> String? { self[setting: path]?.scalar }

  var schedule: Evidence? {
    guard let epochs = scalar("training.epochs"), let batch = scalar("training.batchSize"),
      let optimiser = scalar("optimiser.kind"), let rate = scalar("optimiser.learningRate")
    else { return nil }
    let decay: Phrase = scalar("optimiser.weightDecay").map { ", weight decay \($0)" } ?? .nothing
    let schedule: Phrase = scalar("schedule.kind").map { ", schedule \($0)" } ?? .nothing
    return evidence(
      "\(epochs) epochs, batches of \(batch), optimiser \(optimiser), learning rate \(rate)\(decay)\(schedule)",
      .setting("training"))
  }

  var loss: Evidence? {
    guard let loss = scalar("loss.kind"), let sampler = scalar("sampler") else { return nil }
    return evidence(
      "loss \(loss)\(term("triplet", "loss.tripletWeight"))\(term("attention", "loss.attentionWeight")), sampler \(sampler)",
      .setting("loss"))
  }

  /// A further term of the loss, where it weighs anything.
  private func term(_ name: Phrase, _ path: String) -> Phrase {
    guard let weight = self[setting: path]?.number, weight != 0 else { return .nothing }
    return " + \(name), weight \(Text.plain(weight))"
  }

  var augmentation: Evidence? {
    let amounts = ["flip", "rotation", "scale", "translation", "elastic", "gain", "gamma", "speckle"].compactMap {
      name in
      self[setting: "augmentation." + name]?.number.flatMap { $0 == 0 ? nil : "\(name) \(Text.plain($0))" }
    }
    if amounts.isEmpty {
      return self[setting: "augmentation"] == nil
        ? nil : evidence("images are not augmented", .setting("augmentation"))
    }
    return evidence("augmentation: \(amounts.joined(separator: ", "))", .setting("augmentation"))
  }

  var computed: Evidence? {
    let record = input.provenance
    guard let device = record["device"], let precision = record["precision"], let threads = record["threads"] else {
      return nil
    }
    let processor = record["processor"].map { " (\($0))" } ?? ""
    return evidence(
      "computed in \(precision) on \(device + processor), threads: \(threads)", .provenance("device"))
  }

  var history: Evidence? {
    guard let epochs = input.history?.epochs, !epochs.isEmpty else { return nil }
    return evidence("loss and AUC of every epoch", .part(.training), .file("history.csv"))
  }

  var epochChoice: Evidence? {
    let place = Place.setting("validation.choose")
    let isTest = self[setting: "validation.chooseOn"]?.string == "test"
    switch self[setting: "validation.choose"]?.string {
    case "last": return evidence("the weights of the last epoch", place)
    case "loss":
      return isTest
        ? evidence("the epoch of the lowest loss on the fold’s test part, which makes the result optimistic", place)
        : evidence("the epoch of the lowest loss on the fold’s validation part", place)
    case "auc":
      return isTest
        ? evidence("the epoch of the highest AUC on the fold’s test part, which makes the result optimistic", place)
        : evidence("the epoch of the highest AUC on the fold’s validation part", place)
    default: return nil
    }
  }

  var averaging: Evidence? {
    guard let decay = self[setting: "training.averaging"]?.number, decay > 0 else { return nil }
    return evidence("moving average of the weights, decay \(Text.plain(decay))", .setting("training.averaging"))
  }

  /// What weighs the classes, whose reason only the authors know, or that nothing does.
  var classImbalance: Finding {
    guard let sampler = scalar("sampler"), let loss = scalar("loss.kind") else { return .none }
    var methods: [Phrase] = []
    if ["class-balanced", "p-by-k"].contains(sampler) { methods.append("sampler \(sampler)") }
    switch loss {
    case "binary-cross-entropy":
      if let weight = self[setting: "loss.positiveWeight"]?.number, weight != 1 {
        methods.append("weight of the malignant class \(Text.plain(weight))")
      }
    case "focal":
      if let alpha = self[setting: "loss.alpha"]?.number, alpha != 0.5 {
        methods.append("focal loss, weight of the malignant class \(Text.plain(alpha))")
      }
    case "class-balanced-focal":
      methods.append("loss weighted by the effective number of a class’s samples, \(loss)")
    default: break
    }
    guard let first = methods.first else {
      return .whole([
        evidence("none used: loss \(loss) without weights of classes, sampler \(sampler)", .setting("loss"))
      ])
    }
    return .part([evidence(methods.dropFirst().reduce(first) { "\($0); \($1)" }, .setting("loss"))])
  }
}

extension Text {
  /// A number as a protocol writes it: 0.001, 20.
  fileprivate static func plain(_ value: Double) -> String {
    value == value.rounded() && abs(value) < 1e15 ? String(Int64(value)) : String(value)
  }
}
