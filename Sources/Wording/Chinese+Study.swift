extension Chinese {
  /// What the sections of a study's side tables say.
  static let study: [String: String] = [cohort, models, strata, regression].reduce(into: [:]) {
    $0.merge($1) { first, _ in first }
  }

  private static let cohort: [String: String] = [
    "{1}: ": "{1}：",
    ", ": "、",
    "; ": "；",
    "no": "否",
    "yes": "是",
    "None": "无",
    "Both": "两类均有",
    "Enrolment": "入组",
    "Enrolment from {1} to {2}.": "入组时间：{1} 至 {2}。",
    "Flow of {1}": "{1}流程图",
    "Assessed for eligibility": "接受入组评估",
    "Remaining": "剩余",
    "Included": "纳入",
    "Excluded": "排除",
    "Stage": "阶段",
    "Reason": "原因",
    "Exclusions: {1} of {2} assessed; {3} included.": "评估 {2} 例，排除 {1} 例，纳入 {3} 例。",
    "Those included by the log are those whose predictions are evaluated here.": "入组记录所纳入者与此处评价其预测者一致。",
    "The log counts {1} at “{2}”, where the counts before leave {3}: a difference of {4}.":
      "入组记录在“{2}”处计 {1} 例，而此前各计数剩余 {3} 例，相差 {4} 例。",
    "At “{1}” the log excludes {2} of {3}.": "入组记录在“{1}”处排除 {2} 例，而该处仅有 {3} 例。",
    "By the log {1} are in the study; the predictions are of {2} patients.": "按入组记录纳入 {1} 例；预测涉及 {2} 名患者。",
    "Lesions included in the log and without predictions: {1} ({2}).": "入组记录已纳入而无预测的病灶：{1} 个（{2}）。",
    "Lesions excluded in the log and yet scored: {1} ({2}).": "入组记录已排除却有评分的病灶：{1} 个（{2}）。",
    "Lesions scored that the log does not have: {1} ({2}).": "有评分而入组记录中没有的病灶：{1} 个（{2}）。",
    "Patients included in the log and without predictions: {1} ({2}).": "入组记录已纳入而无预测的患者：{1} 名（{2}）。",
    "Patients excluded in the log and yet scored: {1} ({2}).": "入组记录已排除却有评分的患者：{1} 名（{2}）。",
    "Patients scored that the log does not have: {1} ({2}).": "有评分而入组记录中没有的患者：{1} 名（{2}）。",
    "{1}: values differ within a lesion; the first one was taken.": "{1}：同一病灶内取值不一，取第一个。",
    "Lesions without a row in the clinical table: {1} of {2} ({3}); their values are missing.":
      "临床表中没有对应行的病灶：{2} 个中有 {1} 个（{3}）；其取值缺失。",
    "Rows of the clinical table without predictions: {1} ({2}).": "临床表中没有预测的行：{1} 行（{2}）。",
    "Table 1: the lesions": "表 1：病灶",
    "The lesions by their reference standard.": "按参考标准分组的病灶。",
    "The lesions by the part of the study they were scored in.": "按评分所在研究部分分组的病灶。",
    "Per lesion; shares are of the lesions with a known value, in per cent. SMD: standardised difference.":
      "按病灶；占比以取值已知的病灶为分母（%）。SMD：标准化差异。",
    "SMD": "SMD",
    "{1} (n = {2})": "{1}（n = {2}）",
    "{1}, median (IQR)": "{1}，中位数（四分位距）",
    "{1}, range": "{1}，范围",
    "no values": "无取值",
    "a group without values": "有一组无取值",
    "Mann-Whitney": "Mann-Whitney 检验",
    "Kruskal-Wallis": "Kruskal-Wallis 检验",
    "Welch ANOVA": "Welch 方差分析",
    "ANOVA": "方差分析",
    "Student t": "Student t 检验",
    "Lesions of one patient are counted one by one, as if independent.": "同一患者的病灶逐个计数，视为相互独立。",
    "Patients with lesions in more than one group: {1}.": "在多组中均有病灶的患者：{1} 名。",
    "{1}: left out, every value is different.": "{1}：每个取值均不同，略去。",
    "{1}: left out, it is {2} throughout.": "{1}：取值均为 {2}，略去。",
    "No Table 1: {1}.": "无表 1：{1}。",
  ]

  private static let models: [String: String] = [
    "All models: ROC curves": "全部模型：ROC 曲线",
    "ROC of all models": "全部模型的 ROC 曲线",
    "Area under the ROC curve per lesion, with its 95 % interval on the logit scale; clustered by {1} where one has several lesions.":
      "按病灶计算的 ROC 曲线下面积及其 logit 尺度上的 95% 置信区间；一名患者（或一组）有多个病灶时按{1}聚类。",
    "The AUC has no variance, as where all scores are equal: no interval is given.": "AUC 无方差（例如所有评分相同），不给出区间。",
    "The figure shows the first {1} of {2} models.": "图中为 {2} 个模型中的前 {1} 个。",
    "{1}: the score is the same for every lesion and tells nothing.": "{1}：所有病灶评分相同，不含任何信息。",
    "The models scored different numbers of lesions; the curves are not of the same cases.":
      "各模型评分的病灶数不同；曲线并非来自相同病例。",
    "All models: pairwise comparison": "全部模型：两两比较",
    "Pairwise comparison": "两两比较",
    "Pairs without lesions of both classes that both models scored: {1} of {2}.":
      "两模型共同评分的病灶不含两个类别的模型对：{2} 对中有 {1} 对。",
    "All models: calls at the cut-off": "全部模型：截断值处的判定",
    "Confusion matrices": "混淆矩阵",
    "Per lesion, at each model’s cut-off; rates in per cent with Wilson’s 95 % interval. TP, FP, TN, FN: true and false positives and negatives.":
      "按病灶，取各模型自身截断值；率为百分数，附 Wilson 95% 置信区间。TP、FP、TN、FN：真阳性、假阳性、真阴性、假阴性。",
    "PPV": "阳性预测值",
    "NPV": "阴性预测值",
    "* as published, of other patients.": "* 为已发表结果，来自其他患者。",
    "* as published, of other patients; no test compares them with the models.":
      "* 为已发表结果，来自其他患者；未与各模型作检验比较。",
    "{1}: an accuracy of {2} outside sensitivity and specificity cannot come from one confusion matrix.":
      "{1}：准确率 {2} 不在灵敏度与特异度之间，不可能出自同一混淆矩阵。",
    "All models: calibration": "全部模型：校准",
    "Whether a predicted probability is met by as many malignant lesions. Slope 1 and intercept 0 are perfect; in the large is the intercept with the slope held at 1. ICI, E50 and E90 are the mean, median and 90th percentile of the distance between prediction and loess curve.":
      "预测概率是否与实际恶性比例相符。斜率 1、截距 0 为完美；“总体校准”为斜率固定为 1 时的截距。ICI、E50、E90 分别为预测与 loess 曲线之距的均值、中位数和第 90 百分位数。",
    "Calibration per lesion with 95 % intervals (Wald’s; with a variance between the members of a cluster, a {1}, where one has several lesions).":
      "按病灶的校准及 95% 置信区间（Wald 法；有多个病灶时按聚类单位（{1}）计算方差）。",
    "Errors of calibration: ECE in ten bins of equal width; Hosmer–Lemeshow (HL) in ten groups.":
      "校准误差：ECE 取十个等宽区间；Hosmer–Lemeshow（HL）检验取十组。",
    "Slope": "斜率",
    "Intercept": "截距",
    "In the large": "总体校准",
    "Observed / expected": "观察数 / 期望数",
    "Brier": "Brier 评分",
    "Scaled Brier": "标准化 Brier 评分",
    "ECE": "ECE",
    "ICI": "ICI",
    "E50": "E50",
    "E90": "E90",
    "HL p": "HL 检验 p",
    "Spiegelhalter p": "Spiegelhalter 检验 p",
    "{1}: only one class is present; calibration cannot be judged.": "{1}：仅有一个类别，无法评价校准。",
    "{1}: calibration could not be computed.": "{1}：无法计算校准。",
    "{1}: no slope and intercept, since the scores separate the classes or are all equal.":
      "{1}：评分将两类完全分开或全部相同，故无斜率与截距。",
    "Decision curves": "决策曲线",
    "Net benefit is the share of true positives less the share of false positives weighted by the odds of the threshold probability, at which one would act. A model is worth using where it lies above acting on everybody and above acting on nobody; it can never exceed the prevalence. Scores are taken as probabilities: where calibration is poor, so is the curve.":
      "净获益为真阳性占比减去按阈值概率之比值加权的假阳性占比；达到阈值概率即采取干预。模型高于“全部干预”和“均不干预”之处才有使用价值；净获益不会超过患病率。评分被视为概率：校准不良则曲线亦不可靠。",
    "No decision curves: the lesions that every model scored are of one class, or there are none.":
      "无决策曲线：各模型共同评分的病灶仅有一个类别，或没有这样的病灶。",
    "No decision curves: {1}.": "无决策曲线：{1}。",
    "acting on everybody": "全部干预",
    "acting on nobody": "均不干预",
    "{1}: {2} is as good, or cannot be told apart, at {3}.": "{1}：阈值为 {3} 时，{2}与之相当或无法区分。",
    "Curves are of the {1} lesions that every model scored.": "曲线来自各模型共同评分的 {1} 个病灶。",
    "Net benefit per lesion at some thresholds, prevalence {1}. Intervals are percentiles of {2} resamples, a {3} with all its lesions at a time; spared are interventions on benign lesions per 100 lesions, against acting on everybody.":
      "若干阈值处按病灶的净获益，患病率 {1}。区间为 {2} 次重抽样的百分位数，每次以一名（组）{3}及其全部病灶为单位；“避免干预”为与全部干预相比，每 100 个病灶可避免的对良性病灶的干预数。",
    "Threshold": "阈值",
    "Net benefit (95 % CI)": "净获益（95% CI）",
    "Everybody": "全部干预",
    "Less everybody (95 % CI)": "与全部干预之差（95% CI）",
    "Spared per 100": "每 100 例避免干预",
  ]

  private static let strata: [String: String] = [
    "A score may do well in all lesions together and badly in some. Strata with fewer than {1} patients of a class are shown and flagged, and enter no test (the flag counts patients with a malignant and with a benign lesion); with fewer than {2} lesions of a class no estimate is given. Strata that differ by chance are many: p is also given by Holm over all tests of a model.":
      "评分可能总体表现良好而在部分病灶中表现不佳。某一类别患者少于 {1} 名的分层予以显示并标注，但不参与检验（标注为有恶性病灶与有良性病灶的患者数）；某一类别病灶少于 {2} 个时不给出估计。偶然的分层差异很常见：故另给出对一个模型全部检验作 Holm 校正的 p 值。",
    "AUC by stratum, {1}": "各分层 AUC，{1}",
    "Strata are of the first model, {1}; there are {2}.": "分层仅针对第一个模型 {1}；共有 {2} 个模型。",
    "{1}: only one class is present; there are no strata.": "{1}：仅有一个类别，不作分层。",
    "Per lesion; AUC with its 95 % interval on the logit scale, rates in per cent at the cut-off in use, all for lesions clustered by {1} where one has several. O/E: malignant lesions observed over expected by the scores.":
      "按病灶；AUC 附 logit 尺度上的 95% 置信区间，率为所用截断值处的百分数；有多个病灶时均按{1}聚类。O/E：恶性病灶观察数与按评分期望数之比。",
    "O/E": "观察数/期望数",
    "Flag": "标注",
    "Tests between strata; p (Holm) over these {1} tests. Interaction asks whether the odds ratio of the score depends on the factor, in a logistic regression; a number is tested as it is, without cut points.":
      "分层间检验；p（Holm）针对这 {1} 个检验。交互作用检验在 logistic 回归中考察评分的比值比是否随因素而变；数值变量按原值检验，不作切分。",
    "Question": "问题",
    "p (Holm)": "p（Holm 校正）",
    "{1}: differs between strata": "{1}：分层间有无差异",
    "{1}: trend over the strata": "{1}：随分层有无趋势",
    "Interaction of score and factor": "评分与因素的交互作用",
    "Interaction of score and number": "评分与数值变量的交互作用",
    "logistic regression, likelihood ratio": "logistic 回归，似然比检验",
    "logistic regression, Wald, clustered": "logistic 回归，聚类 Wald 检验",
    "Cochran Q of logit AUC": "logit AUC 的 Cochran Q 检验",
    "Cochran Q of logit AUC, with the covariance of shared patients": "logit AUC 的 Cochran Q 检验，计入共有患者的协方差",
    "slope of logit AUC": "logit AUC 的斜率检验",
    "slope of logit AUC, with the covariance of shared patients": "logit AUC 的斜率检验，计入共有患者的协方差",
    "score test clustered by patient": "按患者聚类的得分检验",
    "Cochran-Armitage": "Cochran-Armitage 趋势检验",
    "no lesions": "无病灶",
    "no variance": "无方差",
    "too few: {1} malignant, {2} benign": "例数过少：恶性 {1}，良性 {2}",
    "too few to test: {1} / {2} patients": "例数过少不作检验：患者 {1} / {2}",
    "{1}: {2} different values and no cut points; no strata.": "{1}：有 {2} 个不同取值而未给出切点；不作分层。",
    "{1}: no test between the AUCs of strata, since fewer than two have {2} patients of either class and a variance.":
      "{1}：两类患者均达 {2} 名且有方差的分层不足两个，故不作分层间 AUC 检验。",
    "{1}: no test of the score’s interaction, since fewer than two strata are large enough.":
      "{1}：足够大的分层不足两个，故未作评分交互作用检验。",
    "{1}: no test of the score’s interaction: {2}.": "{1}：未作评分交互作用检验：{2}。",
    "Leaving uncertain lesions to a reader": "将不确定的病灶交由阅片者判读",
    "A conformal set holds every class that cannot be ruled out; with both classes in it, or none, a lesion is left to a reader. Of lesions like those it was calibrated on it holds the truth for at least {1} of either class. The deferral curve leaves the lesions nearest to the cut-off to a reader first.":
      "共形预测集包含所有无法排除的类别；两类均在其中或均不在其中的病灶交由阅片者判读。对与校准数据相似的病灶，每一类别至少有 {1} 的预测集包含真实类别。转交曲线优先将最接近截断值的病灶交由阅片者判读。",
    "Deferral, {1}": "转交曲线，{1}",
    "Conformal sets, {1}": "共形预测集，{1}",
    "No conformal sets: they need {1} patients with a lesion of either class.":
      "无共形预测集：每一类别均需有 {1} 名有该类病灶的患者。",
    "No conformal sets: {1}.": "无共形预测集：{1}。",
    "Calibrated on the {1} lesions of the part “{2}”.": "以“{2}”部分的 {1} 个病灶校准。",
    "Each fifth of the patients is judged by sets calibrated on the other four.": "每五分之一患者由其余五分之四患者校准的预测集评判。",
    "Per lesion, in per cent.": "按病灶，单位为 %。",
    "Class": "类别",
    "Of": "对象",
    "Truth in the set (95 % CI)": "真实类别在集内（95% CI）",
    "One class": "仅一类",
    "Wrong among one class": "仅一类者中错误",
  ]

  private static let regression: [String: String] = [
    "Score and clinical variables: odds ratios and nomogram": "评分与临床变量：比值比与列线图",
    "Score, logit": "评分（logit）",
    "No regression of the label on the score and these variables: {1}.": "未能以评分与这些变量对标签作回归：{1}。",
    "No nomogram: the model’s terms do not change the risk.": "无列线图：模型各项不改变风险。",
    "The variables separate the classes: maximum likelihood has no finite estimate. Odds ratios are Firth’s penalised ones, with p of the penalised likelihood.":
      "变量将两类完全分开，最大似然没有有限估计。比值比为 Firth 惩罚估计，p 值来自惩罚似然。",
    "Logistic regression of malignancy on the score of {1} and the variables named, on {2} lesions ({3} malignant).":
      "以 {1} 的评分和所列变量对恶性作 logistic 回归，共 {2} 个病灶（恶性 {3} 个）。",
    "It was fitted on the validation lesions, which the network was not trained on.": "以验证部分的病灶拟合，网络未用其训练。",
    "It was fitted on the lesions the network was trained on, whose scores are better than those of any other lesion: the score weighs too much and the variables too little.":
      "以网络训练所用的病灶拟合，其评分优于其他任何病灶：评分的权重偏大，变量的权重偏小。",
    "There are no training rows: it was fitted on the test lesions themselves, so that its performance on them is only apparent, and better than it will be elsewhere.":
      "没有训练数据：以测试病灶本身拟合，故在其上的表现只是表观表现，会优于在其他数据上的表现。",
    "{1}: the reference is its most frequent level, {2}.": "{1}：以最常见的水平 {2} 为参照。",
    "Lesions with a missing value: {1}. Values were imputed {2} times by chained equations with the label among the predictors, and the fits pooled by Rubin’s rules; a value that is missing for a reason that is not known biases this.":
      "有缺失值的病灶：{1} 个。以链式方程（预测变量含标签）作 {2} 次插补，并按 Rubin 规则合并；若缺失原因未知，结果会有偏倚。",
    "Lesions with a missing value, left out: {1}.": "因有缺失值而未纳入的病灶：{1} 个。",
    "{1} lesions of the rarer class for each coefficient: fewer than 10 make unstable estimates.":
      "每个系数对应 {1} 个较少类别的病灶：少于 10 个则估计不稳定。",
    "Standard errors allow for lesions that share one of {1} patients (sandwich).": "标准误已考虑同属一名患者的病灶（共 {1} 名患者，夹心估计）。",
    "{1} alone was not fitted: {2}.": "{1} 未能单独拟合：{2}。",
    "OR: odds ratio for one unit of a number, against the reference of a category; of the score for one unit of its logit. Alone and together with the others.":
      "OR：比值比；数值变量为每增加一个单位，分类变量为与参照水平相比，评分为其 logit 每增加一个单位。分别为单独及与其他变量一起的结果。",
    "Variable": "变量",
    "{1} or more; not estimable": "{1} 或以上；无法估计",
    "AUC of the score alone and with the variables, on the lesions without a missing value; paired test (DeLong, or Obuchowski’s where lesions share a patient). Lesions that were also in the fit make it look better than it is.":
      "无缺失值的病灶上，评分单独及加入变量后的 AUC；配对检验（DeLong 法；病灶同属一名患者时用 Obuchowski 法）。同时用于拟合的病灶会使结果偏好。",
    "Of them in the fit": "其中用于拟合",
    "Score alone": "仅评分",
    "With variables": "加入变量",
    "Difference (95 % CI)": "差值（95% CI）",
    "The nomogram’s points. Add those of a lesion’s values and read off its probability of malignancy, where malignancy is as common as among the lesions of the fit.":
      "列线图的分值。将病灶各取值的分值相加，即可查得其恶性概率（前提是恶性的比例与拟合所用病灶相同）。",
  ]
}
