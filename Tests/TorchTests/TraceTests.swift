import Testing
import Torch

@Suite struct TraceTests {
  @Test func operatorsAreRecordedWithArgumentsAndResults() throws {
    let (x, y) = (try Tensor.zeros([2, 3]), try Tensor.ones([2, 3]))
    let (sum, trace) = try Trace.recording { () throws(TorchError) in try (x + y).sum(over: [1]) }
    #expect(trace.calls.map(\.schema) == ["add.Tensor", "sum.dim_IntList"])
    let add = try #require(trace.calls.first)
    guard case .tensor(let left)? = add.arguments.first else {
      Issue.record("the first argument is no tensor")
      return
    }
    #expect(left === x)
    #expect(trace.calls.last?.results.first === sum)
    #expect(try sum.shape == [2])
  }

  @Test func nothingIsRecordedOutsideAndAfterAnError() throws {
    let x = try Tensor.zeros([2])
    #expect(throws: TorchError.self) {
      _ = try Trace.recording { () throws(TorchError) in try x.reshaped([3]) }
    }
    _ = try x.exp()
    let (_, trace) = try Trace.recording { () throws(TorchError) in try x.relu() }
    #expect(trace.calls.map(\.schema) == ["relu"])
    // The inner trace alone has what is called inside it.
    let (inner, outer) = try Trace.recording { () throws(TorchError) in
      try Trace.recording { () throws(TorchError) in try x.exp() }.trace
    }
    #expect(inner.calls.map(\.schema) == ["exp"])
    #expect(outer.calls.isEmpty)
  }

  /// The meta device gives the shapes and types that the CPU does.
  @Test func shapesOnTheMetaDeviceAreTheCPUs() throws {
    func shapes(_ device: Device) throws(TorchError) -> [[Int]] {
      let still = try Tensor.zeros([2, 4, 9, 8], on: device)
      let clip = try Tensor.zeros([2, 4, 7, 9, 8], on: device)
      let weight = try Tensor.zeros([6, 2, 3, 3], on: device)
      let channels = try Tensor.ones([4], on: device)
      var results: [Tensor] = []
      results.append(try still.convolved2D(weight, stride: 2, padding: 1, groups: 2))
      results.append(
        try clip.convolved(
          Tensor.zeros([5, 4, 3, 1, 2], on: device), stride: [2, 1, 3], padding: [1, 0, 1]))
      results.append(
        try still.batchNormalised(
          weight: channels, bias: channels, runningMean: channels, runningVariance: channels, training: false,
          momentum: 0.1, epsilon: 1e-5))
      for ceiling in [false, true] {
        results.append(
          try clip.maxPooled(kernel: [3, 3, 3], stride: [2, 2, 2], padding: [1, 0, 1], ceiling: ceiling))
        results.append(try still.maxPooled(kernel: [3, 3], stride: [2, 2], padding: [0, 1], ceiling: ceiling))
      }
      results.append(try clip.averagePooled(kernel: [2, 3, 3], stride: [2, 1, 2], padding: [0, 1, 1]))
      results.append(try still.adaptivelyAveraged([3, 2]))
      results.append(try clip.adaptivelyAveraged([2, 3, 5]))
      results.append(try clip.adaptivelyMaximised([1, 1, 1]))
      results.append(try clip.borderFramesRepeated(2))
      results.append(try still.relu().relu6().logSigmoid().flipped([2]))
      results.append(try still.selected(1, rows: [3, 0]))
      results.append(try still.selected(where: still.less(than: 1), otherwise: Tensor.zeros([1], on: device)))
      for result in results { if try result.device != device { throw .argument("on another device") } }
      var shapes: [[Int]] = []
      for result in results { shapes.append(try result.shape) }
      return shapes
    }
    #expect(try shapes(.meta) == shapes(.cpu))
  }

  @Test func tensorsWithoutMemoryHaveNoScalars() throws {
    let x = try Tensor.zeros([1 << 20, 1 << 20], on: .meta)
    #expect(try (x + 1).shape == [1 << 20, 1 << 20])
    #expect(throws: TorchError.self) { _ = try Tensor.zeros([2], on: .meta).scalars(Float.self) }
    #expect(throws: TorchError.self) {
      _ = try x.reshaped([1 << 20, 1, 1, 1 << 20]).convolved2D(Tensor.zeros([1, 2, 1, 1], on: .meta))
    }
  }
}
