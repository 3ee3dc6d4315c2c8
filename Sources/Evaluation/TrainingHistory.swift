/// The training curves of a run: one row an epoch and fold, as `history.csv` holds them.
public struct TrainingHistory: Sendable, Hashable {
  public struct Epoch: Sendable, Hashable {
    public var fold: Int
    /// Counted from 1.
    public var epoch: Int
    /// nil where the cell is empty or not a finite number.
    public var trainLoss: Double?
    public var validationLoss: Double?
    public var validationAUC: Double?
    public var learningRate: Double?

    public init(
      fold: Int, epoch: Int, trainLoss: Double?, validationLoss: Double?, validationAUC: Double?, learningRate: Double?
    ) {
      (self.fold, self.epoch, self.trainLoss) = (fold, epoch, trainLoss)
      (self.validationLoss, self.validationAUC, self.learningRate) = (validationLoss, validationAUC, learningRate)
    }
  }

  public var epochs: [Epoch]

  public init(epochs: [Epoch]) { self.epochs = epochs }

  /// Epochs of each fold in order of their number.
  var byFold: [(fold: Int, epochs: [Epoch])] {
    Dictionary(grouping: epochs, by: \.fold).sorted { $0.key < $1.key }
      .map { ($0.key, $0.value.sorted { $0.epoch < $1.epoch }) }
  }
}
