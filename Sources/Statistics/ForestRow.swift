/// One line of a forest plot: a heading, or an estimate with its interval.
public struct ForestRow: Sendable, Codable, Equatable {
  public var label: String
  /// Rows of the unit, and the positive ones among them; nil for a heading.
  public var n: Int?
  public var events: Int?
  /// Nil where it cannot be had; the flag says why.
  public var estimate: Double?
  public var lower: Double?
  public var upper: Double?
  /// What a reader must know of this line: too few cases, no interval.
  public var flag: String?
  /// Name of a factor above its strata.
  public var isHeading: Bool
  /// Footnote marks, such as "a, b".
  public var marks: String?
  /// On a heading: p of the AUC's heterogeneity over its strata, not adjusted.
  public var p: Double?

  public init(
    _ label: String, n: Int? = nil, events: Int? = nil, estimate: Estimate? = nil, flag: String? = nil,
    isHeading: Bool = false, marks: String? = nil, p: Double? = nil
  ) {
    let known = estimate.flatMap { $0.isDefined ? $0 : nil }
    (self.label, self.n, self.events) = (label, n, events)
    (self.estimate, lower, upper) = (known?.value, known?.interval?.lower, known?.interval?.upper)
    (self.flag, self.isHeading, self.marks, self.p) = (flag, isHeading, marks, p)
  }
}
