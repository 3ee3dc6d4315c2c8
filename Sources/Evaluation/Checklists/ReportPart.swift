import Wording

/// A part of the report that may be evidence, and the anchors it may have on the page.
enum ReportPart: String, CaseIterable, Sendable {
  case warnings, study
  case tableOne = "table1"
  case flow, results, comparison, combination, nomogram
  case decisionCurve = "decision-curve"
  case readers, strata
  case siteStrata = "strata-site"
  case heatMaps = "heat-maps"
  case training
  case methods

  /// A section is this part where its id is one of these or begins with one and a hyphen.
  var anchors: [String] {
    switch self {
    case .tableOne: ["table1", "cohort"]
    case .comparison: ["comparison", "models", "pairwise"]
    case .decisionCurve: ["decision-curve", "decision"]
    case .siteStrata: ["strata-site", "sites"]
    case .heatMaps: ["heat-maps", "explanations"]
    default: [rawValue]
    }
  }

  var name: Phrase {
    switch self {
    case .warnings: "Warnings"
    case .study: "How the study was done"
    case .tableOne: "Table 1"
    case .flow: "Flow diagram"
    case .results: "Results"
    case .comparison: "Comparison of models"
    case .combination: "Combined model"
    case .nomogram: "Nomogram"
    case .decisionCurve: "Decision curve"
    case .readers: "Readers"
    case .strata: "Strata"
    case .siteStrata: "Sites"
    case .heatMaps: "Heat maps"
    case .training: "Course of training"
    case .methods: "Statistical methods"
    }
  }
}
