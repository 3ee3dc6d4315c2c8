import CBoostMath

/// The standard normal distribution.
public enum NormalDistribution {
  /// P(X <= x).
  public static func cumulative(_ x: Double) -> Double { cbm_normal_cdf(x) }
  /// P(X > x), precise far out in the tail.
  public static func upperTail(_ x: Double) -> Double { cbm_normal_sf(x) }
  /// P(|X| >= |z|).
  public static func twoSided(_ z: Double) -> Double { min(1, 2 * cbm_normal_sf(abs(z))) }
  /// The x with P(X <= x) = p; infinite at 0 and 1, NaN outside.
  public static func quantile(_ p: Double) -> Double {
    if p == 0 { return -.infinity }
    if p == 1 { return .infinity }
    return cbm_normal_quantile(p)
  }
  /// Half width of a two-sided interval in standard errors: 1.96 at level 0.95; NaN outside 0...1.
  public static func critical(level: Double) -> Double { quantile((1 + level) / 2) }
}

/// Student's t distribution.
public enum StudentDistribution {
  public static func upperTail(_ t: Double, degrees: Double) -> Double { cbm_t_sf(t, degrees) }
  /// P(|T| >= |t|).
  public static func twoSided(_ t: Double, degrees: Double) -> Double { min(1, 2 * cbm_t_sf(abs(t), degrees)) }
  public static func quantile(_ p: Double, degrees: Double) -> Double { cbm_t_quantile(p, degrees) }
  /// Half width of a two-sided interval in standard errors.
  public static func critical(level: Double, degrees: Double) -> Double { cbm_t_quantile((1 + level) / 2, degrees) }
}

/// Fisher's F distribution.
public enum FDistribution {
  public static func upperTail(_ f: Double, numerator: Double, denominator: Double) -> Double {
    cbm_f_sf(f, numerator, denominator)
  }
  public static func quantile(_ p: Double, numerator: Double, denominator: Double) -> Double {
    cbm_f_quantile(p, numerator, denominator)
  }
  /// P(F > f) of the non-central distribution: the power of a test whose critical value is f.
  public static func upperTail(_ f: Double, numerator: Double, denominator: Double, noncentrality: Double) -> Double {
    noncentrality == 0
      ? upperTail(f, numerator: numerator, denominator: denominator)
      : cbm_non_central_f_sf(f, numerator, denominator, noncentrality)
  }
}

/// The chi-square distribution.
public enum ChiSquareDistribution {
  public static func upperTail(_ x: Double, degrees: Double) -> Double { cbm_chi_squared_sf(x, degrees) }
  public static func quantile(_ p: Double, degrees: Double) -> Double { cbm_chi_squared_quantile(p, degrees) }
  /// P(X > x) of the non-central distribution.
  public static func upperTail(_ x: Double, degrees: Double, noncentrality: Double) -> Double {
    noncentrality == 0 ? upperTail(x, degrees: degrees) : cbm_non_central_chi_squared_sf(x, degrees, noncentrality)
  }
}

/// The beta distribution.
public enum BetaDistribution {
  public static func cumulative(_ x: Double, a: Double, b: Double) -> Double { cbm_beta_cdf(x, a, b) }
  public static func quantile(_ p: Double, a: Double, b: Double) -> Double { cbm_beta_quantile(p, a, b) }
}

/// The binomial distribution.
public enum BinomialDistribution {
  /// P(X = successes).
  public static func probability(_ successes: Int, of trials: Int, probability: Double) -> Double {
    cbm_binomial_pdf(Double(successes), Double(trials), probability)
  }
  /// P(X <= successes).
  public static func cumulative(_ successes: Int, of trials: Int, probability: Double) -> Double {
    cbm_binomial_cdf(Double(successes), Double(trials), probability)
  }
}

func logGamma(_ x: Double) -> Double { cbm_log_gamma(x) }

/// log(n!).
func logFactorial(_ n: Int) -> Double { cbm_log_gamma(Double(n) + 1) }
