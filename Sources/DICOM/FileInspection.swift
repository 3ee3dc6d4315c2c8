import Foundation

/// What is wrong with a file, found by reading all of it.
public struct FileInspection: Sendable {
  /// What keeps the file, or a part of it, from being used.
  public let problems: [String]
  /// Departures from the standard that do no harm here.
  public let notes: [String]

  public var isSound: Bool { problems.isEmpty }

  /// Opens the file, looks for what a picture must have, decodes every frame and looks at the regions. A file that cannot
  /// be opened has that as its only problem.
  public init(_ open: () throws(DICOMError) -> DICOMFile) {
    do throws(DICOMError) {
      let file = try open()
      var inspector = Inspector(file)
      inspector.inspect()
      (problems, notes) = (inspector.problems, file.notes + inspector.notes)
    } catch {
      (problems, notes) = ([error.reason], [])
    }
  }
}

private struct Inspector {
  let file: DICOMFile
  var problems: [String] = []
  var notes: [String] = []

  init(_ file: DICOMFile) { self.file = file }

  mutating func inspect() {
    identifiers()
    dates()
    regions()
    do throws(DICOMError) {
      frames(try FrameReader(file))
    } catch {
      problems.append(error.reason)
    }
  }

  private mutating func identifiers() {
    for tag in [Tag.sopClass, .sopInstance, .studyInstance, .patientID, .modality] {
      if (try? file.dataSet.string(tag)) == nil { notes.append("\(tag) is absent or empty") }
    }
    if (try? file.dataSet.string(.modality)) == "US", !file.dataSet.contains(.ultrasoundRegions) {
      notes.append("\(Tag.ultrasoundRegions) is absent: millimetres are not known")
    }
    let stored = try? file.dataSet.integer(.bitsStored)
    let high = try? file.dataSet.integer(.highBit)
    if let stored, let high, high != stored - 1 {
      notes.append("\(Tag.highBit) is \(high), with \(stored) bits stored it must be \(stored - 1)")
    }
  }

  /// YYYYMMDD, or with dots as before DICOM 3 (PS3.5 6.2).
  private mutating func dates() {
    for code in [0x0020, 0x0021, 0x0022, 0x0023] as [UInt16] {
      let tag = Tag(0x0008, code)
      guard let text = try? file.dataSet.string(tag) else { continue }
      let digits = text.count == 10 ? text.split(separator: ".").joined() : text
      let parts = [digits.prefix(4), digits.dropFirst(4).prefix(2), digits.dropFirst(6)].compactMap { Int($0) }
      var day = DateComponents()
      if parts.count == 3 { (day.year, day.month, day.day) = (parts[0], parts[1], parts[2]) }
      let isDate =
        digits.utf8.count == 8 && digits.utf8.allSatisfy { (0x30...0x39).contains($0) }
        && day.isValidDate(in: Calendar(identifier: .gregorian))
      if !isDate { problems.append("\(tag): expected a date YYYYMMDD, found \(text.debugDescription)") }
    }
  }

  private mutating func regions() {
    do throws(DICOMError) {
      let (width, height) = (try file.dataSet.integer(.columns) ?? 0, try file.dataSet.integer(.rows) ?? 0)
      for (index, region) in try file.ultrasoundRegions().enumerated() {
        problems += region.problems(inWidth: width, height: height).map {
          "region \(index + 1) (\(region.dataTypeName)): \($0)"
        }
      }
    } catch {
      problems.append(error.reason)
    }
  }

  private mutating func frames(_ reader: FrameReader) {
    let timing = (try? reader.timing()) ?? FrameTiming(file, frames: reader.frameCount)
    notes += timing.notes
    if timing.source == .none { notes.append("no time of the frames is known") }
    if let surplus = reader.surplus { problems.append(surplus) }
    var broken: [String] = []
    for index in 0..<reader.frameCount {
      do throws(DICOMError) {
        let frame = try reader.storedFrame(index)
        if !frame.isWhole {
          broken.append(
            "frame \(index + 1) is \(frame.filled.columns) x \(frame.filled.rows), the others are "
              + "\(frame.columns) x \(frame.rows)")
        }
      } catch {
        broken.append(error.reason)
      }
    }
    problems += broken.prefix(10)
    if broken.count > 10 { problems.append("and \(broken.count - 10) more frames") }
    if broken.isEmpty {
      do throws(DICOMError) { _ = try reader.rgb(0) } catch { problems.append(error.reason) }
    }
  }
}
