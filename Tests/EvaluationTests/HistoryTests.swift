import Figures
import Tables
import Testing
import Wording

@testable import Evaluation

struct HistoryTests {
  @Test func reads() throws {
    let csv =
      "fold,epoch,train_loss,validation_loss,validation_auc,learning_rate\n0,1,0.7,,nan,0.01\n0,2,0.6,0.65,0.8,0.01\n"
    let history = try TrainingHistory(table: try Table(csv: csv, source: "history.csv"))
    #expect(history.epochs.count == 2)
    #expect(history.epochs[0].validationLoss == nil && history.epochs[0].validationAUC == nil)
    #expect(history.epochs[1].validationAUC == 0.8)
    #expect(TrainingFigure.figure(name: "t", heading: "T", folds: history.drawn, words: Wording()) != nil)
  }

  @Test func epochMustBeWhole() throws {
    let table = try Table(csv: "fold,epoch\n0,1.5\n", source: "history.csv")
    #expect { try TrainingHistory(table: table) } throws: {
      "\($0)".contains("history.csv:2") && "\($0)".contains("epoch")
    }
  }

  @Test func nothingToDraw() {
    let none = TrainingHistory(epochs: []).drawn
    #expect(TrainingFigure.figure(name: "t", heading: "T", folds: none, words: Wording()) == nil)
  }
}

struct EfficiencyTests {
  /// d' = √2 Φ⁻¹(AUC): AUC 0.760250 is d' 1, AUC 0.921350 is d' 2, so the efficiency is a quarter.
  @Test func quarter() throws {
    #expect(abs(try #require(Efficiency.value(auc: 0.7602499389, ideal: 0.9213503964)) - 0.25) < 1e-7)
    #expect(Efficiency.value(auc: 0.4, ideal: 0.9) == 0)
    #expect(Efficiency.value(auc: 1, ideal: 0.9) == nil && Efficiency.value(auc: 0.7, ideal: 0.5) == nil)
  }
}
