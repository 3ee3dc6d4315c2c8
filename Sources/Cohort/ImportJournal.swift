import Foundation
import GRDB
import Imaging
import Ultrasound

/// What an import has read so far, on the disk: so that one that is cut off need not read it again, and so that the looks of a
/// hundred thousand pictures need not lie in memory.
final class ImportJournal {
  /// Of one draft.
  enum Entry: Codable, Sendable {
    case image(ImageFacts)
    case leftOut(String)
    case problem(String)
  }

  private let queue: DatabaseQueue
  private let folder: URL

  /// Opens the journal at `file`, or begins one. What cannot be read as one is begun anew.
  init(_ file: URL, cohort: URL) throws(CohortError) {
    folder = cohort
    do {
      queue = try Self.opened(file)
    } catch {
      for ending in ["", "-wal", "-shm"] { unlink(file.path + ending) }
      do { queue = try Self.opened(file) } catch { throw Catalogue.wrapped(error, cohort) }
    }
  }

  private static func opened(_ file: URL) throws -> DatabaseQueue {
    let queue = try DatabaseQueue(path: file.path)
    try queue.writeWithoutTransaction { database in
      try database.execute(sql: "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL")
      try database.execute(
        sql: """
          CREATE TABLE IF NOT EXISTS entry (
            key TEXT PRIMARY KEY, stamp TEXT NOT NULL, facts TEXT NOT NULL, looks BLOB, times BLOB);
          CREATE TABLE IF NOT EXISTS salt (id INTEGER PRIMARY KEY, bytes BLOB NOT NULL);
          """)
    }
    return queue
  }

  private func guarded<Value>(_ body: () throws -> Value) throws(CohortError) -> Value {
    do { return try body() } catch { throw Catalogue.wrapped(error, folder) }
  }

  /// That of the cohort, else the one the import began with, else a new one.
  func salt(_ given: [UInt8]?) throws(CohortError) -> [UInt8] {
    try guarded {
      try queue.write { database in
        if given == nil, let kept = try Data.fetchOne(database, sql: "SELECT bytes FROM salt") { return [UInt8](kept) }
        let salt = given ?? PersonHash.newSalt()
        try database.execute(sql: "INSERT OR REPLACE INTO salt VALUES (1, ?)", arguments: [Data(salt)])
        return salt
      }
    }
  }

  /// Stamps of what was read, by key.
  func stamps() throws(CohortError) -> [String: String] {
    try guarded {
      try queue.read { database in
        var stamps: [String: String] = [:]
        let rows = try Row.fetchCursor(database, sql: "SELECT key, stamp FROM entry")
        while let row = try rows.next() { stamps[row[0]] = row[1] }
        return stamps
      }
    }
  }

  func entry(_ key: String) throws(CohortError) -> Entry? {
    try guarded {
      let text = try queue.read {
        try String.fetchOne($0, sql: "SELECT facts FROM entry WHERE key = ?", arguments: [key])
      }
      return text.flatMap { try? JSONDecoder().decode(Entry.self, from: Data($0.utf8)) }
    }
  }

  /// What an image is found by, by frame, and its frames' times.
  func looks(_ key: String) throws(CohortError) -> (looks: [(frame: Int, look: PictureLook)], times: Data?) {
    try guarded {
      let row = try queue.read {
        try Row.fetchOne($0, sql: "SELECT looks, times FROM entry WHERE key = ?", arguments: [key])
      }
      let looks = (row?[0] as Data?).map(Self.decode) ?? []
      return (looks, row?[1])
    }
  }

  /// One more read of some drafts, in one transaction.
  func add(_ outcomes: [(key: String, stamp: String, outcome: Inspection.Outcome)]) throws(CohortError) {
    try guarded {
      let encoder = JSONEncoder()
      try queue.write { database in
        let statement = try database.cachedStatement(sql: "INSERT OR REPLACE INTO entry VALUES (?, ?, ?, ?, ?)")
        for (key, stamp, outcome) in outcomes {
          var (looks, times): (Data?, Data?)
          if case .image(_, let found, let seconds) = outcome {
            looks = Self.encode(found)
            times = seconds.map(FrameTimes.encode)
          }
          let facts = String(decoding: try encoder.encode(Entry(outcome)), as: UTF8.self)
          try statement.execute(arguments: [key, stamp, facts, looks, times])
        }
      }
    }
  }

  func close() { try? queue.close() }

  /// Each look: its frame (8 bytes), hash (32), thumbnail (1024) and picture (2304).
  private static func encode(_ looks: [Int: PictureLook]) -> Data {
    var bytes: [UInt8] = []
    for (frame, look) in looks.sorted(by: { $0.key < $1.key }) {
      for byte in 0..<8 { bytes.append(UInt8(truncatingIfNeeded: frame >> (8 * byte))) }
      bytes += look.hash.bytes
      bytes += look.thumbnail.pixels
      bytes += look.picture
    }
    return Data(bytes)
  }

  private static func decode(_ data: Data) -> [(frame: Int, look: PictureLook)] {
    let (bytes, size) = ([UInt8](data), 8 + 32 + 1024 + 2304)
    return stride(from: 0, to: bytes.count - size + 1, by: size).map { start in
      let frame = (0..<8).reduce(0) { $0 | Int(bytes[start + $1]) << (8 * $1) }
      let look = PictureLook(
        hash: NearDuplicates.Hash(bytes: bytes[(start + 8)..<(start + 40)]),
        thumbnail: Thumbnail(pixels: Array(bytes[(start + 40)..<(start + 1064)])),
        picture: Array(bytes[(start + 1064)..<(start + size)]))
      return (frame, look)
    }
  }
}

extension ImportJournal.Entry {
  init(_ outcome: Inspection.Outcome) {
    switch outcome {
    case .image(let facts, _, _): self = .image(facts)
    case .leftOut(let kind): self = .leftOut(kind)
    case .problem(let problem): self = .problem(problem.message)
    }
  }
}

extension NearDuplicates.Hash {
  /// 32 bytes, the lowest of each word first.
  init(bytes: some Sequence<UInt8>) {
    var words = [UInt64](repeating: 0, count: 4)
    for (place, byte) in bytes.prefix(32).enumerated() { words[place / 8] |= UInt64(byte) << UInt64(place % 8 * 8) }
    self.init(words: words)
  }

  var bytes: [UInt8] {
    words.flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> (8 * UInt64($0))) } }
  }
}

extension ImageDraft {
  /// What the journal knows the draft by. A blinded hash, because a path may name a patient.
  func journalKey(_ blind: (String) -> String) -> String {
    var hash = FieldHash()
    for text in [file.path, name] { hash.add(text) }
    return String(blind(hash.hexadecimal()).prefix(32))
  }

  /// Of all that the source says of it, and of its files' lengths and times: as long as it stays, the files need not be read
  /// again. Nil where a file is not there.
  func stamp(intake: FileIntake?, _ blind: (String) -> String) -> String? {
    var hash = FieldHash()
    // Raised when files are read in another way.
    hash.add("1")
    hash.add(intake?.name)
    let texts = [
      name, patient, lesion, label?.rawValue, modality.rawValue, exam, date, site, device, histology, pair, frame,
      frameIsRange ? "frames" : nil, background?.rawValue, split?.rawValue, isFound ? "found" : nil,
    ]
    for text in texts { hash.add(text) }
    hash.add(sizeMillimetres)
    hash.add(region)
    hash.add(backgroundRegion)
    if let crop { hash.add(crop) }
    for (column, text) in clinical {
      hash.add(column)
      hash.add(text)
    }
    hash.add("\(masks.count)")
    for file in files {
      var facts = stat()
      guard stat(file.path, &facts) == 0 else { return nil }
      hash.add(file.path)
      for number in [Int(facts.st_size), Int(facts.st_mtim.tv_sec), Int(facts.st_mtim.tv_nsec), Int(facts.st_ino)] {
        hash.add(String(number))
      }
    }
    return blind(hash.hexadecimal())
  }
}
