extension Chinese {
  /// The report’s results: tables, figures and their captions.
  static let results: [String: String] = [
    "Results: {1}, {2}": "结果：{1}，{2}",
    "Results: {1}": "结果：{1}",
    "Measure": "指标",
    "Per {1}": "按{1}",
    "Rates with Wilson’s 95 % interval in brackets, per cent.": "各率后括号内为 Wilson 95% 置信区间（%）。",
    "A lesion’s score is the mean of its images’; a patient’s is the highest of the lesions’.":
      "病灶评分为其各图像评分的均值；患者评分为其各病灶评分的最大值。",
    "AUC": "AUC",
    "AUC, mean score of the folds’ networks": "AUC（各折网络评分的均值）",
    "AUC, pooled over folds": "AUC（各折合并）",
    "Malignant / all": "恶性 / 全部",
    "95\u{202F}% CI, DeLong": "95% CI（DeLong 法）",
    "95\u{202F}% CI, clustered by {1}": "95% CI（按{1}聚类）",
    "look-alike group": "相似图像组",
    "AUC, mean of folds (SD)": "AUC，各折均值（标准差）",
    "Cut-off": "截断值",
    "Positive predictive value": "阳性预测值",
    "Negative predictive value": "阴性预测值",
    "Accuracy": "准确率",
    "Calibration slope": "校准斜率",
    "Calibration intercept": "校准截距",
    "Brier score": "Brier 评分",
    "Expected calibration error": "期望校准误差",
    "{1} (mean of folds)": "{1}（各折均值）",
    "{1} to {2}, by fold": "{1}~{2}（因折而异）",
    "Fold by fold": "各折结果",
    "Each fold’s network on its own test part, per {1}.": "各折网络在其自身测试部分上的结果（按{1}）。",
    "Fold": "折",
    "AUC (95 % CI)": "AUC（95% CI）",
    "one class only": "仅含一个类别",
    "Misclassified": "误分类",
    "No {1} was misclassified.": "没有被误分类的{1}。",
    "Group": "组",
    "Reference": "参考标准",
    "Score": "评分",
    "{1} of {2} misclassified: {3} malignant called benign, {4} benign called malignant.":
      "{2}中有 {1} 个被误分类：恶性误判为良性 {3} 个，良性误判为恶性 {4} 个。",
    "The {1} farthest from their cut-off:": "以下为距截断值最远的 {1} 个：",
    "Farthest from the cut-off first:": "按距截断值由远及近排列：",
    "Models compared": "模型比较",
    "Every model, per lesion.": "各模型的结果（按病灶）。",
    "Model": "模型",
    "Models": "模型",
    "Part": "数据集",
    "AUCs pair by pair": "AUC 两两比较",
    "{1} less {2}": "{1} 减 {2}",
    "AUC, first": "前者 AUC",
    "AUC, second": "后者 AUC",
    "AUC difference (95 % CI)": "AUC 差值（95% CI）",
    "p": "P 值",
    "p, Holm": "P 值（Holm 校正）",
    """
    Difference of the AUCs on the lesions both models scored, by DeLong’s paired test; clustered by {1} where one \
    has several.
    """: "两模型在均有评分的病灶上的 AUC 差值，采用配对 DeLong 检验；同一{1}有多个病灶时予以聚类。",
    "Two-sided p, and p by Holm for all pairs of a part together.": "P 值为双侧；Holm 校正针对同一数据集的全部模型对。",
    "All pairs ({1}): above the diagonal the AUC of the row less that of the column, below it p by Holm.":
      "全部模型对（{1}）：对角线上方为行模型减列模型的 AUC 差值，下方为 Holm 校正后的 P 值。",
    "More than {1} models: their pairwise comparisons are in metrics.json only.":
      "模型超过 {1} 个：两两比较的结果仅见于 metrics.json。",
    "Table 1: the cohort": "表 1：研究队列",
    "Per lesion ({1} benign, {2} malignant); shares are of the lesions with a known value.":
      "以病灶为单位（良性 {1} 个，恶性 {2} 个）；百分比以该项已知的病灶数为分母。",
    "Characteristic": "特征",
    "Test": "检验方法",
    "All": "合计",
    "Look-alike groups": "相似图像组",
    "Size (mm)": "大小（mm）",
    "Histology": "病理类型",
    "Background": "背景组织",
    "Site": "中心",
    "Device": "设备",
    "Modality": "成像方式",
    "1 patient with lesions of both kinds is in both columns.": "有 1 例患者兼有良性与恶性病灶，同时计入两列。",
    "{1} patients with lesions of both kinds are in both columns.": "有 {1} 例患者兼有良性与恶性病灶，同时计入两列。",
    "1 group with lesions of both kinds is in both columns.": "有 1 组图像兼有良性与恶性病灶，同时计入两列。",
    "{1} groups with lesions of both kinds are in both columns.": "有 {1} 组图像兼有良性与恶性病灶，同时计入两列。",
    "{1}: values differ within {2}; the first was taken.": "{1}：有 {2}内各图像取值不一致，取第一个值。",
    "missing": "缺失",
    "{1}, mean ± SD": "{1}，均值±标准差",
    "{1}, median [IQR]": "{1}，中位数［四分位数］",
    "{1} [{2} to {3}]": "{1}［{2}~{3}］",
    "{1}, n (%)": "{1}，n（%）",
    "Welch t": "Welch t 检验",
    "Mann–Whitney": "Mann-Whitney U 检验",
    "Fisher exact": "Fisher 确切概率法",
    "chi-square": "χ² 检验",
    "{1}: left out, a text with {2} different values.": "{1}：为含 {2} 个不同取值的文本，未列入。",
    "{1}: {2} wherever known.": "{1}：凡已知者均为 {2}。",
    "Against the ideal observer (in silico)": "与理想观察者比较（计算机模拟）",
    """
    The ideal observer knows the true factors of each simulated lesion ({1}) and ranks lesions by their likelihood \
    ratio.
    """: "理想观察者知晓每个模拟病灶的真实因素（{1}），并按似然比对病灶排序。",
    """
    No classifier can do better on average; what the images hide, and what the network does not use, makes the \
    difference.
    """: "平均而言没有分类器能优于它；差距来自图像所掩盖的信息和网络未利用的信息。",
    "In silico, per lesion.": "计算机模拟，按病灶。",
    "Efficiency is (d′ of the network / d′ of the ideal observer)², with d′ = √2 Φ⁻¹(AUC).":
      "效率 =（网络的 d′ / 理想观察者的 d′）²，其中 d′ = √2 Φ⁻¹(AUC)。",
    "Observer": "观察者",
    "Short of ideal": "与理想值之差",
    "Efficiency (95 % CI)": "效率（95% CI）",
    "Ideal observer, from the simulation’s factors": "理想观察者（由模拟因素推得）",
    "1 by definition": "1（定义）",
    "Ideal observer, on these lesions": "理想观察者（在这些病灶上）",
    "The network": "网络",
    "ROC, {1}": "ROC 曲线，{1}",
    "Calibration, {1}": "校准，{1}",
    "Scores, {1}": "评分分布，{1}",
    "Confusion matrix, {1}": "混淆矩阵，{1}",
    "Receiver operating characteristic per {1}.": "受试者工作特征（ROC）曲线（按{1}）。",
    "The band covers the 95 % regions of all operating points (Wilson limits in every direction) and is pointwise.":
      "阴影带覆盖全部工作点的 95% 区域（各方向均取 Wilson 界限），为逐点置信带。",
    "The diamond is where the cut-offs in use lead; pooled over folds it need not lie on the curve.":
      "菱形为所用截断值对应的工作点；各折合并后不一定落在曲线上。",
    """
    Observed against predicted malignancy per {1}: points are groups of neighbouring scores with Wilson intervals, \
    the line is a loess curve; below, the scores of both classes.
    """: "恶性的实际比例与预测概率（按{1}）：点为评分相近者分组的实际比例及 Wilson 区间，线为 loess 曲线；下方为两类的评分分布。",
    "Predicted probability of malignancy by reference standard; dashed: the cut-off in use.":
      "按参考标准分组的恶性预测概率；虚线为所用截断值。",
    "Calls at the cut-off against the reference standard, per {1}.": "采用截断值的判断与参考标准对照（按{1}）。",
    "Loss on training and validation parts and AUC on the validation part, by epoch.": "训练集与验证集的损失及验证集 AUC 随训练轮次的变化。",
  ]
}
