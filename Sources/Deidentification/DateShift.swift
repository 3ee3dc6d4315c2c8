import Foundation

/// Dates of one patient moved back by one number of days (PS3.15 E.3.6), so that intervals stay. Times of day stay.
struct DateShift: Sendable {
  /// Days back, 1...3650.
  let days: Int

  /// A value of DA, also of its old form with dots, or a range of two; nil where it is no date.
  func date(_ text: String) -> String? {
    if let dash = text.firstIndex(of: "-") {
      let (from, to) = (text[..<dash], text[text.index(after: dash)...])
      guard let first = from.isEmpty ? "" : day(String(from)), let last = to.isEmpty ? "" : day(String(to)) else {
        return nil
      }
      return first.isEmpty && last.isEmpty ? nil : "\(first)-\(last)"
    }
    return day(text)
  }

  private func day(_ text: String) -> String? {
    let digits = text.count == 10 ? text.split(separator: ".").joined() : text
    guard digits.utf8.count == 8, let shifted = moved(digits) else { return nil }
    return shifted
  }

  /// A value of DT: YYYY[MM[DD[HH[MM[SS[.F]]]]]][&ZZXX]. A date without day or month is moved from the middle of its month or
  /// year, and stays without them.
  func dateTime(_ text: String) -> String? {
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    let rest = text[digits.endIndex...]
    guard rest.allSatisfy({ $0.isASCII && ($0.isNumber || ".+-".contains($0)) }) else { return nil }
    switch digits.count {
    case 4: return moved(digits + "0701").map { String($0.prefix(4)) + rest }
    case 6: return moved(digits + "15").map { String($0.prefix(6)) + rest }
    case 8, 10, 12, 14: return moved(String(digits.prefix(8))).map { $0 + digits.dropFirst(8) + rest }
    default: return nil
    }
  }

  private func moved(_ digits: some StringProtocol) -> String? {
    let digits = String(digits)
    guard digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let year = Int(digits.prefix(4)),
      let month = Int(digits.dropFirst(4).prefix(2)), let day = Int(digits.suffix(2)), year >= 1,
      let from = Self.number(year, month, day)
    else { return nil }
    let (y, m, d) = Self.date(from - days)
    guard y >= 1 else { return nil }
    return Self.padded(y, 4) + Self.padded(m, 2) + Self.padded(d, 2)
  }

  static func padded(_ number: Int, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }

  /// Days since 1 March of the year 0 in the Gregorian calendar; nil where there is no such day.
  static func number(_ year: Int, _ month: Int, _ day: Int) -> Int? {
    guard (1...12).contains(month), day >= 1 else { return nil }
    let count = days(year, month, day)
    let (y, m, d) = date(count)
    return (y, m, d) == (year, month, day) ? count : nil
  }

  private static func days(_ year: Int, _ month: Int, _ day: Int) -> Int {
    let y = month <= 2 ? year - 1 : year
    let m = (month + 9) % 12
    return 365 * y + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day - 1
  }

  private static func date(_ number: Int) -> (Int, Int, Int) {
    var y = (10_000 * number + 14_780) / 3_652_425
    var rest = number - (365 * y + y / 4 - y / 100 + y / 400)
    if rest < 0 {
      y -= 1
      rest = number - (365 * y + y / 4 - y / 100 + y / 400)
    }
    let m = (100 * rest + 52) / 3060
    return (y + (m + 2) / 12, (m + 2) % 12 + 1, rest - (m * 306 + 5) / 10 + 1)
  }
}

/// Ages as AS writes them.
enum AgeText {
  /// 90 years and over become 090Y; nil where the text is no age.
  static func cut(_ text: String) -> String? {
    guard text.utf8.count == 4, let number = Int(text.prefix(3)), let unit = text.last, number >= 0 else { return nil }
    let years: Double
    switch unit {
    case "Y": years = Double(number)
    case "M": years = Double(number) / 12
    case "W": years = Double(number) / 52.1775
    case "D": years = 0
    default: return nil
    }
    return years >= 90 ? "090Y" : text
  }

  /// The age on a day, both as DA; in months below two years. nil where it cannot be told.
  static func between(_ birth: String, _ day: String) -> String? {
    func parts(_ text: String) -> (Int, Int, Int)? {
      guard text.utf8.count == 8, let year = Int(text.prefix(4)), let month = Int(text.dropFirst(4).prefix(2)),
        let day = Int(text.suffix(2)), DateShift.number(year, month, day) != nil
      else { return nil }
      return (year, month, day)
    }
    guard let from = parts(birth), let to = parts(day) else { return nil }
    let months = (to.0 - from.0) * 12 + to.1 - from.1 - (to.2 < from.2 ? 1 : 0)
    guard months >= 0, months < 12 * 130 else { return nil }
    if months < 24 { return DateShift.padded(months, 3) + "M" }
    return cut(DateShift.padded(months / 12, 3) + "Y")
  }
}
