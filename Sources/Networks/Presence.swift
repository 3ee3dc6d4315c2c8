import NN
import Torch

/// Which of a network's inputs each sample of a batch has: what the caller says, less what modality dropout takes
/// away.
///
/// An examination is often incomplete. What a sample lacks is never looked at: whatever the tensor holds in its place,
/// the sample's output is the same to the bit.
struct Presence {
  private let names: [String]
  /// A row a sample, a column an input.
  private let table: [[Bool]]
  /// [N, inputs] of 1 and 0, for the features to carry; nil where every sample has all that was given.
  let tensor: Tensor?

  /// - given: tensors by input name, and optionally `present` [N, inputs].
  /// - dropout: probability in training that an input of a sample is taken away, drawn for each sample and input from
  ///   the pass's generator. One that is there always stays: where all would go, one of them is drawn to stay.
  ///
  /// Throws for values other than 0 and 1, a sample without any input, and one said to have an input that was not
  /// given.
  init(_ given: [String: Tensor], _ inputs: [NetworkInput], dropout: Double = 0, _ pass: Pass) throws(TorchError) {
    names = inputs.map(\.name)
    guard let first = names.lazy.compactMap({ given[$0] }).first else {
      throw .argument("no input; expected \(names.joined(separator: ", "))")
    }
    let (samples, device) = (try first.shape[0], try first.device)
    let stated = given["present"]
    var table =
      if let stated { try Self.read(stated, samples, inputs) } else {
        [[Bool]](repeating: names.map { given[$0] != nil }, count: samples)
      }
    for (sample, row) in table.enumerated() {
      if !row.contains(true) { throw .argument("present: sample \(sample) has no input") }
      for (name, has) in zip(names, row) where has && given[name] == nil {
        throw .argument("present: sample \(sample) has \(name), but no input \(name) is given")
      }
    }
    if pass.training, dropout > 0, names.count > 1, let generator = pass.generator {
      table = try Self.dropping(table, dropout, generator)
      let values = table.joined().map { $0 ? Float(1) : 0 }
      tensor = try Tensor([Float](values), shape: [samples, names.count]).to(device)
    } else {
      tensor = try stated?.to(device)
    }
    self.table = table
  }

  private static func read(_ stated: Tensor, _ samples: Int, _ inputs: [NetworkInput]) throws(TorchError) -> [[Bool]] {
    let (found, expected) = (try stated.shape, [samples, inputs.count])
    guard found == expected else { throw .argument("present: expected \(expected), found \(found)") }
    let values: [Double] = try stated.to(.float64).scalars()
    if let wrong = values.first(where: { $0 != 0 && $0 != 1 }) {
      throw .argument("present: expected 0 or 1, found \(wrong)")
    }
    return (0..<samples).map { sample in inputs.indices.map { values[sample * inputs.count + $0] == 1 } }
  }

  private static func dropping(_ table: [[Bool]], _ probability: Double, _ generator: Generator) throws(TorchError)
    -> [[Bool]]
  {
    let columns = table.first?.count ?? 0
    // One number an input, and one for which stays where all would go.
    let draws: [Float] = try generator.uniform([table.count, columns + 1]).scalars()
    return table.enumerated().map { sample, row in
      let start = sample * (columns + 1)
      let kept = row.indices.map { row[$0] && Double(draws[start + $0]) >= probability }
      guard !kept.contains(true) else { return kept }
      let there = row.indices.filter { row[$0] }
      let chosen = there[min(there.count - 1, Int(draws[start + columns] * Float(there.count)))]
      return row.indices.map { $0 == chosen }
    }
  }

  /// The part of a batch that an input's branch is run over.
  struct Selection {
    let images: Tensor
    /// Samples the images are of; nil for all.
    let rows: [Int]?
    /// Samples of the batch.
    let samples: Int
  }

  /// What to run over of input `name`; nil where no sample has it, which costs nothing.
  ///
  /// In training only the samples that have it, so that neither batch statistics nor gradients see the others'
  /// content. In evaluation samples do not touch each other: all of them, so that the pass is one graph whichever
  /// samples have it.
  func selection(of name: String, in given: [String: Tensor], _ pass: Pass) throws(TorchError) -> Selection? {
    guard let images = given[name], let column = names.firstIndex(of: name) else { return nil }
    let rows = table.indices.filter { table[$0][column] }
    guard !rows.isEmpty else { return nil }
    guard pass.training, rows.count < table.count else {
      return Selection(images: images, rows: nil, samples: table.count)
    }
    return Selection(images: try images.selected(0, rows: rows), rows: rows, samples: table.count)
  }
}

extension Presence.Selection {
  /// What a branch made of the images, [rows, ...], at the places of their samples, [N, ...]; zeros at the others'.
  func placed(_ result: Tensor) throws(TorchError) -> Tensor {
    guard let rows else { return result }
    let extents = try result.shape.dropFirst()
    let none = try Tensor.zeros([1] + extents, result.scalarType, on: result.device)
    var sources = [Int](repeating: rows.count, count: samples)
    for (index, sample) in rows.enumerated() { sources[sample] = index }
    return try Tensor.concatenated([result, none]).selected(0, rows: sources)
  }
}

extension Network {
  /// [N, 1] of bools: whether each sample has input `name`; nil where the features do not tell samples apart.
  func presence(of name: String, in features: [String: Tensor]) throws(TorchError) -> Tensor? {
    guard let present = features["present"], let column = inputs.firstIndex(where: { $0.name == name }) else {
      return nil
    }
    return try present.narrowed(1, from: column, length: 1).greater(than: 0.5)
  }

  /// The logits of a classifier over one input: zeros, which teach nothing, for samples without it.
  func taught(_ logits: Tensor, by name: String, in features: [String: Tensor]) throws(TorchError) -> Tensor {
    guard let there = try presence(of: name, in: features) else { return logits }
    return try logits.selected(where: there, otherwise: Tensor.zeros([1], logits.scalarType, on: logits.device))
  }
}

extension NetworkInput {
  /// The input's name within names of parameters: `b_mode` of `b-mode`.
  static func part(_ name: String) -> String { name.replacing("-", with: "_") }
}
