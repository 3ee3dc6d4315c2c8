/// Words that scanners and sonographers write into pictures and that name nobody.
enum Wordlist {
  /// In lower case.
  static let known: Set<String> = [
    "left", "right", "breast", "axilla", "axill", "axillary", "uoq", "uiq", "loq", "liq", "upper", "lower", "outer",
    "inner", "thyroid",
    "liver", "kidney", "lobe", "isthmus", "node", "lymph", "mass", "cyst", "nodule", "lesion", "trans", "transverse",
    "long", "sag",
    "sagittal", "rad", "antirad", "radial", "oclock", "clock", "nipple", "gain", "map", "dyn", "dynamic", "range",
    "pwr", "power", "freq",
    "frq", "rate", "fps", "depth", "dist", "area", "vol", "volume", "length", "width", "height", "res", "gen", "pen",
    "thi", "chi", "cri",
    "srs", "sri", "xres", "harmonic", "tissue", "prf", "wall", "filter", "filt", "color", "colour", "flow", "doppler",
    "angle", "focus",
    "persist", "average", "avg", "median", "mean", "max", "min", "stiff", "soft", "hard", "elasto", "elastography",
    "swe", "kpa", "mmhg",
    "mhz", "khz", "loop", "frame", "image", "cine", "freeze", "live", "zoom", "scale", "base", "baseline", "steer",
    "tis", "tib", "tic",
    "general", "small", "parts", "abdomen", "obstetric", "msk", "vascular", "carotid", "linear", "convex", "probe",
    "compound", "normal",
    "contrast", "low", "high", "med", "opt", "auto", "dual", "off", "and", "the", "with", "lung", "anterior",
    "posterior", "lateral",
    "medial", "proximal", "distal", "section", "bladder", "uterus", "ovary", "gallbladder", "spleen", "pancreas",
    "aorta",
  ]
  static let knownIdeographs: [String] = [
    "乳腺", "左", "右", "外上", "外下", "内上", "内下", "象限", "横切", "纵切", "甲状腺", "肝", "肾", "结节", "淋巴结", "腋窝", "深度", "增益",
    "频率", "距离", "面积", "帧频", "平均", "最大", "最小", "彩色", "血流", "弹性", "囊肿", "肿块", "点钟", "浅表", "腹部",
  ]
  static let institutions = [
    "hospital", "clinic", "klinik", "krankenhaus", "institute", "university", "universit", "centre", "center",
    "medical", "health",
    "医院", "门诊部", "诊所", "医学", "中心", "大学", "超声科", "卫生",
  ]
  static let identifiers = [
    "id", "pid", "mrn", "acc", "accession", "patient", "name", "dob", "birth", "sex", "age", "exam", "study", "ssn",
    "insurance", "号",
    "姓名", "病历", "住院", "门诊", "床号", "检查", "出生", "年龄", "性别", "身份",
  ]
  /// With the thermal indices as Tesseract tends to read them.
  static let units: Set<String> = [
    "tls", "tlb", "tlc", "tl",
    "cm", "mm", "m", "s", "ms", "cm/s", "m/s", "mm/s", "kpa", "hz", "khz", "mhz", "db", "%", "mi", "tis", "tib", "tic",
    "ti", "fps", "fr",
    "bpm", "kg", "cm2", "cm3", "ml", "d", "dr", "gn", "pwr", "r", "g", "p", "f", "°", "x",
  ]
}
