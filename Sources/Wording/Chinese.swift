/// The Chinese of every phrase, by its English key. One file an area; a key stands once.
enum Chinese {
  static let catalogue: [String: String] = [
    figures, report, results, combination, methods, checklists, study, studyReaders, run, contrast,
  ].reduce(into: [:]) {
    $0.merge($1) { first, _ in first }
  }
}
