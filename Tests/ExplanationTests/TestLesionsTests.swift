import Cohort
import Testing
import Ultrasound

@testable import Explanation

struct TestLesionsTests {
  private func row(
    _ image: String, _ label: Label, _ score: Double, _ split: Split = .internalTest, fold: Int = 0,
    lesion: String? = nil
  ) -> Prediction {
    Prediction(
      model: "m", split: split.rawValue, fold: fold, site: "", patient: lesion ?? image, lesion: lesion ?? image,
      image: image, label: label, score: score)
  }

  private var training: [Prediction] {
    [row("t1", .benign, 0.1, .train), row("t2", .benign, 0.3, .validation), row("t3", .malignant, 0.7, .train)]
  }

  @Test func callsAtTheTrainingCutOff() throws {
    let test = TestLesions(
      training + [
        row("a1", .malignant, 0.4, lesion: "a"), row("a2", .malignant, 0.9, lesion: "a"), row("b", .benign, 0.49),
      ])
    #expect(test.lesions.map(\.name) == ["a", "b"])
    #expect(test.lesions.map(\.cutOff) == [0.5, 0.5])
    #expect(test.lesions.map(\.call) == [.malignant, .benign])
    #expect(abs(test.lesions[0].score - 0.65) < 1e-12)
    #expect(test.lesions[0].typical?.image == "a1" || test.lesions[0].typical?.image == "a2")
  }

  @Test func externalOnlyWhereThereIsNoInternal() {
    let external = [row("e", .benign, 0.2, .externalTest), row("e", .benign, 0.8, .externalTest, fold: 1)]
    #expect(TestLesions(training + external).lesions.map(\.fold) == [0])
    #expect(TestLesions(training + external + [row("i", .benign, 0.2)]).lesions.map(\.name) == ["i"])
    #expect(TestLesions(training).lesions.isEmpty)
    #expect(TestLesions(training).examples().isEmpty && TestLesions(training).sample(5).isEmpty)
  }

  @Test func examplesAreTheSurestAndNoneTwice() {
    var rows = training
    for step in 0..<20 {
      rows.append(row("m\(step)", .malignant, 0.02 + Double(step) * 0.05))
      rows.append(row("b\(step)", .benign, 0.01 + Double(step) * 0.05))
    }
    let examples = TestLesions(rows).examples()
    func names(_ example: TestLesions.Example) -> [String] {
      examples.filter { $0.example == example }.map(\.lesion.name)
    }
    #expect(examples.count == 12 && Set(examples.map(\.lesion.name)).count == 12)
    #expect(names(.truePositive) == ["m19", "m18", "m17"])
    #expect(names(.trueNegative) == ["b0", "b1", "b2"])
    #expect(names(.falsePositive) == ["b19", "b18"])
    #expect(names(.falseNegative) == ["m0", "m1"])
    #expect(names(.nearCutOff) == ["b10", "m10"])
    #expect(TestLesions(rows.reversed()).examples().map(\.lesion.name) == examples.map(\.lesion.name))
  }

  @Test func sampleCoversTheScores() {
    let rows = (0..<100).map { row("i\($0)", $0 % 4 == 0 ? .malignant : .benign, Double($0) / 100) }
    let sample = TestLesions(training + rows).sample(20)
    #expect(sample.count == 20 && Set(sample.map(\.image.image)).count == 20)
    #expect(sample.count { $0.image.label == .malignant } == 5)
    #expect(TestLesions(training + rows).sample(200).count == 100)
  }
}
