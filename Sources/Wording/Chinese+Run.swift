extension Chinese {
  /// How a run was made, and what its heat maps are worth.
  static let run: [String: String] = [
    "Cohort": "队列",
    "{1} patients ({2}), {3} lesions, {4} images": "{1} 例患者（{2}），{3} 个病灶，{4} 幅图像",
    "Input": "输入",
    "{1}, {2} x {3} pixels; {4}": "{1}，{2}×{3} 像素；{4}",
    "lesion region and {1} % around it": "病灶区域及其周围 {1}%",
    "whole image": "整幅图像",
    "each image by itself": "逐幅图像输入",
    "the images of a pair together": "成对图像一并输入",
    "one image a modality of a lesion together": "同一病灶每种成像方式各一幅图像一并输入",
    "clips of {1} frames": "{1} 帧的视频片段",
    "Network": "网络",
    "{1}, initial weights: {2}": "{1}，初始权重：{2}",
    "Split": "数据划分",
    "{1}-fold cross-validation, by patient, stratified by label": "按患者划分、按标签分层的 {1} 折交叉验证",
    "one fold a value of {1}, by patient": "{1} 的每个取值为一折，按患者划分",
    "as the cohort's split column says": "按队列的 split 列划分",
    "one division of {1} of the lesions, by patient, stratified by label": "按患者划分、按标签分层的一次划分，病灶比例 {1}",
    "external test: {1}": "外部测试集：{1}",
    "external test: {1}; the others {2}, by patient": "外部测试集：{1}；其余按患者划分为 {2}",
    "in time: patients first seen after {1} are the test part": "按时间划分：{1} 之后首诊的患者为测试集",
    "Choice of epoch": "训练轮次的选定",
    "last epoch": "最后一轮",
    "epoch of lowest loss on the {1} part": "{1}上损失最小的一轮",
    "epoch of highest AUC on the {1} part": "{1}上 AUC 最大的一轮",
    "{1}; {2} % of the training patients are the validation part": "{1}；训练患者的 {2}% 作为验证集",
    "{1} epochs, batches of {2}, {3}, learning rate {4}, schedule {5}, loss {6}":
      "{1} 轮，批量 {2}，优化器 {3}，学习率 {4}，学习率调度 {5}，损失函数 {6}",
    "Computed": "计算环境",
    "{1} on {2} ({3}), {4} threads, {5} s": "{1}，{2}（{3}），{4} 线程，{5} s",
    """
    The protocol chose each fold's epoch on its test part, as some published studies did. The results are therefore \
    optimistic: the network has seen the answer it is judged by.
    """: "本方案在各折的测试部分上选定训练轮次（某些已发表的研究如此）。结果因此偏于乐观：网络已见过用以评判它的答案。",
    "the factors that {1} shows": "{1} 所显示的因素",
    "the factors that {1} shows, without the clinical record": "{1} 所显示的因素，不含临床资料",
    "On average {1} of a heat map lies on the lesion, which fills {2} of the picture ({3} test images).":
      "热力图平均有 {1} 位于病灶上，病灶占图像的 {2}（{3} 幅测试图像）。",
    """
    Blurring the strongest {1} of the map changes the probability of the call by {2} on average, as large a part \
    elsewhere by {3}; the map’s own part matters more in {4} of {5} images.
    """: "模糊热力图最强的 {1} 区域使所作判断的概率平均改变 {2}，模糊他处同样大小的区域则改变 {3}；{5} 幅图像中有 {4} 以热力图所示区域影响更大。",
    """
    Rank correlation of the maps with those of an untrained network of the same design: {1}. It should be near 0: a \
    map that needs no training shows the picture, not the network.
    """: "热力图与结构相同的未训练网络热力图的秩相关系数为 {1}，应接近 0：无需训练即可得到的热力图反映的是图像，而非网络。",
    """
    Rank correlation of the maps with those of an untrained network of the same design: {1}; with those of another \
    fold’s trained network: {2}. The first should be near 0: a map that needs no training shows the picture, not the \
    network.
    """: "热力图与结构相同的未训练网络热力图的秩相关系数为 {1}，与另一折已训练网络热力图的秩相关系数为 {2}。前者应接近 0：无需训练即可得到的热力图反映的是图像，而非网络。",
  ]
}
