import Foundation
import Testing
import Torch

private let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "Fixtures")

/// What Tools/golden/torch_state.py wrote.
struct Golden: Decodable {
  let adamw: [[Double]]
  let sgd: [[Double]]
  let nesterov: [[Double]]
  let oneCycle: [[Double]]
  let state: [String: [Double]]

  enum CodingKeys: String, CodingKey {
    case adamw, sgd, state
    case nesterov = "sgd nesterov"
    case oneCycle = "one cycle"
  }

  static func load() throws -> Golden {
    try JSONDecoder().decode(Golden.self, from: Data(contentsOf: fixtures.appending(path: "golden.json")))
  }
}

@Suite struct WeightFileTests {
  @Test(arguments: ["archive.pth", "stream.pth", "nested.pth"])
  func readsWhatPyTorchSaves(file: String) throws {
    let golden = try Golden.load().state
    let read = try PyTorchFile.stateDictionary(contentsOf: fixtures.appending(path: file))
    #expect(read.keys.sorted() == golden.keys.sorted())
    for (name, expected) in golden {
      let tensor = try #require(read[name])
      #expect(try tensor.to(.float64).scalars() == expected, "\(name)")
    }
    #expect(try read["transposed"]?.shape == [4, 3])
    #expect(try read["half"]?.scalarType == .float16)
  }

  @Test(arguments: ["archive.pth", "stream.pth"])
  func everyCutOrFlippedFileIsAnErrorOrReads(file: String) throws {
    let whole = [UInt8](try Data(contentsOf: fixtures.appending(path: file)))
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let target = folder.appending(path: "cut.pth")
    for length in stride(from: 0, to: whole.count, by: 37) {
      try Data(whole[0..<length]).write(to: target)
      #expect(throws: TorchError.self) { _ = try PyTorchFile.stateDictionary(contentsOf: target) }
    }
    var state: UInt64 = 1
    for _ in 0..<300 {
      var bytes = whole
      for _ in 0..<3 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        bytes[Int(state >> 33) % bytes.count] ^= UInt8(truncatingIfNeeded: state >> 24) | 1
      }
      try Data(bytes).write(to: target)
      // Data bytes may change unseen; anything else must be an error, never a trap.
      _ = try? PyTorchFile.stateDictionary(contentsOf: target)
    }
  }

  @Test func safetensorsRoundTrip() throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appending(path: "weights.safetensors")
    let tensors = [
      "a": try Tensor([1, -2, 3.5] as [Float], shape: [3]), "b.c": try Tensor([1, 2, 3, 4] as [Int64], shape: [2, 2]),
      "empty": try Tensor([] as [Float], shape: [0, 4]), "scalar": try Tensor(scalar: 4),
      "odd": try Tensor([9] as [UInt8], shape: [1]),
      "half": try Tensor([1.5, 2] as [Float], shape: [2]).to(.bfloat16),
    ]
    try SafeTensors(tensors: tensors, metadata: ["epoch": "3", "ünï": "\"quoted\""]).write(to: file)
    let read = try SafeTensors(contentsOf: file)
    #expect(read.metadata == ["epoch": "3", "ünï": "\"quoted\""])
    #expect(read.tensors.keys.sorted() == tensors.keys.sorted())
    for (name, tensor) in tensors {
      #expect(try read.tensors[name]?.bytes() == tensor.bytes())
      #expect(try read.tensors[name]?.shape == tensor.shape)
      #expect(try read.tensors[name]?.scalarType == tensor.scalarType)
    }
    // A read tensor may be changed without changing the file, and outlives the reader.
    let a = try #require(read.tensors["a"])
    try a.fill(0)
    #expect(try SafeTensors(contentsOf: file).tensors["a"]?.scalars() == [1, -2, 3.5] as [Float])
  }

  @Test func aCheckpointGivesItsNetworksWeights() throws {
    let file = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).safetensors")
    defer { try? FileManager.default.removeItem(at: file) }
    let (own, other) = (try Tensor.ones([2]), try Tensor.zeros([3]))
    try SafeTensors(tensors: ["network.fc.weight": own, "optimiser.fc.weight.steps": other]).write(to: file)
    let weights = try loadWeights(file)
    #expect(weights.keys.sorted() == ["fc.weight"])
    #expect(try weights["fc.weight"]?.scalars(Float.self) == [1, 1])
    // A network of its own may have a part of that name.
    try SafeTensors(tensors: ["network.weight": own, "fc.weight": other]).write(to: file)
    #expect(try loadWeights(file).keys.sorted() == ["fc.weight", "network.weight"])
  }

  @Test func everyCutSafetensorsFileIsAnError() throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appending(path: "weights.safetensors")
    try SafeTensors(tensors: ["a": try Tensor.ones([7, 3]), "b": try Tensor.ones([5])]).write(to: file)
    let whole = [UInt8](try Data(contentsOf: file))
    for length in 0..<whole.count {
      try Data(whole[0..<length]).write(to: file)
      let error = #expect(throws: TorchError.self) { _ = try SafeTensors(contentsOf: file) }
      #expect(error?.description.contains("weights.safetensors") == true)
    }
    for hostile in [
      #"{"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,0]}}"#,
      #"{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}"#,
      #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}"#,
      #"{"a":{"dtype":"F99","shape":[1],"data_offsets":[0,4]}}"#, #"{"a":5}"#, "[]", "{",
    ] {
      let length = (0..<8).map { UInt8(truncatingIfNeeded: hostile.utf8.count >> (8 * $0)) }
      try Data(length + Array(hostile.utf8) + [0, 0, 0, 0]).write(to: file)
      #expect(throws: TorchError.self, "\(hostile)") { _ = try SafeTensors(contentsOf: file) }
    }
    #expect(throws: TorchError.self) { _ = try SafeTensors(contentsOf: folder.appending(path: "none")) }
  }

  @Test func aFailedWriteLeavesWhatWasThere() throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let inFile = folder.appending(path: "file")
    try Data("kept".utf8).write(to: inFile)
    let below = inFile.appending(path: "weights.safetensors")
    let error = #expect(throws: TorchError.self) {
      try SafeTensors(tensors: ["a": try Tensor(scalar: 1)]).write(to: below)
    }
    if case .cannotCreate? = error {
    } else {
      Issue.record("expected cannotCreate, found \(String(describing: error))")
    }
    #expect(try String(contentsOf: inFile, encoding: .utf8) == "kept")
  }

  private func temporaryFolder() throws -> URL {
    let folder = FileManager.default.temporaryDirectory.appending(path: "insonate-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    return folder
  }
}
