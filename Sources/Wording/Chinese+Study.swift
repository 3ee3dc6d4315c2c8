extension Chinese {
  /// What the sections of a study's side tables say.
  static let study: [String: String] = [:]
}
