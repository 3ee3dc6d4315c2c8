import Testing
import Torch
import Ultrasound

@testable import Explanation

struct FaithfulnessTests {
  @Test func energyInside() {
    let heat = HeatMap(call: .malignant, rows: 2, columns: 2, values: [1, 0.5, 0, 0.5], scale: 3)
    #expect(Faithfulness.energy(of: heat, inside: [true, false, true, false]) == 0.5)
    #expect(Faithfulness.energy(of: heat, inside: [true, true, true, true]) == 1)
    let nothing = HeatMap(call: .malignant, rows: 1, columns: 2, values: [0, 0], scale: 0)
    #expect(Faithfulness.energy(of: nothing, inside: [true, false]) == nil)
  }

  @Test func topIsExactlyItsShare() {
    #expect(Faithfulness.top(0.4, of: [1, 5, 3, 4, 2]) == [0, 1, 0, 1, 0])
    // Equal values: no more than the share, the earlier first.
    #expect(Faithfulness.top(0.5, of: [2, 2, 2, 2]) == [1, 1, 0, 0])
    #expect(Faithfulness.top(0.5, of: [2, 9, 2, 2]) == [1, 1, 0, 0])
    #expect(Faithfulness.top(0, of: [1, 2]) == [0, 0])
    #expect(Faithfulness.top(1, of: [1, 2]) == [1, 1])
  }

  @Test func movedGoesRoundTheEdges() {
    #expect(
      Faithfulness.moved([1, 0, 0, 0, 0, 1], rows: 2, columns: 3, byRows: 1, byColumns: 1) == [1, 0, 0, 0, 1, 0])
    #expect(Faithfulness.moved([1, 0, 0, 0], rows: 2, columns: 2, byRows: 0, byColumns: 0) == [1, 0, 0, 0])
  }

  @Test func replacedWhereTheMaskSays() throws {
    let image = try Tensor([1, 2, 3, 1, 2, 3, 1, 2, 3] as [Float], shape: [1, 3, 1, 3])
    let blurred = try Tensor([Float](repeating: 9, count: 9), shape: [1, 3, 1, 3])
    let changed = try Faithfulness.replaced(image, by: blurred, where: [[0, 0, 0], [0, 1, 0]])
    #expect(try changed.shape == [2, 3, 1, 3])
    #expect(try changed.scalars() == [1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 9, 3, 1, 9, 3, 1, 9, 3] as [Float])
  }

  @Test func spearman() throws {
    #expect(RankCorrelation.spearman([1, 2, 3, 4], [10, 20, 25, 90]) == 1)
    #expect(RankCorrelation.spearman([1, 2, 3, 4], [4, 3, 2, -1]) == -1)
    // scipy.stats.spearmanr([1, 2, 2, 4, 5], [3, 1, 4, 4, 9]).statistic
    #expect(
      abs(try #require(RankCorrelation.spearman([1, 2, 2, 4, 5], [3, 1, 4, 4, 9])) - 0.6578947368421053) < 1e-12)
    #expect(RankCorrelation.spearman([1, 1, 1], [1, 2, 3]) == nil)
    #expect(RankCorrelation.spearman([1], [1]) == nil)
    #expect(RankCorrelation.spearman([1, 2], [1, 2, 3]) == nil)
  }

  @Test func infernoGoesFromBlackToYellowWhite() {
    #expect(Inferno.color(0) == (0, 0, 4))
    #expect(Inferno.color(1) == (252, 255, 164))
    #expect(Inferno.color(.infinity) == (252, 255, 164) && Inferno.color(-1) == (0, 0, 4))
    let lightness = (0...100).map { step -> Float in
      let (red, green, blue) = Inferno.color(Float(step) / 100)
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue
    }
    #expect(zip(lightness, lightness.dropFirst()).allSatisfy { $0 <= $1 })
  }
}
