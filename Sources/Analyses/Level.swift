/// The level of an analysis' intervals.
enum Level {
  /// Errors: a level outside 0 to 1.
  static func check(_ level: Double, _ source: String) throws(AnalysisError) {
    guard level > 0, level < 1 else {
      throw .input(source: source, reason: "level of the intervals: expected a number between 0 and 1, found \(level)")
    }
  }

  /// "95 % interval".
  static func title(_ level: Double) -> String { "\(Printed.plain(level * 100)) % interval" }
}
