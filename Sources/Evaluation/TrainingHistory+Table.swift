import Figures
public import Foundation
public import Tables

extension TrainingHistory {
  /// Reads `history.csv`: fold, epoch, train_loss, validation_loss, validation_auc, learning_rate. Cells of the last
  /// four that are empty or not finite stay empty. Errors: those of ``Table``; fold or epoch that is not a whole
  /// number.
  public init(contentsOf file: URL) throws(TableError) {
    try self.init(table: try Table(contentsOf: file))
  }

  /// See ``init(contentsOf:)``.
  public init(table: Table) throws(TableError) {
    let folds = try table.numbers("fold")
    let numbers = try table.numbers("epoch")
    for (name, column) in [("fold", folds), ("epoch", numbers)] {
      for (row, value) in column.enumerated() where value != value.rounded() || abs(value) > 1e9 {
        throw .notANumber(
          source: table.source, line: table.line(ofRow: row), column: name, found: Text.fixed(value, 3))
      }
    }
    let losses = try TrainingHistory.optional("train_loss", of: table)
    let validationLosses = try TrainingHistory.optional("validation_loss", of: table)
    let aucs = try TrainingHistory.optional("validation_auc", of: table)
    let rates = try TrainingHistory.optional("learning_rate", of: table)
    self.init(
      epochs: numbers.indices.map { row in
        Epoch(
          fold: Int(folds[row]), epoch: Int(numbers[row]), trainLoss: losses[row],
          validationLoss: validationLosses[row],
          validationAUC: aucs[row], learningRate: rates[row])
      })
  }

  /// A column that may be absent; cells that are not finite numbers are nil.
  private static func optional(_ name: String, of table: Table) throws(TableError) -> [Double?] {
    guard table.has(name) else { return Array(repeating: nil, count: table.rowCount) }
    return try table.column(name).map { cell in
      guard let value = Double(cell), value.isFinite else { return nil }
      return value
    }
  }
}
