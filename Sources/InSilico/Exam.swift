/// One examination: nuisance, drawn without a look at the class.
struct Exam: Sendable {
  let site: String
  let device: Device
  let date: String
  /// mm.
  let depth: Double
  let gain: Double
}

/// Where, when and with what a study's patients are examined.
struct ExamPlan: Sendable {
  /// Four machines, shared out over the sites.
  let devices: [Device]
  /// Depths shown, mm, equally likely.
  let depths: [Double]
  /// Year and month (1...12) of the study's first day.
  let start: (year: Int, month: Int)
  let days: Int

  private static let sites: [(name: String, below: Double, devices: [Int])] = [
    ("site-a", 0.40, [0, 1]), ("site-b", 0.65, [1, 2]), ("site-c", 0.85, [0, 3]), ("site-d", 1, [2, 3]),
  ]

  func exam(seed: UInt64, patient: Int) -> Exam {
    var stream = RandomStream(seed: seed, purpose: "exam", patient)
    let place = stream.uniform()
    let site = Self.sites.first { place < $0.below } ?? Self.sites[0]
    let device = devices[site.devices[stream.index(below: site.devices.count)]]
    let depth = depths[stream.index(below: depths.count)]
    return Exam(
      site: site.name, device: device, date: date(stream.index(below: days)), depth: depth,
      gain: min(6, max(-6, 2.2 * stream.normal())))
  }

  /// The date `day` days after the first of the starting month.
  func date(_ day: Int) -> String {
    var (rest, year, month) = (day, start.year, start.month)
    while rest >= Self.length(ofMonth: month, year: year) {
      rest -= Self.length(ofMonth: month, year: year)
      (year, month) = month == 12 ? (year + 1, 1) : (year, month + 1)
    }
    return "\(year)-\(padded(month, 2))-\(padded(rest + 1, 2))"
  }

  private static func length(ofMonth month: Int, year: Int) -> Int {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }
}

/// `number` with leading zeros.
func padded(_ number: Int, _ width: Int = 4) -> String {
  let text = String(number)
  return String(repeating: "0", count: max(0, width - text.count)) + text
}
