import Foundation

/// When each frame of an enhanced object (Enhanced US Volume and others) was taken (PS3.3 C.7.6.16.2.2).
enum FrameContentTimes {
  /// Milliseconds from the first frame; nil where a frame has no time, or all have one.
  static func milliseconds(_ file: DICOMFile, frames: Int) throws(DICOMError) -> [Double]? {
    let groups = file.dataSet.items(.groupsPerFrame)
    guard groups.count == frames else { return nil }
    for tag in [Tag.frameAcquisition, .frameReference] {
      var times: [Double] = []
      for group in groups {
        guard let text = try group.items(.frameContent).first?.string(tag), let seconds = seconds(text) else { break }
        times.append(seconds)
      }
      guard times.count == frames, let first = times.first, times.contains(where: { $0 != first }) else { continue }
      // Frames of a volume share a time; one before the first would belong to another cine.
      guard times.allSatisfy({ $0 >= first }) else { continue }
      return times.map { (($0 - first) * 1_000_000).rounded() / 1000 }
    }
    return nil
  }

  /// YYYYMMDDHHMMSS.FFFFFF as seconds since 1 January 1970. The shift from UTC is the same for all frames and is left out.
  private static func seconds(_ text: String) -> Double? {
    let digits = text.prefix { $0 != "+" && $0 != "-" }
    let parts = digits.split(separator: ".", omittingEmptySubsequences: false)
    guard let whole = parts.first, whole.count == 14, whole.allSatisfy(\.isASCII), let value = Int(whole) else {
      return nil
    }
    let fraction = parts.count > 1 ? Double("0." + parts[1]) : 0
    guard let fraction, parts.count <= 2 else { return nil }
    var moment = DateComponents()
    (moment.year, moment.month, moment.day) = (
      value / 10_000_000_000, value / 100_000_000 % 100, value / 1_000_000 % 100
    )
    (moment.hour, moment.minute, moment.second) = (value / 10_000 % 100, value / 100 % 100, value % 100)
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = .gmt
    guard moment.isValidDate(in: calendar), let date = calendar.date(from: moment) else { return nil }
    return date.timeIntervalSince1970 + fraction
  }
}
