public import Cohort
public import Foundation
import Imaging
import Statistics
import Tables
import Ultrasound

/// A folder with a cohort table of twins, to train on and to test with.
public struct TwinCohort: Codable, Sendable {
  /// Pictures written.
  public var pictures: Int
  /// Of them, those that differ from their originals.
  public var changed: Int
  /// Marks found in the originals and in the twins, by kind.
  public var marksBefore: [String: Int]
  public var marksAfter: [String: Int]
  /// Pixels of marks found in the twins over those in the originals; nil where there were none, and for planted twins.
  public var residualShare: Double?
  /// Means over the filled places; nil for planted twins.
  public var filledPlaces: Int
  public var meanWithin: Double?
  public var speckleWithin: Double?
  public var entropyWithin: Double?
  /// Median over the pictures of ``FillQuality/speckleRatio``.
  public var speckleRatio: Double?
  /// Pictures that could not be read, each with its reason.
  public var failures: [String]

  public struct Request: Sendable {
    public var kinds: Set<MarkKind>
    /// Put marks of one class onto pictures of the other instead of taking them out.
    public var plants: Bool
    public var seed: UInt64
    /// Rows of original and twin on the sheet.
    public var sheetRows = 24

    public init(kinds: Set<MarkKind>, plants: Bool, seed: UInt64) {
      (self.kinds, self.plants, self.seed) = (kinds, plants, seed)
    }
  }

  private struct Made: Sendable {
    var record: ImageRecord
    var file: String
    var before: [MarkKind: Int]
    var after: [MarkKind: Int]
    var pixelsBefore: Int
    var pixelsAfter: Int
    var isChanged: Bool
    var donor: String?
    var quality: FillQuality?
  }

  /// Writes `cohort.csv`, `images/`, `masks/`, `changed/` (what differs, 255) and `twins.png`.
  /// - Throws: `output` where the folder is there and not empty, or cannot be written.
  public static func write(
    _ records: [ImageRecord], request: Request, to folder: URL, progress: ((Int, Int) -> Void)? = nil
  ) throws(CohortError) -> TwinCohort {
    // A clip has no twin: one frame would not be it.
    let records = records.filter { $0.extent.frames == 1 }
    try make(folder)
    let donors = request.plants ? donors(records, request) : [:]
    let files = paths(records)
    var (made, failures): ([Made], [String]) = ([], [])
    let batch = 4 * max(1, ProcessInfo.processInfo.activeProcessorCount)
    for start in stride(from: 0, to: records.count, by: batch) {
      let part = Array(start..<min(start + batch, records.count))
      let results = parallelResults(part.count) { place in
        let at = part[place]
        return twin(of: records[at], donor: donors[at].map { records[$0] }, file: files[at], request, folder)
      }
      for result in results {
        switch result {
        case .success(let one): made.append(one)
        case .failure(.cohort(let error)): throw error
        case .failure(.picture(let reason)): failures.append(reason)
        }
      }
      progress?(start + part.count, records.count)
    }
    try table(made, request, folder)
    try sheet(made.filter(\.isChanged), request, folder)
    return TwinCohort(made, failures, request)
  }

  private enum Failure: Error {
    case picture(String)
    case cohort(CohortError)
  }

  private init(_ made: [Made], _ failures: [String], _ request: Request) {
    pictures = made.count
    changed = made.filter(\.isChanged).count
    func sum(_ counts: (Made) -> [MarkKind: Int]) -> [String: Int] {
      Dictionary(
        uniqueKeysWithValues: MarkKind.allCases.map { kind in
          (kind.rawValue, made.reduce(0) { $0 + (counts($1)[kind] ?? 0) })
        })
    }
    (marksBefore, marksAfter) = (sum(\.before), sum(\.after))
    let (before, after) = (made.reduce(0) { $0 + $1.pixelsBefore }, made.reduce(0) { $0 + $1.pixelsAfter })
    residualShare = request.plants || before == 0 ? nil : Double(after) / Double(before)
    let qualities = made.compactMap(\.quality)
    let places = qualities.reduce(0) { $0 + $1.places }
    filledPlaces = places
    func mean(_ part: (FillQuality) -> Double?) -> Double? {
      places > 0 ? qualities.reduce(0) { $0 + (part($1) ?? 0) * Double($1.places) } / Double(places) : nil
    }
    (meanWithin, speckleWithin, entropyWithin) =
      (mean(\.meanWithin), mean(\.speckleWithin), mean(\.entropyWithin))
    let ratios = qualities.compactMap(\.speckleRatio).sorted()
    speckleRatio = ratios.isEmpty ? nil : ratios[ratios.count / 2]
    self.failures = failures
  }

  private static func make(_ folder: URL) throws(CohortError) {
    if let entries = try? FileManager.default.contentsOfDirectory(atPath: folder.path), !entries.isEmpty {
      throw .output(.cannotCreate(path: folder.path, reason: "the folder is not empty"))
    }
    try create(folder)
  }

  private static func create(_ folder: URL) throws(CohortError) {
    do { try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true) } catch {
      throw .output(.cannotCreate(path: folder.path, reason: error.localizedDescription))
    }
  }

  /// `images/` and the name with `.png`; a name that another picture would have too gets a number.
  private static func paths(_ records: [ImageRecord]) -> [String] {
    var taken: Set<String> = []
    return records.map { record in
      let parts = record.name.split(separator: "/").map { part -> String in
        let safe = String(part.map { $0 == "#" || $0 == "\\" || $0 == ":" ? "_" : $0 })
        return safe == ".." || safe == "." ? "_" : shortened(safe)
      }
      let stem = (parts.joined(separator: "/") as NSString).deletingPathExtension
      var (path, number) = ("images/\(stem).png", 2)
      while !taken.insert(path).inserted {
        path = "images/\(stem)-\(number).png"
        number += 1
      }
      return path
    }
  }

  /// File systems take names of 255 bytes; room is left for what is added.
  private static func shortened(_ name: String) -> String {
    guard name.utf8.count > 200 else { return name }
    let (stem, ending) = ((name as NSString).deletingPathExtension, (name as NSString).pathExtension)
    var short = stem
    while short.utf8.count > 180 { short.removeLast() }
    return ending.isEmpty || ending.utf8.count > 15 ? short : "\(short).\(ending)"
  }

  /// For each picture without marks one of the other label that has some; by seed, name and nothing else.
  private static func donors(_ records: [ImageRecord], _ request: Request) -> [Int: Int] {
    let has = parallelResults(records.count) { place in
      guard let picture = try? records[place].picture() else { return false }
      let reading = StillReading(of: picture)
      return request.kinds.contains { reading.has($0) }
    }
    var donors: [Int: Int] = [:]
    for place in records.indices where !has[place] {
      guard let label = records[place].label else { continue }
      let others = records.indices.filter { has[$0] && records[$0].label == (label == .benign ? .malignant : .benign) }
      guard !others.isEmpty else { continue }
      var random = SplitMix64(seed: request.seed, stream: UInt64(place))
      donors[place] = others[Int(random.next() % UInt64(others.count))]
    }
    return donors
  }

  private static func twin(
    of record: ImageRecord, donor: ImageRecord?, file: String, _ request: Request, _ folder: URL
  ) -> Result<Made, Failure> {
    do throws(ImagingError) {
      let picture = try record.picture()
      let reading = StillReading(of: picture)
      let twin: Twin
      if request.plants {
        guard let donor else {
          return .success(
            try write(
              Twin(picture: picture, mask: reading.mask(of: [])), of: record, picture, reading, nil, file, request,
              folder))
        }
        let other = try donor.picture()
        twin = Twin.planted(
          request.kinds, from: other, StillReading(of: other), donorRegion: donor.region, onto: picture,
          region: record.region)
      } else {
        twin = Twin.without(request.kinds, picture, reading: reading)
      }
      return .success(try write(twin, of: record, picture, reading, donor, file, request, folder))
    } catch .unreadable(let file, let reason) where file == folder.path {
      return .failure(.cohort(.output(.cannotCreate(path: file, reason: reason))))
    } catch {
      return .failure(.picture("\(record.name): \(error)"))
    }
  }

  private static func write(
    _ twin: Twin, of record: ImageRecord, _ picture: RGBImage, _ reading: StillReading, _ donor: ImageRecord?,
    _ file: String, _ request: Request, _ folder: URL
  ) throws(ImagingError) -> Made {
    let isChanged = twin.picture != picture
    do {
      let place = folder.appending(path: file)
      try FileManager.default.createDirectory(
        at: place.deletingLastPathComponent(), withIntermediateDirectories: true)
      try AtomicFile.write(try PNG.encode(twin.picture), to: place, flush: false)
      if isChanged {
        let changes = folder.appending(path: "changed/" + file.dropFirst("images/".count))
        try FileManager.default.createDirectory(
          at: changes.deletingLastPathComponent(), withIntermediateDirectories: true)
        try AtomicFile.write(try PNG.encode(twin.mask), to: changes, flush: false)
      }
    } catch let error as ImagingError {
      throw error
    } catch {
      // Told from a picture that cannot be read by naming the folder.
      throw .unreadable(file: folder.path, reason: "\(error)")
    }
    let after = StillReading(of: twin.picture)
    func counts(_ reading: StillReading) -> [MarkKind: Int] {
      Dictionary(grouping: reading.marks.filter { request.kinds.contains($0.kind) }, by: \.kind).mapValues(\.count)
    }
    func pixels(_ reading: StillReading) -> Int {
      reading.marks.filter { request.kinds.contains($0.kind) }.reduce(0) { $0 + $1.pixels }
    }
    return Made(
      record: record, file: file, before: counts(reading), after: counts(after), pixelsBefore: pixels(reading),
      pixelsAfter: pixels(after), isChanged: isChanged, donor: donor?.name,
      quality: isChanged && !request.plants ? FillQuality(twin.picture, mask: twin.mask) : nil)
  }

  private static func table(_ made: [Made], _ request: Request, _ folder: URL) throws(CohortError) {
    let copied = ["exam", "date", "site", "device", "histology", "pair", "background", "split"]
    let clinical = Set(made.flatMap(\.record.clinical.keys)).sorted()
    let columns =
      ["patient", "lesion", "label", "file", "modality", "mask", "roi_x", "roi_y", "roi_width", "roi_height"] + copied
      + ["size_mm", "twin", "twin_made", "twin_donor"] + clinical.filter { !$0.hasPrefix("twin") }
    var rows: [[String]] = []
    for one in made {
      let record = one.record
      var masks: [String] = []
      for mask in record.masks {
        let path = "masks/\(mask.lastPathComponent)"
        let target = folder.appending(path: path)
        if !FileManager.default.fileExists(atPath: target.path) {
          try create(target.deletingLastPathComponent())
          do { try FileManager.default.copyItem(at: mask, to: target) } catch {
            throw .source(path: mask.path, reason: error.localizedDescription)
          }
        }
        masks.append(path)
      }
      // A mask gives its box again at import.
      let box = masks.isEmpty ? record.region.flatMap { $0.width > 0 && $0.height > 0 ? $0 : nil } : nil
      let made = !one.isChanged ? "unchanged" : request.plants ? "planted" : "filled"
      var row = [
        record.patient, record.lesion, record.text(ofColumn: "label") ?? "", one.file, record.modality.rawValue,
        masks.joined(separator: ";"),
      ]
      row += [box?.x, box?.y, box?.width, box?.height].map { $0.map { String($0) } ?? "" }
      row += copied.map { record.text(ofColumn: $0) ?? "" }
      row += [record.sizeMillimetres.map { String($0) } ?? "", record.name, made, one.donor ?? ""]
      row += clinical.filter { !$0.hasPrefix("twin") }.map { record.text(ofColumn: $0) ?? "" }
      rows.append(row)
    }
    let used = columns.indices.filter { place in place < 5 || rows.contains { !$0[place].isEmpty } }
    do throws(TableError) {
      try Table(
        columns: used.map { columns[$0] }, rows: rows.map { row in used.map { row[$0] } }, source: "cohort.csv"
      ).write(to: folder.appending(path: "cohort.csv"))
    } catch {
      throw .table(error)
    }
    AtomicFile.flushAll()
  }

  /// Original beside twin, the most changed first.
  private static func sheet(_ made: [Made], _ request: Request, _ folder: URL) throws(CohortError) {
    let chosen = made.sorted { ($1.pixelsBefore, $0.file) < ($0.pixelsBefore, $1.file) }.prefix(request.sheetRows)
    guard !chosen.isEmpty else { return }
    do {
      let pictures = try chosen.flatMap { one in
        [try one.record.picture(), try Stills.decode(folder.appending(path: one.file)).rgb()]
      }
      let sheet = MarkSheet.sheet(pictures, columns: 4, cell: (480, 400))
      try AtomicFile.write(try PNG.encode(sheet), to: folder.appending(path: "twins.png"))
    } catch let error as OutputError {
      throw .output(error)
    } catch {
      throw .source(path: folder.path, reason: "\(error)")
    }
  }
}
