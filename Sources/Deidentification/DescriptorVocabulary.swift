import Foundation

/// The words that a description may keep: anatomy, sides, procedures, modes and findings of ultrasound, in English and
/// Chinese. At most three numbers stay, of two digits and two decimals, and only those that stand alone: two side by side may
/// be a date or telephone number. Everything else goes, and all of it where no word of meaning is left.
public enum DescriptorVocabulary {
  /// The allowed words of `text` in their order, separated by spaces; empty where none is left.
  /// - Parameter isIdentity: words that go although they are allowed, since this patient, physician or institution has them
  ///   as a name.
  static func cleaned(_ text: String, isIdentity: (String) -> Bool) -> String {
    let words = words(text)
    var kept: [String] = []
    var numbers = 0
    for (place, word) in words.enumerated() where isAllowed(word) && !isIdentity(word) {
      if isNumber(word) {
        let neighbours = [place - 1, place + 1].filter(words.indices.contains)
        if numbers == 3 || neighbours.contains(where: { isNumber(words[$0]) }) { continue }
        numbers += 1
      }
      kept.append(word)
    }
    let hasMeaning = kept.contains { !isNumber($0) && !filler.contains($0.lowercased()) }
    return hasMeaning ? kept.joined(separator: " ") : ""
  }

  private static func isNumber(_ word: String) -> Bool { word.first?.isNumber == true }

  /// Allowed words that say nothing alone.
  private static let filler: Set<String> = [
    "and", "of", "on", "in", "to", "with", "without", "after", "before", "b", "l", "m", "r", "mm", "cm", "image",
    "images",
  ]

  /// Runs of letters, of digits with a decimal point, and of Chinese characters; of the latter the allowed terms within them.
  static func words(_ text: String) -> [String] {
    var words: [String] = []
    var run = ""
    var kind = Kind.none
    func finish() {
      if kind == .chinese { words += terms(in: run) } else if !run.isEmpty { words.append(run) }
      run = ""
    }
    for character in text.precomposedStringWithCompatibilityMapping {
      var next = Kind.of(character)
      if character == ".", kind == .number { next = .number }
      if next != kind { finish() }
      kind = next
      if next != .none { run.append(character) }
    }
    finish()
    return words.map { $0.hasSuffix(".") ? String($0.dropLast()) : $0 }
  }

  private enum Kind {
    case none, letter, number, chinese

    static func of(_ character: Character) -> Kind {
      guard let scalar = character.unicodeScalars.first else { return .none }
      if (0x3400...0x9fff).contains(scalar.value) || (0x20000...0x3ffff).contains(scalar.value) { return .chinese }
      if character.isNumber { return .number }
      return character.isLetter ? .letter : .none
    }
  }

  /// The longest allowed terms, from the left; what is between them is left out.
  private static func terms(in run: String) -> [String] {
    let characters = Array(run)
    var found: [String] = []
    var start = 0
    while start < characters.count {
      let longest = stride(from: min(6, characters.count - start), to: 0, by: -1).first { length in
        chinese.contains(String(characters[start..<start + length]))
      }
      if let longest { found.append(String(characters[start..<start + longest])) }
      start += longest ?? 1
    }
    return found
  }

  static func isAllowed(_ word: String) -> Bool {
    if chinese.contains(word) || english.contains(word.lowercased()) { return true }
    let parts = word.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count <= 2
      && parts.allSatisfy { (1...2).contains($0.utf8.count) && $0.utf8.allSatisfy { $0 >= 0x30 && $0 <= 0x39 } }
  }

  /// Without words that are as often a surname or given name as a description, where they could be spared.
  public static let english = Set(
    """
    abdomen abdominal achilles acquisition acute adnexa adnexal adrenal after and angiography annotation anterior aorta aortic \
    apex apical appendix arm arterial artery ascites aspiration atrium axilla axillary b baseline before benign bi \
    bilateral biopsy bladder blood bmode bowel brain breast calcification calf cardiac carotid caudal ceus \
    cervical cervix chest chronic cine clip clock cm coagulation cold collateral color colour common complete complex contrast \
    core coronal cortical cranial cyst cystic deep definity delayed detail diagnostic diameter diffuse distal doppler duct duplex dvt \
    dynamic early echo echocardiogram echocardiography echogenic elastography elbow endocavitary endometrium endorectal \
    endovaginal enhanced enhancement epididymis esophagus exam examination extended extremity femoral fetal fetus fibroadenoma \
    fibroid fine first flow fna focal follicle followup follow foot forearm frame ftr gallbladder gastric general gland graft \
    groin guidance guided gynecology hand harmonic head heart hepatic hernia hip hypoechoic iliac image images imaging \
    in infant inferior inguinal inner intervention intraoperative ivc joint jugular kidney kidneys kpa l labral lacrimal large late \
    lateral left leg lesion ligament limb levovist limited linear lipoma lumason liver lobe long longitudinal loop low lower lung lymph m mammary \
    mass maximum measurement medial medullary mhz midline minimum mitral mm mode multiple muscle musculoskeletal neck needle \
    neonatal nerve nodal node nodes nodule nodules normal oblique ob obstetric obstetrics of on optison orbit outer ovaries ovarian \
    ovary pancreas panorama panoramic paraaortic parasternal parathyroid parotid patella pelvic pelvis penile perforator peripheral \
    phase pleura pleural popliteal portal post posterior postoperative power pre preoperative probe procedure prostate proximal \
    pulsed pw quadrant r radial rads recurrence rectal rectum region renal residual resolution retroareolar right roi \
    rotator routine runoff salivary saphenous scan scanning scrotal scrotum second sector segment series shear shoulder side \
    single sinus small soft solid sonazoid sonovue spectral spleen splenic sternal still stenosis stomach strain stress study subclavian \
    subcostal submandibular superficial superior supine supraclavicular suprapubic survey swe swelling tdi tendon testicle \
    testicular testis third thoracic thorax thrombosis thrombus thyroid ti tibial tissue to transabdominal transcranial transducer \
    transplant transrectal transthoracic transvaginal transverse transversal trimester tumor tumour ultrasonography ultrasound \
    umbilical undefined unilateral upper ureter urethra urinary us uterine uterus vaginal valve varicose vascular vein veins \
    velocity venous ventricle vertebral vessel vessels view volume wall washout wave with without wrist zone
    """.split(separator: " ").map(String.init))

  public static let chinese = Set(
    """
    乳 乳腺 乳房 乳头 乳晕 甲状腺 甲状旁腺 淋巴结 腋窝 腋下 颈部 颈 锁骨上 锁骨下 腹部 腹 肝 肝脏 胆 胆囊 胆管 胰 胰腺 脾 脾脏 肾 肾脏 \
    双肾 肾上腺 膀胱 输尿管 前列腺 子宫 卵巢 附件 盆腔 宫颈 内膜 阴囊 睾丸 附睾 心脏 肺 胸腔 胸膜 胸壁 主动脉 动脉 静脉 颈动脉 \
    门静脉 下肢 上肢 血管 肌肉 肌腱 关节 肩 肘 腕 髋 膝 踝 皮下 软组织 涎腺 腮腺 颌下腺 胎儿 胎盘 羊水 产科 妇科 泌尿系 阑尾 胃 \
    肠 直肠 头颅 左 右 双 左侧 右侧 双侧 上象限 下象限 外上 外下 内上 内下 象限 点钟 横切 纵切 斜切 横断面 \
    纵断面 短轴 长轴 超声 彩超 彩色 多普勒 彩色多普勒 频谱 血流 能量 弹性 弹性成像 剪切波 应变 造影 超声造影 增强 动脉期 门脉期 延迟期 \
    皮质期 髓质期 静态 动态 常规 检查 扫查 复查 随访 术前 术后 术中 活检 穿刺 引导 介入 治疗前 治疗后 化疗前 化疗后 结节 肿块 肿物 囊肿 \
    囊性 实性 混合性 病灶 钙化 良性 恶性 占位 积液 增大 正常 异常 测量 大小 长径 短径 厘米 毫米 图像 视频 单帧 多帧 探头 高频 低频 \
    腔内 经阴道 经腹 经直肠 床旁 急诊 平静呼吸 屏气 声诺维 示卓安
    """.split { $0 == " " || $0 == "\n" }.map(String.init))
}
