import Foundation
import NN
import Testing
import Torch

@Suite struct BatchHardTripletTests {
  /// The paper's formula by plain loops; nil where no sample has both partners.
  private func bruteForce(_ rows: [[Double]], _ labels: [Int], _ term: (Double) -> Double) -> Double? {
    func distance(_ a: Int, _ b: Int) -> Double {
      zip(rows[a], rows[b]).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
    }
    let terms: [Double] = rows.indices.compactMap { anchor in
      let positives = rows.indices.filter { $0 != anchor && labels[$0] == labels[anchor] }.map { distance(anchor, $0) }
      let negatives = rows.indices.filter { labels[$0] != labels[anchor] }.map { distance(anchor, $0) }
      guard let farthest = positives.max(), let nearest = negatives.min() else { return nil }
      return term(farthest - nearest)
    }
    return terms.isEmpty ? nil : terms.reduce(0, +) / Double(terms.count)
  }

  private func gradient(_ loss: BatchHardTriplet, _ rows: [[Double]], _ labels: [Int]) throws -> (Double, [Float]) {
    let embedding = try Tensor(rows.joined().map(Float.init), shape: [rows.count, rows[0].count])
    try embedding.setRequiresGradient(true)
    let value = try loss(embedding, labels: labels)
    try value.backward()
    return (try value.item(), try #require(try embedding.gradient).scalars())
  }

  @Test(arguments: [BatchHardTriplet(.soft), BatchHardTriplet(.hinge(0.4))])
  func equalsBruteForceAndFiniteDifferences(loss: BatchHardTriplet) throws {
    let term: (Double) -> Double = {
      if case .hinge(let margin) = loss.margin { max(0, $0 + margin) } else { log1p(exp($0)) }
    }
    let labels = [0, 1, 2, 0, 1, 1, 0]
    let draws: [Float] = try Generator(seed: 8).normal([7, 3]).scalars()
    var rows = (0..<7).map { row in (0..<3).map { Double(draws[row * 3 + $0]) } }
    let (value, gradient) = try gradient(loss, rows, labels)
    #expect(abs(value - (try #require(bruteForce(rows, labels, term)))) < 1e-5)
    for row in 0..<7 {
      for column in 0..<3 {
        let kept = rows[row][column]
        rows[row][column] = kept + 1e-5
        let above = try #require(bruteForce(rows, labels, term))
        rows[row][column] = kept - 1e-5
        let below = try #require(bruteForce(rows, labels, term))
        rows[row][column] = kept
        #expect(abs(Double(gradient[row * 3 + column]) - (above - below) / 2e-5) < 1e-3)
      }
    }
  }

  @Test func oneClassGivesZeroWithAGraph() throws {
    let (value, gradient) = try gradient(BatchHardTriplet(), [[1, 2], [3, 4]], [1, 1])
    #expect(value == 0)
    #expect(gradient == [0, 0, 0, 0])
    // Nor has a batch of two single samples any positive partner.
    #expect(try self.gradient(BatchHardTriplet(), [[1, 2], [3, 4]], [0, 1]).0 == 0)
  }

  @Test func identicalEmbeddingsGiveTheMarginAndNoGradient() throws {
    let rows = [[Double]](repeating: [0.5, -1], count: 4)
    let hinge = try gradient(BatchHardTriplet(.hinge(0.3)), rows, [0, 0, 1, 1])
    #expect(abs(hinge.0 - 0.3) < 1e-6)
    #expect(hinge.1.allSatisfy { $0 == 0 })
    let soft = try gradient(BatchHardTriplet(), rows, [0, 0, 1, 1])
    #expect(abs(soft.0 - log(2)) < 1e-6)
    #expect(soft.1.allSatisfy { $0 == 0 })
  }

  /// A pair of equal positives among others: the positive term has no slope, the negative one has.
  @Test func distanceZeroBesideOthersIsFinite() throws {
    let (value, gradient) = try gradient(
      BatchHardTriplet(.hinge(2)), [[0, 0], [0, 0], [1, 0], [1, 1]], [0, 0, 1, 1])
    #expect(abs(value - (1 + 1 + 2 + (3 - 2.squareRoot())) / 4) < 1e-6)
    #expect(gradient.allSatisfy { $0.isFinite } && gradient.contains { $0 != 0 })
  }

  @Test func wrongShapesAndMarginsAreErrors() throws {
    #expect(throws: TorchError.self) { _ = try BatchHardTriplet()(Tensor.zeros([3, 2]), labels: [0, 1]) }
    #expect(throws: TorchError.self) { _ = try BatchHardTriplet()(Tensor.zeros([3]), labels: [0, 1, 1]) }
    #expect(throws: TorchError.self) { _ = try BatchHardTriplet(.hinge(-1))(Tensor.zeros([2, 2]), labels: [0, 1]) }
  }
}
