extension Chinese {
  /// What figures say.
  static let figures: [String: String] = [
    "Sensitivity": "灵敏度",
    "Specificity": "特异度",
  ]
}
