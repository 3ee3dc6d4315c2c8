/// One generating factor: standard normal within each class, its mean at plus half the separation in malignant and minus
/// half in benign lesions.
public struct Factor: Codable, Sendable, Hashable {
  public let name: String
  /// Distance of the class means in standard deviations.
  public let separation: Double

  public init(name: String, separation: Double) {
    (self.name, self.separation) = (name, separation)
  }
}

/// The truth of a simulated cohort: a lesion's factor vector is N(mean of its class, I). The ideal observer's
/// log-likelihood ratio is then the sum of separation times factor, and its AUC is Phi(d'/sqrt 2) with d' the Euclidean
/// length of the separations (Green and Swets 1966; Barrett and Myers 2004, ch. 13).
public struct FactorModel: Codable, Sendable, Hashable {
  public let factors: [Factor]

  public init(factors: [Factor]) { self.factors = factors }

  /// Relative weights scaled so that the ideal observer of all these factors reaches `idealAUC`.
  ///
  /// - Parameter idealAUC: 0.5..<1.
  public init(weights: [(name: String, weight: Double)], idealAUC: Double) {
    let length = weights.reduce(0) { $0 + $1.weight * $1.weight }.squareRoot()
    let scale = length > 0 ? max(0, Self.separation(forAUC: idealAUC)) / length : 0
    factors = weights.map { Factor(name: $0.name, separation: $0.weight * scale) }
  }

  /// d': the separation of the two classes along the ideal observer's direction.
  public var separation: Double {
    factors.reduce(0) { $0 + $1.separation * $1.separation }.squareRoot()
  }

  /// AUC of the ideal observer.
  public var idealAUC: Double { Self.auc(forSeparation: separation) }

  /// - Parameter values: one value for each factor, in order.
  public func logLikelihoodRatio(_ values: [Double]) -> Double {
    zip(factors, values).reduce(0) { $0 + $1.0.separation * $1.1 }
  }

  func separation(of name: String) -> Double { factors.first { $0.name == name }?.separation ?? 0 }

  func draw(malignant: Bool, from stream: inout RandomStream) -> [Double] {
    factors.map { (malignant ? 0.5 : -0.5) * $0.separation + stream.normal() }
  }

  /// AUC = Phi(d'/sqrt 2).
  public static func auc(forSeparation separation: Double) -> Double {
    PortableMath.normalCDF(separation * 0.7071067811865476)
  }

  /// d' = sqrt 2 times the normal quantile of the AUC.
  public static func separation(forAUC auc: Double) -> Double {
    1.4142135623730951 * PortableMath.normalQuantile(auc)
  }

  /// How much of the ideal observer's information a model used: (d' of its AUC / d' of the ideal)^2, 0 for an AUC below
  /// one half (Barrett and Myers 2004, ch. 13). 1 is as good as anything can be.
  public static func efficiency(ofAUC auc: Double, idealAUC: Double) -> Double {
    let ideal = separation(forAUC: idealAUC)
    guard ideal > 0, auc > 0.5 else { return 0 }
    let ratio = separation(forAUC: min(auc, 1 - 1e-12)) / ideal
    return ratio * ratio
  }
}
