import Foundation
import Statistics
import Wording

@testable import Figures

/// Figures of made studies, with names as long as real ones.
struct Samples {
  let words: Wording
  private var isChinese: Bool { words.language == .chinese }

  private func name(_ english: String, _ chinese: String) -> String { isChinese ? chinese : english }

  /// Scores of a model of some skill: normal on the logit scale.
  static func scores(_ count: Int, skill: Double, seed: UInt64, share: Double = 0.6) -> ([Double], [Bool]) {
    var state = seed
    func uniform() -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return (Double(state >> 11) + 0.5) / 9_007_199_254_740_992
    }
    var (scores, labels): ([Double], [Bool]) = ([], [])
    for _ in 0..<count {
      let isMalignant = uniform() < share
      let noise = (-2 * log(uniform())).squareRoot() * cos(2 * Double.pi * uniform())
      labels.append(isMalignant)
      scores.append(1 / (1 + exp(-(noise + (isMalignant ? skill : -skill)))))
    }
    return (scores, labels)
  }

  static func interval(_ value: Double, _ lower: Double, _ upper: Double) -> Estimate {
    Estimate(value: value, interval: Interval(lower: lower, upper: upper, level: 0.95))
  }

  func curve(_ label: String, skill: Double, seed: UInt64, band: Bool = false) -> ROCFigure.Curve {
    let (scores, positives) = Samples.scores(180, skill: skill, seed: seed)
    return ROCFigure.Curve(
      label: label, scores: scores, positives: positives,
      operatingPoint: ROCFigure.Rates(sensitivity: 0.83, specificity: 0.79), hasBand: band)
  }

  private var readers: [(label: String, group: String, unaided: Double, aided: Double)] {
    let groups = [name("senior", "高年资"), name("intermediate", "中年资"), name("junior", "低年资")]
    let values = [(0.84, 0.85), (0.80, 0.82), (0.75, 0.83), (0.81, 0.82), (0.80, 0.85), (0.63, 0.69)]
    return values.enumerated().map { ("R\($0.offset + 1)", groups[$0.offset / 2], $0.element.0, $0.element.1) }
  }

  private var units: Phrase { "lesions" }

  var model: NomogramModel {
    NomogramModel(
      intercept: -4.9,
      variables: [
        .number(name("Network’s score, Model LB", "网络评分（LB 模型）"), range: 0...1, decimals: 2, coefficient: 4.6),
        .factor(name("Sex", "性别"), reference: name("female", "女"), levels: [(name("male", "男"), 0.834)]),
        .number(name("Age", "年龄"), unit: name("years", "岁"), range: 18...92, coefficient: 0.024),
        .factor(
          name("Extrahepatic tumour history", "肝外肿瘤病史"), reference: name("no", "无"), levels: [(name("yes", "有"), 2.783)]
        ),
        .scores(
          name("Hepatitis", "肝炎"), levels: [name("none", "无"), "HBV", "HCV", "HBV+HCV"], coefficient: 1.1),
        .factor(name("Hypoechoic halo", "低回声晕"), reference: name("no", "无"), levels: [(name("yes", "有"), 2.912)]),
        .factor(name("Vascularity", "血供"), reference: name("no", "无"), levels: [(name("yes", "有"), 0.648)]),
      ],
      covariance: (0..<8).map { row in (0..<8).map { row == $0 ? 0.04 : 0.001 } })
  }

  var splineModel: NomogramModel {
    NomogramModel(
      intercept: -2,
      variables: [
        NomogramModel.Variable(
          label: name("Size", "大小"), unit: "mm",
          kind: .number(range: 4...80, bases: NomogramModel.Basis.spline(knots: [8, 20, 35, 60]), decimals: 0),
          coefficients: [0.16, -0.62, 1.6]),
        .factor(
          name("Echogenicity", "回声"), reference: name("hyperechoic", "高回声"),
          levels: [
            (name("isoechoic", "等回声"), 0.30), (name("slightly hypoechoic", "稍低回声"), 0.34),
            (name("markedly hypoechoic", "极低回声"), 0.37), (name("anechoic with internal echoes", "无回声伴内部回声"), 0.4),
          ]),
        .number("AFP", unit: "ng/mL", range: 0...400, coefficient: 0.004),
      ])
  }

  func roc() -> [Figure] {
    let one = curve("", skill: 0.95, seed: 3, band: true)
    let (scores, positives) = Samples.scores(60, skill: 0.9, seed: 8)
    let thin = CurvePoints(scores: scores, positives: positives)?.rates ?? []
    let cohorts = [
      curve(name("Model LBC, internal validation", "LBC 模型，内部验证"), skill: 1.1, seed: 1, band: true),
      curve(name("Model LB, external validation at two hospitals", "LB 模型，两家医院的外部验证"), skill: 0.8, seed: 2, band: true),
      curve("ResNet-18", skill: 0.6, seed: 5, band: true),
    ]
    let twelve = (1...12).map { index in
      curve(
        name("Model \(index), trained without hospital \(index)", "模型 \(index)，训练时不含第 \(index) 家医院"),
        skill: 0.3 + 0.08 * Double(index), seed: UInt64(index + 20))
    }
    let points = readers.enumerated().map { index, reader in
      ROCFigure.Reader(
        label: reader.label, group: reader.group,
        unaided: ROCFigure.Rates(sensitivity: reader.unaided - 0.03, specificity: 0.8 - 0.03 * Double(index)),
        aided: ROCFigure.Rates(sensitivity: reader.aided, specificity: 0.82 - 0.02 * Double(index)))
    }
    return [
      ROCFigure.figure(
        name: "roc-one", heading: name("ROC, internal test", "ROC 曲线，内部测试"), curves: [one], thin: [thin],
        thinLabel: name("5 folds: mean AUC 0.88, SD 0.02", "5 折：平均 AUC 0.88"), notes: ["108 / 72"], words: words),
      ROCFigure.figure(
        name: "roc-three", heading: name("ROC of three models", "三个模型的 ROC 曲线"), curves: cohorts, words: words),
      ROCFigure.figure(name: "roc-twelve", heading: name("Twelve models", "十二个模型"), curves: twelve, words: words),
      ROCFigure.figure(
        name: "roc-readers", heading: name("Readers and the network", "阅片者与网络"), curves: [one], readers: points,
        words: words),
    ]
  }

  func calibration() -> [Figure] {
    func panel(_ heading: String, _ count: Int, _ seed: UInt64, band: Bool) -> CalibrationPanel {
      let (scores, positives) = Samples.scores(count, skill: 0.9, seed: seed)
      let measures = CalibrationPanel.Measures(
        slope: Samples.interval(1.04, 0.82, 1.29), intercept: Samples.interval(-0.08, -0.31, 0.15), brier: 0.1234,
        ici: 0.021, hosmerLemeshowP: 0.6573)
      var panel = CalibrationPanel(heading: heading, scores: scores, positives: positives, measures: measures)
      if !band { for place in panel.curve.indices { panel.curve[place].limits = nil } }
      return panel
    }
    let cohorts = [
      name("Training cohort", "训练队列"), name("Internal validation", "内部验证"),
      name("External validation, two hospitals", "外部验证（两家医院）"),
    ]
    let panels = cohorts.enumerated().map { panel($0.element, 300, UInt64($0.offset + 4), band: true) }
    return [
      CalibrationFigure.figure(
        name: "calibration-one", heading: name("Calibration, internal test", "校准，内部测试"),
        panels: [panel("", 240, 9, band: false)], units: units, words: words),
      CalibrationFigure.figure(
        name: "calibration-two", heading: name("Calibration of two models", "两个模型的校准"), panels: Array(panels.prefix(2)),
        units: units, words: words),
      CalibrationFigure.figure(
        name: "calibration-three", heading: name("Calibration in three cohorts", "三个队列的校准"), panels: panels,
        units: units,
        words: words),
    ]
  }

  func decision() -> [Figure] {
    func model(_ label: String, skill: Double, seed: UInt64, band: Double? = nil) -> DecisionFigure.Model {
      let (scores, positives) = Samples.scores(400, skill: skill, seed: seed, share: 0.78)
      guard let curve = try? DecisionCurve(probabilities: scores, positives: positives) else {
        return DecisionFigure.Model(label: label, places: [])
      }
      var model = DecisionFigure.Model(label: label, curve)
      if let band {
        model.places = model.places.map {
          DecisionFigure.Place(
            threshold: $0.threshold, netBenefit: $0.netBenefit, limits: ($0.netBenefit - band, $0.netBenefit + band))
        }
      }
      return model
    }
    let sample = Samples.scores(400, skill: 1, seed: 4, share: 0.78)
    let prevalence = Double(sample.1.count { $0 }) / 400
    let two = [
      model(name("Model LB", "LB 模型"), skill: 0.5, seed: 4), model(name("Model LBC", "LBC 模型"), skill: 1.1, seed: 4),
    ]
    return [
      DecisionFigure.figure(
        name: "decision-one", heading: name("Decision curve", "决策曲线"),
        models: [model(name("Model LBC", "LBC 模型"), skill: 1, seed: 4, band: 0.04)], prevalence: prevalence,
        words: words),
      DecisionFigure.figure(
        name: "decision-two", heading: name("Decision curves of LB and LBC", "LB 与 LBC 的决策曲线"), models: two,
        prevalence: prevalence, isStandardised: true, words: words),
    ]
  }

  func nomograms() -> [Figure] {
    [
      NomogramFigure.figure(
        name: "nomogram", heading: name("Nomogram of Model LBC", "LBC 模型的列线图"), model: model,
        outcome: words("Probability of malignancy"), words: words),
      NomogramFigure.figure(
        name: "nomogram-portrait", heading: name("Nomogram of Model LBC", "LBC 模型的列线图"), model: model,
        outcome: words("Probability of malignancy"), page: .portrait, words: words),
      NomogramFigure.figure(
        name: "nomogram-spline", heading: name("Nomogram with a spline", "含样条的列线图"), model: splineModel,
        outcome: words("Probability of malignancy"), words: words),
    ]
  }

  func forest() -> [Figure] {
    typealias Row = ForestFigure.Row
    let rows: [Row] = [
      Row(label: name("Size (cm)", "大小（cm）"), isHeading: true, p: 0.34),
      Row(label: "1.1–2.0", n: 61, events: 40, estimate: Samples.interval(0.926, 0.842, 0.981), marks: "a"),
      Row(label: "2.1–5.0", n: 177, events: 139, estimate: Samples.interval(0.899, 0.846, 0.951)),
      Row(label: "> 5.0", n: 100, events: 83, estimate: Samples.interval(0.962, 0.921, 0.99)),
      Row(label: name("Background", "肝脏背景"), isHeading: true, p: 0.0004),
      Row(label: name("normal", "正常"), n: 160, events: 104, estimate: Samples.interval(0.93, 0.89, 0.97)),
      Row(
        label: name("steatosis", "脂肪肝"), n: 29, events: 17, estimate: Samples.interval(0.83, 0.31, 0.99),
        flag: name("few cases", "例数少")),
      Row(label: name("fibrosis", "纤维化"), n: 149, events: 141, estimate: Samples.interval(0.88, 0.79, 0.96)),
      Row(label: name("Site", "中心"), isHeading: true),
      Row(
        label: name("Peking University Shenzhen Hospital", "北京大学深圳医院"), n: 320, events: 250,
        estimate: Samples.interval(0.91, 0.87, 0.94)),
      Row(
        label: name("West China Hospital of Sichuan University", "四川大学华西医院"), n: 3, events: 1,
        flag: name("too few: 1 malignant", "例数过少：1 例恶性")),
    ]
    let odds: [Row] = [
      Row(label: name("Hypoechoic halo", "低回声晕"), estimate: Samples.interval(18.389, 9.921, 34.084)),
      Row(label: name("Extrahepatic tumour", "肝外肿瘤"), estimate: Samples.interval(16.166, 9.311, 28.065)),
      Row(label: name("Hepatitis", "肝炎"), estimate: Samples.interval(11.736, 7.857, 17.529)),
      Row(label: name("Older age", "高龄"), estimate: Samples.interval(3.323, 2.096, 5.269)),
      Row(label: name("Male", "男性"), estimate: Samples.interval(2.303, 1.629, 3.256)),
      Row(label: name("Rare feature", "罕见征象"), estimate: Samples.interval(0.8, 0.0001, 6000)),
    ]
    return [
      ForestFigure.figure(
        name: "forest", heading: name("AUC by stratum, external validation", "各亚组 AUC，外部验证"), rows: rows,
        overall: Samples.interval(0.924, 0.889, 0.959), measure: ForestFigure.Measure(title: "AUC", decimals: 3),
        notes: [name("a: p < 0.05 against 2.1–5.0 cm, unpaired DeLong test, Holm.", "a：与 2.1–5.0 cm 相比 p < 0.05。")],
        words: words),
      ForestFigure.figure(
        name: "forest-odds", heading: name("Odds ratios", "比值比"), rows: odds,
        measure: ForestFigure.Measure(title: name("Odds ratio", "比值比"), isRatio: true), words: words),
    ]
  }

  func readersFigures() -> [Figure] {
    let values = readers.map {
      ReaderFigure.Reader(
        label: $0.label, group: $0.group, unaided: Samples.interval($0.unaided, $0.unaided - 0.07, $0.unaided + 0.06),
        aided: Samples.interval($0.aided, $0.aided - 0.06, $0.aided + 0.06),
        p: $0.aided - $0.unaided > 0.04 ? 0.004 : 0.31)
    }
    let alone = values.map { ReaderFigure.Reader(label: $0.label, group: $0.group, unaided: $0.unaided) }
    let ai = ReaderFigure.Model(label: "UC-STTNet", value: Samples.interval(0.85, 0.78, 0.91))
    let groups = [
      GroupFigure.Group(
        label: name("1–5 years", "1–5 年"),
        shares: [
          Samples.interval(0.712, 0.69, 0.74), Samples.interval(0.73, 0.7, 0.76), Samples.interval(0.68, 0.64, 0.72),
        ],
        members: [[0.66, 0.70, 0.75, 0.72], [0.7, 0.74, 0.69, 0.79], [0.6, 0.69, 0.7, 0.73]]),
      GroupFigure.Group(
        label: name("more than 15 years", "15 年以上"),
        shares: [
          Samples.interval(0.76, 0.73, 0.79), Samples.interval(0.761, 0.73, 0.79), Samples.interval(0.769, 0.73, 0.8),
        ]),
      GroupFigure.Group(
        label: name("Model LBC", "LBC 模型"),
        shares: [Samples.interval(0.847, 0.8, 0.88), Samples.interval(0.865, 0.82, 0.9), nil]),
      GroupFigure.Group(
        label: name("Contrast-enhanced CT", "增强 CT"), shares: [Estimate(value: 0.847), nil, .undefined]),
    ]
    let measures = [words("Accuracy"), words("Sensitivity"), words("Specificity")]
    return [
      ReaderFigure.figure(
        name: "readers", heading: name("Readers alone and with AI", "阅片者单独与结合 AI"), measure: "AUC", readers: values,
        model: ai,
        words: words),
      ReaderFigure.figure(
        name: "readers-alone", heading: name("Accuracy of the readers", "阅片者准确率"), measure: words("Accuracy"),
        readers: alone, model: ai, isShare: true, words: words),
      GroupFigure.figure(
        name: "groups", heading: name("Readers by experience, the model and CT", "不同年资阅片者、模型与 CT"), measures: measures,
        groups: groups, words: words),
    ]
  }

  func tables() -> [Figure] {
    let counts = ConfusionMatrix(truePositives: 231, falsePositives: 11, trueNegatives: 65, falseNegatives: 31)
    func pairs(_ count: Int) -> [PairwiseFigure.Pair] {
      (0..<count).flatMap { low in
        (low + 1..<max(low + 1, count)).map { high in
          let difference = 0.02 * Double(high - low)
          return PairwiseFigure.Pair(
            first: low, second: high, difference: Samples.interval(difference, difference - 0.03, difference + 0.03),
            p: high - low > 2 ? 0.0003 : 0.21)
        }
      }
    }
    func models(_ count: Int) -> [PairwiseFigure.Model] {
      (0..<count).map { index in
        let names = ["ResNet50", "DenseNet121", "VGG16", "GoogLeNet"]
        let label = count <= 4 ? names[index % 4] : name("Without hospital \(index + 1)", "不含第 \(index + 1) 家医院")
        return PairwiseFigure.Model(label: label, auc: Estimate(value: 0.93 - 0.02 * Double(index)))
      }
    }
    return [
      ConfusionFigure.figure(
        name: "confusion", heading: name("Confusion matrix, external validation", "混淆矩阵，外部验证"),
        panels: [ConfusionFigure.Panel(heading: "", counts: counts)], units: units, words: words),
      ConfusionFigure.figure(
        name: "confusion-row", heading: name("Three models on the external cohort", "外部队列上的三个模型"),
        panels: ["L", "LB", "LBC"].map {
          ConfusionFigure.Panel(heading: name("Model \($0)", "\($0) 模型"), counts: counts)
        },
        units: units, words: words),
      PairwiseFigure.figure(
        name: "pairwise-four", heading: name("Pairwise DeLong tests", "两两 DeLong 检验"), models: models(4),
        pairs: pairs(4),
        correction: "Holm", words: words),
      PairwiseFigure.figure(
        name: "pairwise-twelve", heading: name("Twelve models", "十二个模型"), models: models(12), pairs: pairs(12),
        words: words),
    ]
  }

  func flow() -> [Figure] {
    typealias Reason = FlowFigure.Reason
    let stages = [
      FlowFigure.Stage(
        text: name(
          "Focal liver lesions with pathology at 13 hospitals, May 2018 to June 2019",
          "2018 年 5 月至 2019 年 6 月 13 家医院有病理结果的肝局灶性病变"),
        counts: [name("2,263 patients", "2263 例患者")],
        exclusions: [
          Reason(text: name("cystic lesion", "囊性病变"), count: 31),
          Reason(text: name("local therapy before ultrasound", "超声检查前接受过局部治疗"), count: 44),
          Reason(
            text: name(
              "standard ultrasound more than one month before biopsy or surgery, or images not stored in DICOM",
              "标准超声检查距活检或手术超过一个月，或图像未以 DICOM 格式保存"), count: 47),
        ]),
      FlowFigure.Stage(
        text: name("Enrolled", "纳入"),
        counts: [name("2,143 patients, 2,213 lesions", "2143 例患者，2213 个病灶"), name("24,343 images", "24343 幅图像")],
        exclusions: [Reason(text: name("poor image quality", "图像质量差"), count: 2)]),
      FlowFigure.Stage(text: name("Analysed", "分析"), counts: [name("2,213 lesions", "2213 个病灶")]),
    ]
    let parts = [
      FlowFigure.Part(
        text: name("Training", "训练"), counts: [name("1,500 lesions", "1500 个病灶")], benign: 285, malignant: 1215),
      FlowFigure.Part(
        text: name("Validation", "验证"), counts: [name("150 lesions", "150 个病灶")], benign: 30, malignant: 120),
      FlowFigure.Part(
        text: name("Internal test", "内部测试"), counts: [name("225 lesions", "225 个病灶")], benign: 42, malignant: 183),
      FlowFigure.Part(
        text: name("External test at two other hospitals", "另外两家医院的外部测试"), counts: [name("338 lesions", "338 个病灶")],
        benign: 76, malignant: 262),
    ]
    return [
      FlowFigure.figure(
        name: "flow", heading: name("Flow of cases", "病例流程"), stages: stages, parts: parts, words: words),
      FlowFigure.figure(
        name: "flow-six", heading: name("Flow of cases", "病例流程"), stages: [stages[1]], parts: parts + parts.prefix(2),
        words: words),
    ]
  }

  func selective() -> [Figure] {
    let places = (0...40).map { step in
      let share = Double(step) / 45
      return DeferralFigure.Place(
        deferred: share, error: 0.16 * (1 - share) * (1 - share), sensitivity: 0.86 + 0.13 * share,
        specificity: step > 36 ? nil : 0.8 + 0.18 * share)
    }
    let covered: [(group: String, label: String, n: Int, value: Double)] = [
      (name("Class", "类别"), name("malignant", "恶性"), 262, 0.912), (name("Class", "类别"), name("benign", "良性"), 76, 0.89),
      (name("Site", "中心"), name("Peking University Shenzhen Hospital", "北京大学深圳医院"), 200, 0.905),
      (name("Site", "中心"), name("West China Hospital", "华西医院"), 138, 0.78),
      (name("Site", "中心"), name("other", "其他"), 0, .nan),
    ]
    let rows = covered.map { row in
      CoverageFigure.Row(
        label: row.label, group: row.group, n: row.n,
        coverage: row.value.isNaN ? nil : Samples.interval(row.value, row.value - 0.05, row.value + 0.04))
    }
    let folds = [0.91, 0.88, 0.93, 0.86, 0.9].map { Optional(Samples.interval($0, $0 - 0.06, $0 + 0.05)) }
    let (scores, positives) = Samples.scores(260, skill: 0.8, seed: 3)
    let epochs = (1...30).map { number in
      let rest = exp(-Double(number) / 7)
      return TrainingFigure.Epoch(
        number: number, trainLoss: 0.7 * rest, validationLoss: 0.3 + 0.4 * rest, validationAUC: 0.92 - 0.3 * rest)
    }
    return [
      DeferralFigure.figure(
        name: "deferral", heading: name("Selective prediction", "选择性预测"), places: places, operating: 0.2, words: words),
      CoverageFigure.figure(
        name: "coverage", heading: name("Coverage of conformal sets", "共形预测集的覆盖率"), rows: rows, target: 0.9,
        words: words),
      FoldFigure.figure(
        name: "folds", heading: name("AUC by fold", "各折 AUC"),
        series: [
          FoldFigure.Series(
            label: name("Model LB", "LB 模型"), folds: folds, pooled: Samples.interval(0.895, 0.87, 0.92)),
          FoldFigure.Series(label: name("Model LBC", "LBC 模型"), folds: folds.reversed().dropLast() + [nil]),
        ], words: words),
      ScoreFigure.figure(
        name: "scores", heading: name("Scores", "评分"), scores: scores, positives: positives, cutOffs: [0.42],
        words: words),
    ]
      + [
        TrainingFigure.figure(name: "training", heading: name("Training", "训练"), folds: [epochs, epochs], words: words)
      ].compactMap(\.self)
  }

  var all: [Figure] {
    roc() + calibration() + decision() + nomograms() + forest() + readersFigures() + tables() + flow() + selective()
  }
}
