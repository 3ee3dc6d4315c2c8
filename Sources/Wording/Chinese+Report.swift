extension Chinese {
  /// What the report's page and its tables say.
  static let report: [String: String] = [
    "Accuracy": "准确率"
  ]
}
