import Foundation
import Testing

@testable import Deidentification

@Suite struct ValueTests {
  @Test func datesMoveByDays() {
    let shift = DateShift(days: 40)
    #expect(shift.date("20200310") == "20200130")
    #expect(shift.date("2020.03.10") == "20200130", "the old form")
    #expect(shift.date("20200301-20200310") == "20200121-20200130")
    #expect(shift.date("-20200310") == "-20200130")
    #expect(DateShift(days: 1).date("20240301") == "20240229" && DateShift(days: 366).date("20010101") == "20000101")
    for wrong in ["20200230", "202003", "20201301", "yesterday", "", "2020-03-10", "0001.01.011"] {
      #expect(shift.date(wrong) == nil, "\(wrong)")
    }
  }

  @Test func dateTimesKeepWhatTheyDoNotSay() {
    let shift = DateShift(days: 40)
    #expect(shift.dateTime("20200310101500.25+0800") == "20200130101500.25+0800")
    #expect(shift.dateTime("20200310") == "20200130")
    // From the middle of the month, and of the year.
    #expect(shift.dateTime("202003") == "202002" && shift.dateTime("2020") == "2020")
    #expect(DateShift(days: 400).dateTime("2020") == "2019")
    #expect(shift.dateTime("20200310 um 10") == nil && shift.dateTime("20200") == nil)
  }

  /// Against the calendar of Foundation, over 400 years.
  @Test func everyDayHasANumber() throws {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = try #require(TimeZone(identifier: "UTC"))
    let start = try #require(calendar.date(from: DateComponents(year: 1800, month: 1, day: 1)))
    for step in stride(from: 0, to: 146_097, by: 97) {
      let day = calendar.dateComponents([.year, .month, .day], from: start.addingTimeInterval(Double(step) * 86_400))
      let (y, m, d) = (try #require(day.year), try #require(day.month), try #require(day.day))
      let first = try #require(DateShift.number(1800, 1, 1))
      #expect(DateShift.number(y, m, d) == first + step)
    }
  }

  @Test func agesEndAtNinety() {
    #expect(AgeText.cut("089Y") == "089Y" && AgeText.cut("090Y") == "090Y" && AgeText.cut("103Y") == "090Y")
    #expect(AgeText.cut("006M") == "006M" && AgeText.cut("1090M") == nil && AgeText.cut("93") == nil)
    #expect(AgeText.between("19650412", "20200310") == "054Y" && AgeText.between("19200412", "20200310") == "090Y")
    #expect(AgeText.between("20190412", "20200310") == "010M" && AgeText.between("20200412", "20200310") == nil)
  }

  @Test func uidsAreOfTheSecret() {
    let (one, other) = (DeidentificationKey.test, DeidentificationKey.random())
    let uid = one.uid(for: "1.2.3")
    #expect(uid == one.uid(for: "1.2.3") && uid != other.uid(for: "1.2.3") && uid != one.uid(for: "1.2.4"))
    #expect(uid.wholeMatch(of: /2\.25\.[1-9][0-9]{30,38}/) != nil && uid.utf8.count <= 64)
    // 2^128 - 1 at most: the decimal of a UUID of version 8.
    #expect(one.pseudonym(for: "a").wholeMatch(of: /P[0-9A-HJKMNP-TV-Z]{10}/) != nil)
    #expect((1...3650).contains(one.shift(for: "a").days) && one.shift(for: "a").days != one.shift(for: "b").days)
  }

  /// From Python: hmac.new(bytes([7]*32), b"uid\x001.2.3", "sha256"), version 8, uuid.UUID(bytes=...).int.
  @Test func aUIDAsPythonMakesIt() {
    #expect(DeidentificationKey.test.uid(for: "1.2.3") == "2.25.156106980995948517982689731135984193128")
  }

  @Test(
    arguments: [
      ("Breast left 13812345678", "Breast left"), ("右乳 结节 随访 张三", "右 乳 结节 随访"), ("左侧甲状腺结节", "左侧 甲状腺 结节"),
      ("Thyroid, Dr. Müller 12.03.1965", "Thyroid"), ("Liver 12/03/65", "Liver"), ("1 38 12 34 56 78", ""),
      ("image with", ""), ("BI-RADS 4", "BI RADS 4"), ("Schmidt", ""), ("lesion 1.5 x 2.25 cm", "lesion 1.5 2.25 cm"),
      ("BREAST_LEFT", "BREAST LEFT"), ("ＢＲＥＡＳＴ", "BREAST"), ("", ""), ("breast 1 a 2 a 3 a 4", "breast 1 2 3"),
    ])
  func descriptions(_ pair: (String, String)) {
    #expect(DescriptorVocabulary.cleaned(pair.0) { _ in false } == pair.1)
  }

  @Test func namesGoThoughTheyAreWords() {
    var tokens = IdentityTokens()
    tokens.addName("LONG^Heart")
    #expect(DescriptorVocabulary.cleaned("Heart long axis") { tokens.find(in: $0) != nil } == "")
    #expect(DescriptorVocabulary.cleaned("Liver long") { tokens.find(in: $0) != nil } == "Liver")
  }

  @Test func identityIsFound() {
    var tokens = IdentityTokens()
    tokens.addName("WANG^XiaoDong=王^小东")
    tokens.addName("Müller^Jörg")
    tokens.addNumber("SH-0012345")
    tokens.addBirthDate("19650412")
    tokens.addPlace("Ruijin Hospital")
    for text in [
      "wang", "Mrs. Wang", "xiaodongwang", "WangXiaodong1965", "name:王小东.", "小东", "MULLER", "jorg", "sh0012345",
      "12345 0012345",
      "born 12.04.1965", "1965-04-12", "1965年4月12日", "RUIJIN_preset", "Ｗａｎｇ",
    ] { #expect(tokens.find(in: text) != nil, "\(text)") }
    for text in ["swang", "Wangen", "hospital", "王", "breast", "12345", "2.25.1234", ""] {
      #expect(tokens.find(in: text) == nil, "\(text)")
    }
    var general = IdentityTokens()
    general.addName("Anonymous^Patient")
    general.addNumber("0000")
    #expect(general.isEmpty)
  }

  @Test func identityIsFoundInBytes() throws {
    let encoders = [TokenBytes("小东王", .name), TokenBytes("xiaodong", .name)].compactMap { $0 }
    let tokens = IdentityTokens()
    #expect(tokens.find(in: [0, 1] + Array("XiaoDong".utf8), encoders: encoders) == .name)
    #expect(
      tokens.find(in: [0] + "xiaodong".utf16.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }, encoders: encoders) == .name
    )
    // 小东王 in GB18030.
    #expect(tokens.find(in: [9, 0xd0, 0xa1, 0xb6, 0xab, 0xcd, 0xf5], encoders: encoders) == .name)
    #expect(tokens.find(in: Array("xiaodon".utf8), encoders: encoders) == nil)
  }
}
