import ArgumentParser
import Foundation
import Networks
import Torch

/// Which network, with which settings.
struct NetworkOptions: ParsableArguments {
  @Argument(help: "A name from `insonate networks list`.") var name: String
  @Option(name: .customLong("set"), help: "A setting of the system, as key=value; may be given again.")
  var settings: [String] = []

  func design() throws -> NetworkDesign {
    // A name that does not exist is wrong usage, a setting is bad input.
    do { _ = try NetworkDesign(named: name) } catch { throw ValidationError("\(error)") }
    var object: [String: Any] = [:]
    for text in settings {
      guard let equals = text.firstIndex(of: "="), equals > text.startIndex else {
        throw ValidationError("--set \(text): expected key=value")
      }
      let written = String(text[text.index(after: equals)...])
      // JSON, or text where it is not.
      let value = try? JSONSerialization.jsonObject(with: Data(written.utf8), options: .fragmentsAllowed)
      object[String(text[..<equals])] = value ?? written
    }
    return try NetworkDesign(named: name, settings: try JSONSerialization.data(withJSONObject: object))
  }
}

/// Another size than the network's own.
struct SizeOptions: ParsableArguments {
  @Option(help: "Rows and columns of every still and clip.") var size: Int?
  @Option(help: "Frames of every clip.") var frames: Int?

  func validate() throws {
    for (name, value) in [("--size", size), ("--frames", frames)] {
      if let value, !(1...16384).contains(value) {
        throw ValidationError("\(name): expected 1 to 16384, found \(value)")
      }
    }
  }

  var traced: NetworkTrace.Size { .init(side: size, frames: frames) }
}

/// A weight file, which tells its number of classes.
struct ClassifierWeights {
  let file: URL
  let tensors: [String: Tensor]
  let classes: Int

  init(path: String, of design: NetworkDesign) throws {
    file = URL(fileURLWithPath: path)
    tensors = try loadWeights(file)
    guard let shape = try tensors[design.classifierBias]?.shape, shape.count == 1, shape[0] > 0 else {
      throw BadInput("\(file.path): expected a classifier's bias \(design.classifierBias); is it of \(design.name)?")
    }
    classes = shape[0]
  }
}

extension NetworkDesign {
  /// Those of the reference weights, and one logit of malignancy for a system.
  var usualClasses: Int {
    switch kind {
    case .backbone(let backbone): backbone.isVideo ? 400 : 1000
    case .system: 1
    }
  }
}
