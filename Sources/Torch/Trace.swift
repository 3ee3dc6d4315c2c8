/// The operators that a closure called, in order, with their arguments and results. What an exported graph and the cost of a
/// network are read from.
///
/// On ``Device/meta`` a trace costs neither memory nor arithmetic; elsewhere it keeps every tensor of the closure.
public struct Trace {
  /// One call of an ATen operator.
  public struct Call {
    /// Schema name without its namespace, such as `conv2d`.
    public let name: String
    /// Such as `Tensor` of `add.Tensor`; empty for most operators.
    public let overload: String
    /// In the schema's order; trailing ones with defaults may be missing.
    public let arguments: [OperatorArgument]
    public let results: [Tensor]

    /// As libtorch's documentation writes it: `add.Tensor`.
    public var schema: String { overload.isEmpty ? name : "\(name).\(overload)" }
  }

  public private(set) var calls: [Call]

  /// Records every operator that this thread calls while `body` runs. Tensors stay alive as long as the trace, so each is one
  /// object with one identity; those that no call resulted in came from outside or were made of Swift's numbers.
  public static func recording<Result>(_ body: () throws(TorchError) -> Result) throws(TorchError)
    -> (result: Result, trace: Trace)
  {
    let recorder = Recorder()
    let result = $current.withValue(recorder) { () -> Swift.Result<Result, TorchError> in
      do throws(TorchError) { return .success(try body()) } catch { return .failure(error) }
    }
    return (try result.get(), Trace(calls: recorder.calls))
  }

  /// Used by one thread only: the one inside `recording`.
  private final class Recorder: @unchecked Sendable {
    var calls: [Call] = []
  }

  @TaskLocal private static var current: Recorder?

  /// Nothing where no trace is being made.
  static func record(_ name: String, _ overload: String, _ arguments: [OperatorArgument], _ results: [Tensor]) {
    guard let current else { return }
    current.calls.append(Call(name: name, overload: overload, arguments: arguments, results: results))
  }
}
