extension Chinese {
  /// The report’s statistical methods and glossary.
  static let methods: [String: String] = [
    "Statistical methods": "统计学方法",
    "References": "参考文献",
    "The positive class is malignant; a higher score means more likely malignant.": "以恶性为阳性；评分越高，恶性可能性越大。",
    """
    A lesion’s score is the mean of its images’ scores; a patient’s score is the highest of the lesions’ scores, and \
    a patient is malignant if any lesion is.
    """: "病灶评分为其各图像评分的均值；患者评分为其各病灶评分的最大值，任一病灶为恶性则患者判为恶性。",
    """
    The area under the ROC curve (AUC) is the Mann–Whitney statistic with DeLong’s variance [1, 2]; its 95 % \
    interval is computed on the logit scale.
    """: "受试者工作特征（ROC）曲线下面积（AUC）为 Mann-Whitney 统计量，方差采用 DeLong 法［1，2］，其 95% 置信区间在 logit 尺度上计算。",
    "Where several rows belong to one patient, the interval quoted is the one for clustered data [3].":
      "同一患者有多条数据时，给出适用于聚类数据的置信区间［3］。",
    """
    In cross-validation the scores of all test folds are pooled, which takes the folds’ scores as comparable; the \
    mean of the folds’ own AUCs, which does not, is given beside it.
    """: "交叉验证中合并各测试折的评分，即假定各折评分可比；同时给出不需此假定的各折 AUC 均值。",
    "On external data the scores of the folds’ networks are averaged.": "在外部数据上取各折网络评分的均值。",
    """
    Two models are compared on the lesions both scored, by the paired test of DeLong [1] or, where several lesions \
    belong to one patient, that for clustered data [3]; the p values of all pairs of a part are adjusted by Holm’s \
    method [7].
    """: "两模型在均有评分的病灶上比较，采用配对 DeLong 检验［1］；同一患者有多个病灶时采用适用于聚类数据的检验［3］；同一数据集全部模型对的 P 值以 Holm 法校正［7］。",
    """
    All intervals take the trained networks as given: they say how the result varies with other cases, not with \
    another training.
    """: "所有区间均以已训练的网络为既定：反映换用其他病例时结果的变动，不反映重新训练带来的变动。",
    """
    The cut-off is the one with the highest Youden index [4] on the training and validation part of each fold, \
    halfway to the next lower score; test data have no part in it.
    """: "截断值取各折训练集与验证集上约登指数［4］最大者，置于其与下一较低评分的中点；测试数据不参与选取。",
    "Calls at each fold’s cut-off are pooled into one confusion matrix.": "按各折截断值所作的判断合并为一个混淆矩阵。",
    "Its rates carry Wilson’s score interval [5], which takes rows as independent.":
      "各率附 Wilson 得分区间［5］，该区间假定各条数据相互独立。",
    """
    The band around the ROC curve covers the 95 % regions (Wilson limits in every direction) of all operating points \
    and is pointwise.
    """: "ROC 曲线周围的阴影带覆盖全部工作点的 95% 区域（各方向均取 Wilson 界限），为逐点置信带。",
    """
    Calibration is a logistic regression of the label on the logit of the score; the Brier score and the expected \
    calibration error (ten bins of equal width) go with it.
    """: "校准采用标签对评分 logit 的 logistic 回归，并给出 Brier 评分与期望校准误差（10 个等宽区间）。",
    "The smooth calibration curve is loess (local parabolas, span 0.75) with its pointwise 95\u{202F}% band, which takes rows as independent [6].":
      "平滑校准曲线采用 loess（局部二次多项式，跨度 0.75），并附逐点 95% 置信带（视各行相互独立）［6］。",
    """
    In Table 1, numbers are compared by Welch’s t-test where the Shapiro–Wilk test finds both groups normal, else by \
    the Mann–Whitney test; categories by the chi-square test, or by Fisher’s exact test where an expected count is \
    below 5.
    """:
      """
    表 1 中，计量资料经 Shapiro-Wilk 检验两组均符合正态分布者采用 Welch t 检验，否则采用 Mann-Whitney U 检验；计数资料采用 χ² 检验，理论频数小于 5 时采用 Fisher 确切概\
    率法。
    """,
    "Tests are two-sided and not corrected for their number.": "检验均为双侧，未作多重比较校正。",
    "Words used here": "术语说明",
    "The chance that a malignant lesion gets a higher score than a benign one: 0.5 is guessing, 1 is perfect.":
      "曲线下面积，即恶性病灶评分高于良性病灶的概率：0.5 相当于猜测，1 为完美。",
    "95 % CI": "95% CI",
    "Confidence interval: values of the quantity that fit the data. The fewer cases, the wider.":
      "置信区间：与数据相符的取值范围。病例越少，区间越宽。",
    "The score from which a lesion is called malignant.": "评分达到该值即判为恶性。",
    "Of the malignant lesions, the share called malignant.": "恶性病灶中被判为恶性的比例。",
    "Of the benign lesions, the share called benign.": "良性病灶中被判为良性的比例。",
    "Of the lesions called malignant, the share that is. Depends on how common malignancy is here.":
      "被判为恶性的病灶中确为恶性的比例，取决于本组恶性病灶所占比例。",
    "Of the lesions called benign, the share that is. Depends on how common malignancy is here.":
      "被判为良性的病灶中确为良性的比例，取决于本组恶性病灶所占比例。",
    "The share of all lesions called rightly.": "全部病灶中判断正确的比例。",
    "One of the equal parts of the cohort; each is tested by a network trained on the others.":
      "队列等分后的一份；每份由用其余各份训练的网络测试。",
    "Lesions from the same source that the network tested on them has not seen.": "来源相同、但所测试的网络未曾见过的病灶。",
    "Lesions from another source than those trained on.": "来源不同于训练数据的病灶。",
    "Calibration": "校准",
    "Whether of lesions scored 30 % about 30 in 100 are malignant. Slope 1 and intercept 0 are perfect.":
      "评分为 30% 的病灶中是否约有 30% 为恶性。斜率为 1、截距为 0 即为完美。",
    "Mean squared distance between score and truth: 0 is perfect, 0.25 is always saying one half.":
      "评分与真实结果之差平方的均值：0 为完美，始终给出 0.5 时为 0.25。",
    "In silico": "计算机模拟（in silico）",
    "Made by simulation; the truth of each lesion is known because it was put in.": "由模拟生成；每个病灶的真实情况由设定而知。",
    "Ideal observer": "理想观察者",
    "The best possible use of the simulated lesions’ true factors: a ceiling for any classifier.":
      "对模拟病灶真实因素的最佳利用：任何分类器的上限。",
  ]
}
