extension Chinese {
  /// The model of the network’s score and clinical factors.
  static let combination: [String: String] = [
    "The network’s score with clinical factors": "网络评分联合临床因素",
    "Model {1} is a logistic regression of the network’s score of a lesion and the factors kept below.":
      "模型 {1} 为以病灶的网络评分及下列入选因素为自变量的 logistic 回归。",
    """
    In each fold it was fitted on the lesions its network was trained on, whose scores are better than those of any \
    other lesion: the score weighs too much and the factors too little.
    """: "每折均以训练该折网络的病灶拟合，而这些病灶的评分优于其他任何病灶：因此评分的权重偏大，临床因素的权重偏小。",
    "In each fold it was fitted on the validation part.": "每折均以验证集拟合。",
    "Nothing of the test part reached the fit; the network’s epoch was chosen on the same lesions.":
      "拟合未使用测试部分的任何信息；但网络的训练轮次是在同一批病灶上选定的。",
    """
    In each fold it was fitted on the lesions outside the test part, each with the score of a network that had not \
    been trained on it.
    """: "每折均以测试部分以外的病灶拟合，各病灶的评分来自未用该病灶训练的网络。",
    """
    No test lesion’s score, factor or label is in the fit; those networks, though, were trained on lesions of this \
    fold’s test part, a weak tie that a fit on the validation part does not have.
    """: "拟合未使用任何测试病灶的评分、因素或标签；但上述网络的训练用到了本折测试部分的病灶，存在微弱关联，以验证集拟合则无此关联。",
    "Every factor was kept.": "全部因素均保留。",
    "Factors with p below {1} alone were kept.": "单因素分析 P<{1} 的因素入选。",
    "Factors with p below {1} alone went into one model without the score; those with p below {2} there were kept.":
      "单因素分析 P<{1} 的因素一并纳入不含评分的多因素模型，其中 P<{2} 者入选。",
    "Factor": "因素",
    "Alone: OR (95 % CI)": "单因素：OR（95% CI）",
    "p, alone": "P 值（单因素）",
    "Together: OR (95 % CI)": "多因素：OR（95% CI）",
    "p, together": "P 值（多因素）",
    "With the score: OR (95 % CI)": "联合评分：OR（95% CI）",
    "p, with the score": "P 值（联合评分）",
    "not fitted: {1}": "未拟合：{1}",
    "Fitted on {1} of all folds ({2} malignant, {3}).": "以全部各折的 {1}（恶性 {2} 个，{3}）拟合。",
    """
    OR, odds ratio: per unit of a number or step of an order, against the reference of a category; – is not in that \
    model.
    """: "OR 为比值比：数值变量为每增加 1 个单位，有序变量为每升高 1 级，分类变量为与参照类别相比；– 表示该因素不在该模型中。",
    "{1} (per logit)": "{1}（每 1 logit）",
    "{1} (from 0 to 1)": "{1}（由 0 至 1）",
    """
    These p values and intervals take lesions as independent, and those after a screening do not know of it: they \
    are too small and too narrow. What the model is worth is what the test lesions say of it.
    """: "这些 P 值与区间假定病灶相互独立，筛选之后者亦未计入筛选过程，故 P 值偏小、区间偏窄。模型的价值以测试病灶的结果为准。",
    "A missing value is a level of its own; where no lesion of the fit lacked it, the mean.":
      "缺失值作为单独一个水平；若拟合所用病灶均无缺失，则以均值代替。",
    "Lesions with a missing value in a factor of the model have no combined score.": "模型因素有缺失值的病灶无联合评分。",
    "Where classes are separated, odds ratios are Firth’s, with intervals and p values of the penalised likelihood.":
      "两类完全分离时，比值比采用 Firth 法，其区间与 P 值来自惩罚似然。",
    "How steady the model is": "模型的稳定性",
    "The folds’ own combined models, which the results above come from.": "各折自身的联合模型，上述结果即来自这些模型。",
    "Term": "变量",
    "In how many": "入选折数",
    "Lowest OR": "最小 OR",
    "Highest OR": "最大 OR",
    "Nomogram in points": "列线图分值",
    "Of the model fitted on all folds.": "基于以全部各折拟合的模型。",
    """
    Add the points of a lesion’s values and read off its probability of malignancy where malignancy is as common as \
    here.
    """: "将病灶各变量取值对应的分值相加，即可读出其恶性概率；仅适用于恶性比例与本研究相同的人群。",
    "Value: points": "取值：分值",
    "Total points: probability": "总分：概率",
  ]
}
