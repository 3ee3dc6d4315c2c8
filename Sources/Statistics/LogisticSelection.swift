/// The two steps by which studies find independent predictors (S2-15): each term alone; those significant together in one
/// model; what stays significant there is called independent.
public struct LogisticSelection: Sendable {
  /// One term alone: its model and tests.
  public struct Univariate: Sendable {
    public let term: String
    public let model: LogisticModel
    /// Joint over the dummies of a category; the coefficient's own test for a number.
    public let wald: TestResult
    public let likelihoodRatio: TestResult
  }

  public let univariate: [Univariate]
  /// Terms with a univariate Wald p strictly below alpha, in the order given.
  public let selected: [String]
  /// The selected terms together; nil when none was selected.
  public let multivariable: LogisticModel?
  /// Joint Wald tests in that model, in the order of `selected`.
  public let multivariableWald: [TestResult]
  /// Selected terms with a joint Wald p strictly below alpha in that model.
  public let independent: [String]

  /// - Throws: what `LogisticModel` throws for any single term or for the selected ones together; a term that separates the
  ///   classes stops the selection, since it has no Wald test.
  public init(outcomes: [Bool], terms: [Term], alpha: Double = 0.05) throws(StatisticsError) {
    var univariate: [Univariate] = []
    for term in terms {
      let model = try LogisticModel(outcomes: outcomes, terms: [term])
      univariate.append(
        Univariate(
          term: term.name, model: model, wald: try model.waldTest(term.name),
          likelihoodRatio: try model.likelihoodRatioTest(term.name)))
    }
    self.univariate = univariate
    let chosen = zip(terms, univariate).filter { $1.wald.p < alpha }.map(\.0)
    selected = chosen.map(\.name)
    if chosen.isEmpty {
      (multivariable, multivariableWald, independent) = (nil, [], [])
      return
    }
    let model = try LogisticModel(outcomes: outcomes, terms: chosen)
    var tests: [TestResult] = []
    for term in chosen { tests.append(try model.waldTest(term.name)) }
    multivariable = model
    multivariableWald = tests
    independent = zip(chosen, tests).filter { $1.p < alpha }.map(\.0.name)
  }
}
