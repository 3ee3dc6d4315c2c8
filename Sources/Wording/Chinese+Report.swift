extension Chinese {
  /// What the report’s page says of itself, its units, its warnings and how the study was done.
  static let report: [String: String] = [
    "For research; not a medical device": "仅供科研使用；非医疗器械",
    "{1}. Made by Insonate{2}.": "{1}。由 Insonate{2} 生成。",
    "In silico: no patient's data.": "计算机模拟：不含任何患者数据。",
    "In silico: simulated images": "计算机模拟图像",
    "Model {1}": "模型 {1}",
    "Models {1}": "模型 {1}",
    "{1} and {2}": "{1}与{2}",
    "Contents": "目录",
    "Page {1} of {2}": "第 {1} 页，共 {2} 页",
    "Before you read the numbers": "阅读结果之前",
    "{1} (95\u{202F}% CI {2})": "{1}（95% CI：{2}）",
    "95\u{202F}% CI {1}": "95% CI：{1}",
    "{1} to {2}": "{1}~{2}",
    "{1} ({2})": "{1}（{2}）",
    "{1} ({2} to {3})": "{1}（{2}~{3}）",
    "{1} of {2}": "{1}/{2}",
    "{1}, {2}": "{1}，{2}",
    "n/a": "无法估计",
    "n/a (no cases)": "无法估计（无病例）",
    "no cases": "无病例",
    "Internal test": "内部测试集",
    "External test": "外部测试集",
    "Training": "训练",
    "Validation": "验证集",
    "Test part": "测试集",
    "{1}\u{202F}%": "{1}%",
    "internal test": "内部测试集",
    "external test": "外部测试集",
    "left out": "未使用",
    "Histology": "病理组织学",
    "Kinds of tumour": "肿瘤类型",
    "Kind": "类型",
    "Label": "标签",
    "Not in the histology tree: “{1}”, {2} lesions.": "组织学分类中没有“{1}”，涉及病灶 {2} 个。",
    "Lesions without histology: {1}.": "无组织学记录的病灶：{1} 个。",
    "Label and histology differ: {1}.": "标签与组织学不符：{1}。",
    "The division and its proof": "数据划分及其证明",
    "The parts of the division": "各数据集的构成",
    "Of {1} pairs of images on two sides, none shares a patient, an examination or a picture.":
      "分处两侧的 {1} 对图像中，没有任何一对来自同一患者、同一次检查或同一画面。",
    """
    Pictures were searched for copies, crops, mirror images, other frames of a clip and drawn marks among all \
    {1} images of the cohort; {2} pairs were laid over each other.
    """:
      "在队列全部 {1} 幅图像中检索了副本、裁剪、镜像、同一视频的其他帧以及绘有标记的图像，共对 {2} 对图像逐一叠合比对。",
    "The proof is split-proof.json in the run folder, SHA-256 {1}.": "证明文件为运行文件夹中的 split-proof.json，SHA-256 为 {1}。",
    "training": "训练集",
    "validation": "验证集",
    "test part": "测试集",
    "test": "测试集",
    "lesion": "病灶",
    "lesions": "病灶",
    "Lesion": "病灶",
    "Lesions": "病灶",
    "image": "图像",
    "images": "图像",
    "Image": "图像",
    "Images": "图像",
    "patient": "患者",
    "patients": "患者",
    "Patient": "患者",
    "Patients": "患者",
    "{1} lesion": "{1} 个病灶",
    "{1} lesions": "{1} 个病灶",
    "{1} image": "{1} 幅图像",
    "{1} images": "{1} 幅图像",
    "{1} patient": "{1} 例患者",
    "{1} patients": "{1} 例患者",
    "malignant": "恶性",
    "benign": "良性",
    "Malignant": "恶性",
    "Benign": "良性",
    "Per {1}, {2} on {3} ({4}), at {5} sensitivity {6} and specificity {7}.":
      "按{1}分析，{4}（{3}）的 {2}；采用{5}时，灵敏度为 {6}，特异度为 {7}。",
    "Per {1}, no AUC: only one class among {2} ({3}), at {4} sensitivity {5} and specificity {6}.":
      "按{1}分析，{3}（{2}）仅含一个类别，无法计算 AUC；采用{4}时，灵敏度为 {5}，特异度为 {6}。",
    "{1} malignant and {2} benign {3}": "恶性 {1} 个、良性 {2} 个{3}",
    "{1}, model {2}": "{1}，模型 {2}",
    "the fixed cut-off 0.5": "固定截断值 0.5",
    "the cut-off chosen on training data": "由训练数据选定的截断值",
    "There are no test rows: nothing was evaluated.": "没有测试集数据：未作任何评价。",
    "In silico: the images are simulated. No number here says anything about patients.":
      "计算机模拟：图像为模拟生成，此处的任何数值均不能说明真实患者的情况。",
    """
    The source names no patients. Images that look nearly alike were grouped and kept on one side of every split; \
    two different images of one patient may still be on both sides, which makes results look better.
    """: "数据来源未标明患者身份。外观近乎相同的图像已归为一组，且每次划分时置于同一侧；但同一患者的两幅不同图像仍可能分处两侧，从而使结果偏于乐观。",
    "{1}: only one class is present; there is no AUC.": "{1}：仅含一个类别，无法计算 AUC。",
    "{1}: few cases, only {2} {3} {4}.": "{1}：病例数过少，仅有 {2} 个{3}{4}。",
    "{1}: no AUC in fold {2}, which holds one class only.": "{1}：第 {2} 折仅含一个类别，无 AUC。",
    "{1}: no training rows with both classes were given, so the cut-off is 0.5.": "{1}：未提供同时含两个类别的训练数据，故截断值取 0.5。",
    "Leakage: model {1}, fold {2}: {3} in training and test alike, for example {4}. The results are too good.":
      "数据泄漏：模型 {1} 第 {2} 折有 {3}同时出现在训练集与测试集中，例如 {4}。结果过于乐观。",
    "No rows.": "无数据。",
    "Only {1} {2} ({3}): no AUC.": "仅有{1}{2}（{3}）：无法计算 AUC。",
    "Perfect separation (AUC {1}): the variance is zero, so no interval is given.":
      "两类完全分离（AUC 为 {1}）：方差为零，故不给出置信区间。",
    "AUC without an interval: {1}.": "AUC 无置信区间：{1}。",
    "No calibration slope: the scores separate the classes, are all equal, or one class is missing.":
      "无校准斜率：评分完全分离两类、评分全部相等或缺少一个类别。",
    "Fold {1}: the training rows hold one class only; cut-off 0.5 was used.": "第 {1} 折：训练数据仅含一个类别，采用截断值 0.5。",
    "No training rows with both classes: cut-off 0.5 was used.": "没有同时含两个类别的训练数据：采用截断值 0.5。",
    "Fold {1}: {2}": "第 {1} 折：{2}",
    "Per {1}: {2}": "按{1}：{2}",
    "How the study was done": "研究方法概要",
    "Images scored": "已评分图像数",
    "Folds": "交叉验证折数",
    "{1}, one network each": "{1} 折，每折训练一个网络",
    "Unit": "分析单位",
    "Results are per lesion unless stated.": "除另有说明外，结果均以病灶为单位。",
    "Leakage check": "数据泄漏检查",
    "No patient is in the training and the test part of the same fold.": "同一折中没有患者同时出现在训练集与测试集。",
    "No group of look-alike images is in the training and the test part of the same fold.":
      "同一折中没有相似图像组同时出现在训练集与测试集。",
    "Where the network looked": "网络关注的区域",
    """
    Left what the network was shown, right the same under its heat map: bright places raised the score towards the \
    call that the network made, which had not seen the lesion in training.
    """: "左为网络的输入图像，右为叠加热力图的同一图像：明亮处使评分趋向网络所作的判断；该网络在训练中未见过此病灶。",
    """
    A heat map shows roughly where the network found its reasons; it cannot show what it saw there, that the call is \
    right, or where the tumour ends.
    """: "热力图仅粗略显示网络判断依据所在的部位；不能说明网络在该处看到了什么，不能证明判断正确，也不能显示肿瘤边界。",
    "No provenance was given.": "未提供溯源信息。",
    "Protocol": "研究方案",
    "Record": "记录",
  ]
}
