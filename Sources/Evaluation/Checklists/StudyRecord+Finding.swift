import Wording

extension StudyRecord {
  /// What is found for an item of a checklist.
  func finding(_ item: ChecklistItem) -> Finding { item.subject.map(finding) ?? .none }

  func finding(_ subject: Subject) -> Finding {
    switch subject {
    case .dataSource: dataSource
    case .centres: .part([sites])
    case .eligibility: eligibility
    case .preprocessing: .part([region])
    case .subsets: subsets
    case .missingData: missingData
    case .acquisition: acquisition
    case .reference: .part([histology])
    case .outcome: outcome
    case .flow: flow
    case .characteristics: characteristics
    case .partitions: partitions
    case .disjointness: disjointness
    case .analysisNumbers: analysisNumbers
    case .differences: .part([shareByPart, sitesByPart])
    case .outcomeByPart: .part([shareByPart])
    case .predictorChoice: predictorChoice
    case .predictors: predictors
    case .predictorHandling: predictorHandling
    case .model: .part(model)
    case .modelBuilding: modelBuilding
    case .software: software
    case .initialisation: .whole([initialWeights])
    case .training: .whole(if: schedule != nil, [schedule, loss, augmentation, computed, history])
    case .finalModel: .whole(if: epochChoice != nil, [epochChoice, averaging])
    case .ensemble: .whole([ensemble])
    case .classImbalance: classImbalance
    case .specification: specification
    case .studyProtocol: .part([protocolReference])
    case .measures: measures
    case .uncertainty: uncertainty
    case .robustness: .part([evidence("results by stratum", .part(.strata))])
    case .explanation: explanation
    case .internalTest: .whole(results(of: "internal-test"))
    case .externalTest: .whole(results(of: "external-test") + [sitesByPart])
    case .clusterMethods: .part([siteFolds, siteStrata])
    case .clusterResults: clusterResults
    case .predictionMethod: predictionMethod
    case .output: output
    case .performance: performance
    case .diagnosticPerformance: diagnosticPerformance
    case .failures: failures
    }
  }
}
