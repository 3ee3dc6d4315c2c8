import CTorch

/// Runs `segment` now without keeping what lies between `inputs` and its results, and once more, recording gradients, when
/// the gradient of a result is asked for: memory is paid with time (Chen et al. 2016, Training deep nets with sublinear
/// memory cost). The second run has the autocast modes of this call.
///
/// - segment: must give the same both times; `again` tells it which time it is. It is kept as long as the results' graph, and
///   runs again on whatever thread libtorch computes gradients (on the CPU that of `backward`). Tensors that it captures, such
///   as parameters, get gradients like its inputs. What it throws the second time, `backward` throws.
public func checkpointed(
  _ inputs: [Tensor], _ segment: @escaping (_ inputs: [Tensor], _ again: Bool) throws(TorchError) -> [Tensor]
) throws(TorchError) -> [Tensor] {
  let engine = try Engine.get()
  var caller = ct_segment(
    context: Unmanaged.passRetained(Segment(segment)).toOpaque(), run: Segment.run,
    release: { object in if let object { Unmanaged<AnyObject>.fromOpaque(object).release() } })
  var handles = inputs.map { Optional($0.handle) }
  var made = [ct_tensor?](repeating: nil, count: Int(CT_SEGMENT_CAPACITY))
  var count: Int32 = 0
  let status = engine.functions.pointee.checkpoint(
    &caller, &handles, Int32(handles.count), &made, Int32(made.count), &count)
  let outputs = made.prefix(Int(count)).compactMap { $0.map(Tensor.init(owning:)) }
  withExtendedLifetime(inputs) {}
  try engine.check(status)
  return outputs
}

/// A segment's closure, as the context C keeps.
private final class Segment {
  private let body: ([Tensor], Bool) throws(TorchError) -> [Tensor]

  init(_ body: @escaping ([Tensor], Bool) throws(TorchError) -> [Tensor]) { self.body = body }

  /// Of `ct_segment`: the context is a `Segment`, a failure a `SegmentFailure`.
  static let run:
    @convention(c) (
      UnsafeMutableRawPointer?, Bool, UnsafePointer<ct_tensor?>?, Int32, UnsafeMutablePointer<ct_tensor?>?, Int32,
      UnsafeMutablePointer<Int32>?, UnsafeMutablePointer<UnsafeMutableRawPointer?>?
    ) -> ct_status = { context, again, inputs, count, outputs, capacity, written, failure in
      guard let context else { return 1 }
      let given = UnsafeBufferPointer(start: inputs, count: Int(count)).compactMap { $0.map(Tensor.init(owning:)) }
      do throws(TorchError) {
        let results = try Unmanaged<Segment>.fromOpaque(context).takeUnretainedValue().body(given, again)
        guard results.count <= Int(capacity) else {
          throw .argument("segment: at most \(capacity) results, found \(results.count)")
        }
        for (index, result) in results.enumerated() {
          outputs?[index] = try result.shared()
          written?.pointee = Int32(index + 1)
        }
        return 0
      } catch {
        failure?.pointee = Unmanaged.passRetained(SegmentFailure(error)).toOpaque()
        return 1
      }
    }
}

/// The error of a segment on its way through C.
final class SegmentFailure {
  let error: TorchError
  init(_ error: TorchError) { self.error = error }
}

extension Tensor {
  /// One more handle (+1) of the same tensor.
  fileprivate func shared() throws(TorchError) -> ct_tensor {
    let engine = try Engine.get()
    var handle: ct_tensor?
    try engine.check(engine.functions.pointee.tensor_share(self.handle, &handle))
    guard let handle else { throw .operation("share tensor: no tensor") }
    return handle
  }
}
