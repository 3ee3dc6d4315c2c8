import Foundation
import Synchronization
import Tables
import Training

/// Shows a run's progress: a bar with loss, AUC and time left on a terminal, a line an epoch elsewhere; and keeps run.log.
final class RunProgress: Sendable {
  private let state: Mutex<State>
  private let epochs: Int

  private struct State {
    var log: FileHandle?
    var folds = 1
    var epochsDone = 0
    var epochsBefore = 0
    var began = Date()
    var auc: Double?
    var barShown = false
  }

  /// - epochs: of each fold.
  init(epochs: Int) {
    self.epochs = epochs
    state = Mutex(State())
  }

  /// Appends to the log from now on. A log that cannot be opened stops nothing.
  func openLog(_ file: URL) {
    let descriptor = Glibc.open(file.path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { return }
    state.withLock { $0.log = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true) }
  }

  func callAsFunction(_ event: TrainingEvent) {
    switch event {
    case .note(let text): line(text)
    case .fold(let index, let count, let train, let validation, let test):
      state.withLock {
        $0.folds = count
        if index == 0 { $0.began = Date() }
        // Folds that an earlier part of the run finished send no epochs.
        $0.epochsBefore += max(0, index * epochs - $0.epochsDone - $0.epochsBefore)
      }
      line("fold \(index + 1)/\(count): train \(train), validation \(validation), test \(test) images")
    case .step(let fold, let epoch, let step, let steps, let loss):
      guard Output.isTerminal else { return }
      bar(fold: fold, epoch: epoch, part: Double(step + 1) / Double(steps), loss: loss)
    case .epoch(let record, let isBest):
      state.withLock {
        $0.epochsDone += 1
        $0.auc = record.validationAUC
      }
      line(Self.text(record, epochs: epochs, isBest: isBest) + timeLeft(extra: 0))
    case .scored(let fold, let count): line("scored by network \(fold + 1)/\(count)")
    }
  }

  private static func text(_ record: EpochRecord, epochs: Int, isBest: Bool) -> String {
    func three(_ value: Double?) -> String { value.map { String(format: "%.3f", $0) } ?? "-" }
    return
      "fold \(record.fold + 1) epoch \(record.epoch + 1)/\(epochs): loss \(three(record.trainLoss)), validation loss "
      + "\(three(record.validationLoss)), validation AUC \(three(record.validationAUC))" + (isBest ? ", kept" : "")
  }

  private func timeLeft(extra: Double) -> String {
    state.withLock { state in
      let done = Double(state.epochsDone) + extra
      let left = Double(state.folds * epochs - state.epochsBefore) - done
      guard done > 0, left > 0 else { return "" }
      let seconds = Int(Date().timeIntervalSince(state.began) / done * left)
      return seconds >= 60 ? ", \(seconds / 60) min \(seconds % 60) s left" : ", \(seconds) s left"
    }
  }

  private func bar(fold: Int, epoch: Int, part: Double, loss: Double) {
    let done = (Double(epoch) + part) / Double(epochs)
    let filled = Int(done * 30)
    let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: 30 - filled)
    let auc = state.withLock { $0.auc }.map { String(format: ", AUC %.3f", $0) } ?? ""
    let text = "fold \(fold + 1) \(bar) epoch \(epoch + 1)/\(epochs), loss \(String(format: "%.3f", loss))\(auc)"
    Output.write("\r\u{1B}[K" + text + timeLeft(extra: part), to: STDERR_FILENO)
    state.withLock { $0.barShown = true }
  }

  /// A line on standard error and in the log.
  func line(_ text: String) {
    let (log, barShown) = state.withLock { state in
      defer { state.barShown = false }
      return (state.log, state.barShown)
    }
    Output.error((barShown ? "\r\u{1B}[K" : "") + text)
    let stamp = Date().formatted(.iso8601)
    _ = try? log?.write(contentsOf: Data("\(stamp) \(text)\n".utf8))
  }
}

/// Counts items on a terminal; silent elsewhere.
struct ItemProgress: Sendable {
  let what: String

  func callAsFunction(_ done: Int, _ total: Int) {
    guard Output.isTerminal else { return }
    Output.write("\r\u{1B}[K\(what) \(done)/\(total)" + (done == total ? "\n" : ""), to: STDERR_FILENO)
  }
}
