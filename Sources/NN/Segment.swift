public import Torch

extension Pass {
  /// Runs a part of a network. With `checkpointing` in training, its inner activations are not kept but computed again for the
  /// gradient; loss, gradients and running statistics stay the same to the bit. All that `body` draws comes from a stream of
  /// its own, begun anew for the second time, and batch statistics are counted the first time only.
  ///
  /// - body: must use the tensors and the pass it is given in place of those outside. It may run `segment` itself.
  public func segment(
    _ inputs: [Tensor], _ body: @escaping ([Tensor], Pass) throws(TorchError) -> [Tensor]
  ) throws(TorchError) -> [Tensor] {
    guard training else { return try body(inputs, self) }
    // Drawn with or without checkpointing, so that both drop the same.
    let seed = try generator?.seed()
    func run(_ inputs: [Tensor], again: Bool) throws(TorchError) -> [Tensor] {
      let stream: Generator? = if let seed { try Generator(seed: seed) } else { nil }
      let pass = Pass(
        training: true, generator: stream, checkpointing: checkpointing, movesStatistics: movesStatistics && !again)
      return try body(inputs, pass)
    }
    guard checkpointing else { return try run(inputs, again: false) }
    return try checkpointed(inputs) { (inputs, again) throws(TorchError) in try run(inputs, again: again) }
  }

  /// A segment with one input and one output.
  public func segment(_ input: Tensor, _ body: @escaping (Tensor, Pass) throws(TorchError) -> Tensor)
    throws(TorchError) -> Tensor
  {
    let outputs = try segment([input]) { (inputs, pass) throws(TorchError) in [try body(inputs[0], pass)] }
    guard let output = outputs.first, outputs.count == 1 else {
      throw .operation("segment: expected 1 output, found \(outputs.count)")
    }
    return output
  }
}
