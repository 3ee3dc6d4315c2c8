import CTorch

/// Runs `body` without recording gradients on this thread. Not async: the mode belongs to a thread.
public func withoutGradients<Result>(_ body: () throws(TorchError) -> Result) throws(TorchError) -> Result {
  try withScope(CT_SCOPE_NO_GRADIENT, .cpu, .float32, body)
}

/// Runs `body` in inference mode: no gradients and no version counters, so tensors made here can never be trained on.
public func withInference<Result>(_ body: () throws(TorchError) -> Result) throws(TorchError) -> Result {
  try withScope(CT_SCOPE_INFERENCE, .cpu, .float32, body)
}

/// Runs `body` recording gradients even where a caller switched them off.
public func withGradients<Result>(_ body: () throws(TorchError) -> Result) throws(TorchError) -> Result {
  try withScope(CT_SCOPE_GRADIENT, .cpu, .float32, body)
}

/// Runs `body` with libtorch choosing `type` for the operators that tolerate it (convolutions, matrix products).
public func withAutocast<Result>(
  to type: ScalarType, on device: Device, _ body: () throws(TorchError) -> Result
) throws(TorchError) -> Result {
  try withScope(CT_SCOPE_AUTOCAST, device, type, body)
}

/// Runs `body` with each operator in the type of its own inputs, inside `withAutocast`.
public func withoutAutocast<Result>(
  on device: Device, _ body: () throws(TorchError) -> Result
) throws(TorchError) -> Result {
  try withScope(CT_SCOPE_NO_AUTOCAST, device, .float32, body)
}

private func withScope<Result>(
  _ kind: Int, _ device: Device, _ type: ScalarType, _ body: () throws(TorchError) -> Result
) throws(TorchError) -> Result {
  let engine = try Engine.get()
  var scope: ct_scope?
  try engine.check(engine.functions.pointee.scope_enter(Int32(kind), device.kind, type.rawValue, &scope))
  defer { engine.functions.pointee.scope_leave(scope) }
  return try body()
}
