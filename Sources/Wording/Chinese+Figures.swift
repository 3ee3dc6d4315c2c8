extension Chinese {
  /// What figures say.
  static let figures: [String: String] = [curves, tables, nomograms, readers, studies].reduce(into: [:]) {
    $0.merge($1) { first, _ in first }
  }

  private static let curves: [String: String] = [
    "Sensitivity": "灵敏度",
    "Specificity": "特异度",
    " ": "",
    "lesions": "病灶",
    "images": "图像",
    "patients": "患者",
    "malignant": "恶性",
    "benign": "良性",
    "n/a": "无",
    "not estimable": "无法估计",
    "p not estimable": "p 无法估计",
    "{1} ({2} % CI {3} to {4})": "{1}（{2}% CI {3} 至 {4}）",
    "{1} ({2} to {3})": "{1}（{2} 至 {3}）",
    "{1} to {2}": "{1} 至 {2}",
    "to {1}": "至 {1}",
    "95 % band, pointwise": "95% 逐点置信带",
    "1 − specificity (false positive rate)": "1 − 特异度（假阳性率）",
    "Sensitivity (true positive rate)": "灵敏度（真阳性率）",
    "AUC {1}": "AUC {1}",
    "No curve: it needs both classes.": "无曲线：需要良性与恶性两类。",
    "Pooled": "合并",
    "Mean score": "平均评分",
    "{1} folds: mean AUC {2}": "{1} 折：平均 AUC {2}",
    ", SD {1}": "，标准差 {1}",
    "{1} malignant, {2} benign {3}": "{3}：恶性 {1}，良性 {2}",
    "ROC, {1}": "ROC 曲线，{1}",
    "Calibration, {1}": "校准，{1}",
    "Scores, {1}": "评分，{1}",
    "Confusion matrix, {1}": "混淆矩阵，{1}",
    "One class only: no curve": "仅有一类：无曲线",
    "one class only": "仅有一类",
    "Cut-off: sens. {1}, spec. {2}": "截断值：灵敏度 {1}，特异度 {2}",
    "Cut-off in use": "所用截断值",
    "{1} ({2})": "{1}（{2}）",
    "Readers": "阅片者",
    "hollow: alone, filled: with AI": "空心：单独；实心：结合 AI",
    "Receiver operating characteristic; area under the curve: {1}.": "受试者工作特征曲线；曲线下面积：{1}。",
    "Receiver operating characteristic; the dashed diagonal is chance.": "受试者工作特征（ROC）曲线；虚线对角线为随机水平。",
    "The band covers the 95 % regions of all operating points (Wilson limits in every direction) and is pointwise.":
      "置信带覆盖所有工作点的 95% 区域（各方向的 Wilson 界限），为逐点置信带。",
    "The diamonds are where the cut-offs in use lead; pooled over folds they need not lie on the curve.":
      "菱形为所用截断值对应的点；合并各折时不一定落在曲线上。",
    "Each mark is a reader; an arrow leads from reading alone to reading with AI.":
      "每个标记为一名阅片者；箭头由单独阅片指向结合 AI 阅片。",
    "No scores: nothing to calibrate.": "无评分：无法评价校准。",
    "Observed share of malignant {1}": "恶性{1}的观察比例",
    "Predicted probability of malignancy": "预测的恶性概率",
    "Probability of malignancy": "恶性概率",
    "Calibration: observed share of malignant {1} against predicted probability, {2} panels.":
      "校准：恶性{1}的观察比例与预测概率，共 {2} 幅。",
    "Observed against predicted malignancy: points are groups of neighbouring scores with Wilson intervals, the line is a loess curve; below, the scores of both classes.":
      "观察与预测的恶性比例：点为相邻评分的分组及 Wilson 区间，线为 loess 曲线；下方为两类的评分分布。",
    "The band is the curve's pointwise 95 % interval.": "阴影为曲线的逐点 95% 置信区间。",
    "Smoothed (loess)": "平滑曲线（loess）",
    "its 95 % band": "其 95% 置信带",
    "Perfect calibration": "理想校准",
    "Groups, 95 % CI": "分组，95% CI",
    "1 group of {1}, 95 % CI": "1 组，{1} 例，95% CI",
    "{1} groups of {2}, 95 % CI": "{1} 组，每组 {2} 例，95% CI",
    "Slope {1}": "斜率 {1}",
    "Intercept {1}": "截距 {1}",
    "Brier score {1}": "Brier 评分 {1}",
    "ICI {1}": "ICI {1}",
    "Hosmer–Lemeshow {1}": "Hosmer–Lemeshow 检验 {1}",
    "tallest bar: {1}": "最高柱：{1}",
    "Threshold probability": "阈值概率",
    "Net benefit": "净获益",
    "Standardised net benefit": "标准化净获益",
    "Treat all": "全部干预",
    "Treat none": "均不干预",
    "Treat-all is as good": "全部干预同样好",
    "Treat-all is as good as the model at:": "以下阈值处全部干预不劣于模型：",
    "{1}: not estimable": "{1}：无法估计",
    "No model has a net benefit to draw.": "没有可绘制净获益的模型。",
    "Decision curves of {1} with treat-all and treat-none.": "{1}的决策曲线，以及全部干预与均不干预。",
    "Net benefit of acting on a predicted probability at or above the threshold, beside acting on all and on none.":
      "对预测概率达到或超过阈值者采取干预的净获益，与全部干预和均不干预相比。",
    "Standardised: as a share of the prevalence, the largest net benefit there can be.":
      "标准化：以患病率（净获益的最大可能值）为分母。",
    "Shaded where treat-all is as good as every model; the bars below show it for each.":
      "阴影处全部干预不劣于任何模型；下方横条按模型分别显示。",
    "Shaded where treat-all is as good as the model.": "阴影处全部干预不劣于模型。",
    "No scores.": "无评分。",
    "cut-off": "截断值",
    "cut-offs of the {1} folds": "{1} 折的截断值",
    "Predicted probability of malignancy by reference standard, with the cut-off.": "按参考标准分组的预测恶性概率及截断值。",
    "Predicted probability of malignancy by reference standard; dashed: the cut-off in use.":
      "按参考标准分组的预测恶性概率；虚线为所用截断值。",
    "Fold": "折",
    "no fold has an AUC": "各折均无 AUC",
    "mean of {1}: {2}": "{1} 折平均 {2}",
    "; pooled {1}": "；合并 {1}",
    "mean over folds": "各折平均",
    "No fold has an AUC: it needs both classes.": "各折均无 AUC：需要良性与恶性两类。",
    "Area under the ROC curve of each of {1} folds.": "{1} 折各自的 ROC 曲线下面积。",
    "Area under the ROC curve of each fold's own test part with its 95 % interval.":
      "各折测试部分的 ROC 曲线下面积及 95% 置信区间。",
  ]

  private static let tables: [String: String] = [
    "Called by the cut-off": "按截断值判定",
    "Reference standard": "参考标准",
    "true positive": "真阳性",
    "false negative": "假阴性",
    "false positive": "假阳性",
    "true negative": "真阴性",
    "No calls to count.": "无判定可计数。",
    "Counts of {1}; shares are of each row.": "{1}计数；百分比按行计算。",
    "true positives {1}, false negatives {2}, false positives {3}, true negatives {4}":
      "真阳性 {1}，假阴性 {2}，假阳性 {3}，真阴性 {4}",
    "Calls at the cut-off against the reference standard; counts of {1}.": "截断值判定与参考标准的对照；{1}计数。",
    "no AUC": "无 AUC",
    "One model: nothing to compare.": "仅一个模型：无可比较。",
    "p adjusted after {1}; bold: p < 0.05": "p 值经 {1} 校正；粗体：p < 0.05",
    "p not adjusted; bold: p < 0.05": "p 值未校正；粗体：p < 0.05",
    "Pairwise differences of AUC between {1} models.": "{1} 个模型两两之间的 AUC 差值。",
    "On the diagonal the AUCs; below it the row's AUC less the column's with its 95 % interval; above it p of the DeLong test.":
      "对角线为 AUC；其下为行模型与列模型 AUC 之差及 95% 置信区间；其上为 DeLong 检验的 p 值。",
  ]

  private static let nomograms: [String: String] = [
    "Points": "分值",
    "points": "得分",
    "Total points": "总分",
    "1. For each variable go straight up from the patient’s value to the points ruler; write the points in the box.":
      "1. 对每个变量，由患者的取值垂直向上至分值标尺，将得分写入方框。",
    "2. Add the points and find the sum on the ruler of total points.": "2. 将各得分相加，在总分标尺上找到总和。",
    "3. Go straight down and read the probability. For research; not a medical device.":
      "3. 垂直向下读取概率。仅供研究，非医疗器械。",
    "A sum beyond the ruler’s end is a probability above 0.999, one before its start below 0.001.":
      "总和超出标尺末端时概率高于 0.999，低于标尺起点时概率低于 0.001。",
    "Nomogram; points of the variables: {1}.": "列线图；各变量分值：{1}。",
    "Nomogram: the points of all variables are added; the total gives the probability. The longest axis spans 100 points.":
      "列线图：将所有变量的分值相加，由总分得到概率；最长的轴为 100 分。",
    "No nomogram: {1}.": "无列线图：{1}。",
    "{1} points": "{1} 分",
    "enter {1} to {2}": "请输入 {1} 至 {2}",
    "a value is missing or out of range": "缺少取值或超出范围",
    "{1} % CI {2} to {3}": "{1}% CI {2} 至 {3}",
    "outside what the model was made from": "超出建模数据范围",
    "Numbers {1} are not computed. For research; not a medical device.": "{1}的数值不予计算。仅供研究，非医疗器械。",
    "{1}, slider": "{1}，滑块",
  ]

  private static let readers: [String: String] = [
    "alone → with AI": "单独 → 结合 AI",
    "alone": "单独",
    "with AI": "结合 AI",
    "No readers.": "无阅片者。",
    "{1} of {2} readers.": "{2} 名阅片者的{1}。",
    "Each reader alone (hollow) and with AI (filled) with 95 % intervals.":
      "每名阅片者单独（空心）与结合 AI（实心）的结果及 95% 置信区间。",
    "Each reader with the 95 % interval.": "每名阅片者的结果及 95% 置信区间。",
    "Dashed: the model alone, its interval shaded.": "虚线：模型单独的结果，阴影为其区间。",
    "one reader": "单名阅片者",
    "No groups to compare.": "无可比较的组。",
    "{1} of {2}.": "{2}的{1}。",
    "Bars are shares with 95 % intervals.": "柱为比例及 95% 置信区间。",
    "Points are single readers.": "圆点为单名阅片者。",
  ]

  private static let studies: [String: String] = [
    "Overall": "总体",
    "No strata.": "无亚组。",
    "Stratum": "亚组",
    "interaction": "交互作用",
    "{1} (95 % CI)": "{1}（95% CI）",
    "{1} of {2} strata with intervals.": "{2} 个亚组的{1}及区间。",
    "Squares are estimates, larger for larger strata, with 95 % intervals; an arrow marks an interval that goes beyond the axis; the dashed line is the overall estimate. Rows without a square could not be estimated.":
      "方块为估计值，亚组越大方块越大，并附 95% 置信区间；箭头表示区间超出坐标轴；虚线为总体估计。无方块的行无法估计。",
    "Excluded ({1})": "排除（{1}）",
    "malignant: {1}": "恶性：{1}",
    "benign: {1}": "良性：{1}",
    "No enrolment log: nothing to count.": "无入组记录：无可计数。",
    "Flow of cases through the study: what was counted at each stage, what was excluded and why.":
      "病例流程：各阶段的例数、排除例数及原因。",
    "Share left to a reader (%)": "交由阅片者的比例（%）",
    "Of the cases kept (%)": "保留病例中（%）",
    "Error": "错误率",
    "in use: {1} deferred": "当前设定：{1} 交由阅片者",
    "No cases.": "无病例。",
    "Error, sensitivity and specificity of the kept cases against the share left to a reader.":
      "保留病例的错误率、灵敏度和特异度与交由阅片者比例的关系。",
    "Error, sensitivity and specificity of the cases the model keeps, when the least certain are left to a reader.":
      "将最不确定的病例交由阅片者后，模型所保留病例的错误率、灵敏度和特异度。",
    "Coverage (%)": "覆盖率（%）",
    "target {1}": "目标 {1}",
    "No prediction sets.": "无预测集。",
    "Coverage of conformal sets in {1} parts, target {2}.": "{1} 个部分中共形预测集的覆盖率，目标 {2}。",
    "Share of cases whose conformal set holds the truth, with 95 % intervals; dashed: the target.":
      "共形预测集包含真实类别的病例比例及 95% 置信区间；虚线为目标。",
    "Loss": "损失",
    "Epoch": "训练轮次",
    "Validation AUC": "验证集 AUC",
    "Training": "训练",
    "internal test": "内部测试",
    "external test": "外部测试",
    "test": "测试",
    "training": "训练",
    "validation": "验证",
    "none recorded": "无记录",
    "1 fold": "1 折",
    "{1} folds, thin; their mean, bold": "{1} 折（细线）及其平均（粗线）",
    "Loss and validation AUC by training epoch.": "各训练轮次的损失与验证集 AUC。",
    "Loss on training and validation parts and AUC on the validation part, by epoch.":
      "各训练轮次在训练集和验证集上的损失，以及验证集 AUC。",
  ]
}
