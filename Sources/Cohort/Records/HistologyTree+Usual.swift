import Ultrasound

/// The kinds that the five studies' organs have most often, after the WHO classifications of tumours. A study that needs others
/// gives a tree of its own.
extension HistologyTree {
  /// Errors: none, as a test shows; it throws since a tree can be wrong.
  public static func usual() throws(CohortError) -> HistologyTree {
    try HistologyTree(kidney + liver + thyroid + breast + softTissue, source: "usual histology") { $0 + 1 }
  }

  private static func entry(_ term: String, of parent: String?, _ synonyms: String..., label: Label? = nil) -> Kind {
    Kind(term, parent: parent, label: label, synonyms: synonyms)
  }

  private static let kidney: [Kind] = {
    let (root, malignant, benign) = ("renal tumour", "malignant renal tumour", "benign renal tumour")
    let carcinoma = "renal cell carcinoma"
    return [
      entry(root, of: nil, "renal tumor", "kidney tumour", "肾肿瘤"),
      entry(malignant, of: root, "肾恶性肿瘤", label: .malignant),
      entry(carcinoma, of: malignant, "RCC", "肾细胞癌", "肾癌"),
      entry("clear cell renal cell carcinoma", of: carcinoma, "ccRCC", "肾透明细胞癌", "透明细胞肾细胞癌"),
      entry("papillary renal cell carcinoma", of: carcinoma, "pRCC", "乳头状肾细胞癌"),
      entry("chromophobe renal cell carcinoma", of: carcinoma, "chRCC", "嫌色细胞肾细胞癌", "肾嫌色细胞癌"),
      entry("collecting duct carcinoma", of: carcinoma, "集合管癌"),
      entry("nephroblastoma", of: malignant, "Wilms tumour", "肾母细胞瘤"),
      entry(benign, of: root, "肾良性肿瘤", label: .benign),
      entry("renal angiomyolipoma", of: benign, "AML of the kidney", "RAML", "肾血管平滑肌脂肪瘤", "肾错构瘤"),
      entry("typical renal angiomyolipoma", of: "renal angiomyolipoma", "典型肾血管平滑肌脂肪瘤"),
      entry(
        "atypical renal angiomyolipoma", of: "renal angiomyolipoma", "fat-poor angiomyolipoma", "不典型肾血管平滑肌脂肪瘤",
        "乏脂肪肾血管平滑肌脂肪瘤"),
      entry("renal oncocytoma", of: benign, "oncocytoma", "肾嗜酸细胞瘤"),
      entry("metanephric adenoma", of: benign, "后肾腺瘤"),
    ]
  }()

  private static let liver: [Kind] = {
    let (root, malignant, benign) = ("focal liver lesion", "malignant focal liver lesion", "benign focal liver lesion")
    return [
      entry(root, of: nil, "FLL", "肝局灶性病变"),
      entry(malignant, of: root, "肝恶性局灶性病变", label: .malignant),
      entry("hepatocellular carcinoma", of: malignant, "HCC", "肝细胞癌", "肝细胞肝癌"),
      entry("intrahepatic cholangiocarcinoma", of: malignant, "ICC", "肝内胆管癌", "肝内胆管细胞癌"),
      entry("combined hepatocellular-cholangiocarcinoma", of: malignant, "cHCC-CCA", "混合型肝癌"),
      entry("liver metastasis", of: malignant, "hepatic metastasis", "肝转移瘤", "肝转移癌"),
      entry("hepatic lymphoma", of: malignant, "肝淋巴瘤"),
      entry("hepatic sarcoma", of: malignant, "肝肉瘤"),
      entry("hepatoblastoma", of: malignant, "肝母细胞瘤"),
      entry(benign, of: root, "肝良性局灶性病变", label: .benign),
      entry("hepatic haemangioma", of: benign, "hepatic hemangioma", "肝血管瘤"),
      entry("focal nodular hyperplasia", of: benign, "FNH", "局灶性结节增生", "肝局灶性结节性增生"),
      entry("hepatocellular adenoma", of: benign, "HCA", "肝细胞腺瘤", "肝腺瘤"),
      entry("hepatic angiomyolipoma", of: benign, "肝血管平滑肌脂肪瘤"),
      entry("hepatic abscess", of: benign, "liver abscess", "肝脓肿"),
      entry("inflammatory pseudotumour of the liver", of: benign, "hepatic inflammatory pseudotumor", "肝炎性假瘤"),
      entry("regenerative nodule", of: benign, "cirrhotic nodule", "肝硬化结节", "再生结节"),
      entry("dysplastic nodule", of: benign, "异型增生结节"),
      entry("focal fatty change of the liver", of: benign, "focal steatosis", "focal fatty sparing", "局灶性脂肪变"),
    ]
  }()

  private static let thyroid: [Kind] = {
    let (root, malignant, benign) = ("thyroid nodule", "malignant thyroid nodule", "benign thyroid nodule")
    return [
      entry(root, of: nil, "甲状腺结节"),
      entry(malignant, of: root, "甲状腺恶性结节", "甲状腺癌", label: .malignant),
      entry("papillary thyroid carcinoma", of: malignant, "PTC", "甲状腺乳头状癌"),
      entry("papillary thyroid microcarcinoma", of: "papillary thyroid carcinoma", "PTMC", "甲状腺微小乳头状癌"),
      entry("follicular thyroid carcinoma", of: malignant, "FTC", "甲状腺滤泡癌", "甲状腺滤泡状癌"),
      entry("medullary thyroid carcinoma", of: malignant, "MTC", "甲状腺髓样癌"),
      entry("anaplastic thyroid carcinoma", of: malignant, "ATC", "甲状腺未分化癌"),
      entry("thyroid lymphoma", of: malignant, "甲状腺淋巴瘤"),
      entry(benign, of: root, "甲状腺良性结节", label: .benign),
      entry("nodular goitre", of: benign, "nodular goiter", "nodular hyperplasia of the thyroid", "结节性甲状腺肿"),
      entry("follicular thyroid adenoma", of: benign, "thyroid adenoma", "甲状腺滤泡性腺瘤", "甲状腺腺瘤"),
      entry("nodular thyroiditis", of: benign, "Hashimoto nodule", "桥本甲状腺炎结节"),
    ]
  }()

  private static let breast: [Kind] = {
    let (root, malignant, benign) = ("breast lesion", "malignant breast lesion", "benign breast lesion")
    return [
      entry(root, of: nil, "breast mass", "乳腺病变", "乳腺肿块"),
      entry(malignant, of: root, "乳腺恶性肿瘤", "乳腺癌", label: .malignant),
      entry(
        "invasive breast carcinoma of no special type", of: malignant, "invasive ductal carcinoma", "IDC", "乳腺浸润性导管癌",
        "浸润性导管癌"),
      entry("invasive lobular carcinoma", of: malignant, "ILC", "浸润性小叶癌"),
      entry("ductal carcinoma in situ", of: malignant, "DCIS", "导管原位癌"),
      entry("mucinous carcinoma of the breast", of: malignant, "乳腺黏液癌", "乳腺粘液癌"),
      entry("malignant phyllodes tumour", of: malignant, "malignant phyllodes tumor", "恶性叶状肿瘤"),
      entry(benign, of: root, "乳腺良性病变", label: .benign),
      entry("fibroadenoma", of: benign, "纤维腺瘤", "乳腺纤维腺瘤"),
      entry("breast cyst", of: benign, "乳腺囊肿"),
      entry("sclerosing adenosis", of: benign, "breast adenosis", "乳腺腺病", "硬化性腺病"),
      entry("intraductal papilloma", of: benign, "导管内乳头状瘤"),
      entry("benign phyllodes tumour", of: benign, "benign phyllodes tumor", "良性叶状肿瘤"),
      entry("mastitis", of: benign, "乳腺炎"),
    ]
  }()

  private static let softTissue: [Kind] = {
    let (root, malignant, benign) = ("soft tissue tumour", "malignant soft tissue tumour", "benign soft tissue tumour")
    return [
      entry(root, of: nil, "soft tissue mass", "soft tissue tumor", "软组织肿瘤", "软组织肿块"),
      entry(malignant, of: root, "soft tissue sarcoma", "软组织肉瘤", label: .malignant),
      entry("liposarcoma", of: malignant, "脂肪肉瘤"),
      entry("undifferentiated pleomorphic sarcoma", of: malignant, "UPS", "未分化多形性肉瘤"),
      entry("leiomyosarcoma", of: malignant, "平滑肌肉瘤"),
      entry("rhabdomyosarcoma", of: malignant, "横纹肌肉瘤"),
      entry("synovial sarcoma", of: malignant, "滑膜肉瘤"),
      entry("malignant peripheral nerve sheath tumour", of: malignant, "MPNST", "恶性周围神经鞘瘤"),
      entry("dermatofibrosarcoma protuberans", of: malignant, "DFSP", "隆突性皮肤纤维肉瘤"),
      entry("soft tissue metastasis", of: malignant, "软组织转移瘤"),
      entry(benign, of: root, "软组织良性肿瘤", label: .benign),
      entry("lipoma", of: benign, "脂肪瘤"),
      entry("schwannoma", of: benign, "neurilemmoma", "神经鞘瘤"),
      entry("neurofibroma", of: benign, "神经纤维瘤"),
      entry("haemangioma of soft tissue", of: benign, "soft tissue hemangioma", "软组织血管瘤"),
      entry("epidermoid cyst", of: benign, "sebaceous cyst", "表皮样囊肿", "表皮囊肿"),
      entry("ganglion cyst", of: benign, "腱鞘囊肿"),
      entry("tenosynovial giant cell tumour", of: benign, "giant cell tumor of tendon sheath", "腱鞘巨细胞瘤"),
      entry("pilomatricoma", of: benign, "毛母质瘤"),
    ]
  }()
}
