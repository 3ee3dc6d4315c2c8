extension Chinese {
  /// The reader study.
  static let studyReaders: [String: String] = [
    "{1} readers, {2} cases ({3} malignant).": "{1} 名阅片者，{2} 例（恶性 {3} 例）。",
    "Each reader reads alone (unaided) and with the AI’s help (aided).": "每名阅片者先后独立判读及在 AI 辅助下判读。",
    "Cases of one patient are clustered; every interval and test allows for it.": "同一患者的病例按聚类处理；所有区间与检验均已考虑。",
    "The model {1} has scored {2} of these cases; its calls are at its own cut-off.":
      "模型 {1} 对其中 {2} 例给出评分；其判定采用自身截断值。",
    "No calls were given: a confidence of 50 or above was taken as malignant.": "未给出判定：置信度 50 及以上视为恶性。",
    "Not every reader read every case in every arm: {1} of {2} readings. Each figure is of the reader’s own cases; skipped cases are taken to be like the others.":
      "并非每名阅片者在每种条件下判读了每个病例：{2} 次判读中有 {1} 次。各指标针对阅片者自己判读的病例；视跳过的病例与其余病例相同。",
    "{1}, {2}: cases of one class only; no AUC.": "{1}，{2}：病例仅有一个类别，无 AUC。",
    "Readers: {1}": "阅片者：{1}",
    "Readers on the ROC plane": "ROC 平面上的阅片者",
    "Groups of readers": "阅片者分组",
    "Reader": "阅片者",
    "Cases": "病例",
    "Readings": "判读次数",
    "Arm": "条件",
    "Ties": "平票",
    "unaided": "独立判读",
    "aided": "AI 辅助",
    "change": "变化",
    "Change": "变化",
    "Change (95 % CI)": "变化（95% CI）",
    "Value (95 % CI)": "数值（95% CI）",
    "Per cent (95 % CI)": "百分比（95% CI）",
    "Each reader’s AUC of the confidences; the change by DeLong’s paired test on the cases read in both arms.":
      "每名阅片者置信度的 AUC；变化为两种条件下均判读的病例上的 DeLong 配对检验。",
    "{1} of each reader’s calls, in per cent; the change on the cases read in both arms, by McNemar’s exact test, or Obuchowski’s where cases are clustered.":
      "每名阅片者判定的{1}（%）；变化针对两种条件下均判读的病例，采用 McNemar 精确检验，病例聚类时采用 Obuchowski 检验。",
    "Mean of the readers (Obuchowski and Rockette, degrees of freedom by Hillis, covariances by the jackknife). Shares in per cent; the change is aided less unaided.":
      "阅片者均值（Obuchowski-Rockette 法，自由度按 Hillis，协方差用刀切法）。率为百分数；变化为辅助减独立。",
    "Mean unaided": "独立判读均值",
    "Mean aided": "AI 辅助均值",
    "Change, to other readers and cases": "变化（推广至其他阅片者与病例）",
    "Change, these readers, other cases": "变化（这些阅片者，其他病例）",
    "{1}: arms and readings do not vary; there is nothing to test.": "{1}：各条件与判读均无变化，无可检验。",
    "{1}: no analysis of the readers’ mean: {2}.": "{1}：未作阅片者均值分析：{2}。",
    "The model {1} against the readers’ mean, generalised to other readers and cases; and by its rank among them (Mann–Whitney of one value against many, S2-23).":
      "模型 {1} 与阅片者均值之比较，推广至其他阅片者与病例；并给出其在阅片者中的名次（单值对多值的 Mann–Whitney 检验，S2-23）。",
    "Mean of the readers": "阅片者均值",
    "Model less mean (95 % CI)": "模型减均值（95% CI）",
    "Readers below / equal / above": "低于 / 等于 / 高于模型的阅片者数",
    "p (rank)": "p（名次）",
    "{1}: no comparison with the model: {2}.": "{1}：未与模型比较：{2}。",
    "Agreement": "一致性",
    "Agreement of the readers with each other. The change is aided less unaided, with a percentile interval of 1,000 resamples of the cases that everybody read in both arms.":
      "阅片者之间的一致性。变化为辅助减独立，区间为对所有阅片者在两种条件下均判读的病例作 1000 次重抽样的百分位数。",
    "Calls: Fleiss’ kappa": "判定：Fleiss kappa",
    "Confidence: ICC(2,1)": "置信度：ICC(2,1)",
    "Fleiss’ kappa, {1}: none: {2}.": "Fleiss kappa，{1}：无：{2}。",
    "ICC(2,1), {1}: none: {2}.": "ICC(2,1)，{1}：无：{2}。",
    "The majority of three and more readers on each case, in per cent with Wilson’s interval; tied cases are left out.":
      "三名及以上阅片者对每个病例的多数意见（%），附 Wilson 置信区间；平票病例未计入。",
    "What the AI’s calls did to the readers’: {1} readings of both arms. Right calls given up where the AI is wrong are automation bias.":
      "AI 判定对阅片者判定的影响：两种条件下的 {1} 次判读。AI 错误时放弃原本正确的判定即为自动化偏倚。",
    "AI wrong: right became wrong": "AI 错误：由对变错",
    "AI wrong: wrong became right all the same": "AI 错误：仍由错变对",
    "AI right: wrong became right": "AI 正确：由错变对",
    "AI right: right became wrong all the same": "AI 正确：仍由对变错",
    "Differed from the AI, which was right: followed it": "与正确的 AI 不同者：改从 AI",
    "Differed from the AI, which was wrong: followed it": "与错误的 AI 不同者：改从 AI",
  ]
}
