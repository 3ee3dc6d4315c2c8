public import Foundation
import Synchronization
import Tables

/// The file that holds a key and whom its pseudonyms stand for. It lies apart from everything that is given away: readable by
/// its owner only, never below an output folder or a cohort. What is wrong with it is an error, and then it is not touched.
public final class KeyFile: Sendable {
  public let key: DeidentificationKey
  private let file: URL
  private let state: Mutex<State>
  private let keepsUIDs: Bool

  private struct State {
    var patients: [String: Patient] = [:]
    var uids: [String: String] = [:]
  }

  private struct Patient: Codable, Hashable {
    let id: String
    let pseudonym: String
    let daysBack: Int
    /// Keyed hashes of the names and birth dates that the id was met with.
    var identities: [String]
  }

  private struct Content: Codable {
    var format = KeyFile.format
    let secret: String
    var patients: [String: Patient]
    var uids: [String: String]
    /// HMAC-SHA256 of all that, with the secret.
    var seal = ""
  }

  private static let format = "insonate de-identification key 1"

  /// Opens the key file, or makes one with a new secret where there is none.
  /// - Parameters:
  ///   - out: the output folder, which must not hold the key.
  ///   - keepsUIDs: whether old and new UIDs are recorded too.
  public init(_ file: URL, out: URL, keepsUIDs: Bool = false) throws(DeidentificationError) {
    self.file = file
    self.keepsUIDs = keepsUIDs
    try Self.checkPlace(file, out: out)
    let lock = try Lock(file)
    defer { lock.release() }
    if let content = try Self.read(file) {
      key = try Self.key(of: content, file)
      state = Mutex(State(patients: content.patients, uids: content.uids))
    } else {
      key = .random()
      state = Mutex(State())
      try Self.write(Self.sealed(key, State()), to: file)
    }
  }

  /// Takes a file's patient into the record.
  public func record(_ deidentified: DeidentifiedFile) {
    let patient = deidentified.patient
    state.withLock { state in
      if keepsUIDs { state.uids.merge(deidentified.uids) { one, _ in one } }
      guard var known = state.patients[patient.lookup] else {
        state.patients[patient.lookup] = Patient(
          id: patient.id, pseudonym: patient.pseudonym, daysBack: key.shift(for: patient.lookup).days,
          identities: [patient.identity])
        return
      }
      known.identities = Set(known.identities + [patient.identity]).sorted()
      state.patients[patient.lookup] = known
    }
  }

  /// Pseudonyms of ids that were met with more than one name or birth date, in this run or earlier.
  public var doubtful: [String] {
    state.withLock { $0.patients.values.filter { $0.identities.count > 1 }.map(\.pseudonym).sorted() }
  }

  /// Writes what was recorded, together with what another run wrote meanwhile.
  public func save() throws(DeidentificationError) {
    let lock = try Lock(file)
    defer { lock.release() }
    if let content = try Self.read(file) {
      guard try Self.key(of: content, file) == key else {
        throw .key(file: file.path, reason: "was replaced by another key during the run")
      }
      state.withLock { state in
        state.patients.merge(content.patients) { mine, theirs in
          var both = mine
          both.identities = Set(mine.identities).union(theirs.identities).sorted()
          return both
        }
        state.uids.merge(content.uids) { mine, _ in mine }
      }
    }
    try Self.write(Self.sealed(key, state.withLock { $0 }), to: file)
  }

  // MARK: Place

  private static func checkPlace(_ file: URL, out: URL) throws(DeidentificationError) {
    let folder = file.standardizedFileURL.deletingLastPathComponent().resolvingSymlinksInPath().pathComponents
    let target = out.standardizedFileURL.resolvingSymlinksInPath().pathComponents
    if folder.starts(with: target) {
      throw .place(path: file.path, reason: "the key must not lie in the output folder, which is given away")
    }
    for count in stride(from: folder.count, to: 0, by: -1) {
      let above = NSString.path(withComponents: Array(folder.prefix(count)))
      if FileManager.default.fileExists(atPath: above + "/catalogue.sqlite") {
        throw .place(path: file.path, reason: "the key must not lie in a cohort (\(above))")
      }
    }
  }

  // MARK: Content

  private static func read(_ file: URL) throws(DeidentificationError) -> Content? {
    var facts = stat()
    guard lstat(file.path, &facts) == 0 else {
      guard errno == ENOENT else { throw .key(file: file.path, reason: String(cString: strerror(errno))) }
      return nil
    }
    guard facts.st_mode & S_IFMT == S_IFREG else { throw .key(file: file.path, reason: "is not a plain file") }
    guard facts.st_mode & 0o077 == 0 else {
      throw .key(file: file.path, reason: "others can read or change it; make it yours alone (chmod 600)")
    }
    let content: Content
    do {
      content = try JSONDecoder().decode(Content.self, from: Data(contentsOf: file))
    } catch {
      throw .key(file: file.path, reason: "is no key file of insonate, or damaged; it was not changed")
    }
    guard content.format == format else {
      throw .key(file: file.path, reason: "expected \(format.debugDescription), found another format")
    }
    return content
  }

  private static func key(of content: Content, _ file: URL) throws(DeidentificationError) -> DeidentificationKey {
    guard let secret = bytes(content.secret), let key = DeidentificationKey(secret: secret) else {
      throw .key(file: file.path, reason: "expected a secret of 64 hexadecimal digits; it was not changed")
    }
    guard content.seal == seal(content, key) else {
      throw .key(file: file.path, reason: "was damaged or changed by hand: its seal does not fit; it was not changed")
    }
    return key
  }

  private static func sealed(_ key: DeidentificationKey, _ state: State) -> Content {
    var content = Content(secret: hexadecimal(key.secret), patients: state.patients, uids: state.uids)
    content.seal = seal(content, key)
    return content
  }

  private static func seal(_ content: Content, _ key: DeidentificationKey) -> String {
    var open = content
    open.seal = ""
    return hexadecimal(key.hash("seal", String(decoding: json(open), as: UTF8.self)))
  }

  private static func json(_ content: Content) -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return (try? encoder.encode(content)) ?? Data()
  }

  private static func hexadecimal(_ bytes: [UInt8]) -> String {
    bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
  }

  private static func bytes(_ hexadecimal: String) -> [UInt8]? {
    let digits = hexadecimal.compactMap(\.hexDigitValue)
    guard digits.count == hexadecimal.count, digits.count % 2 == 0 else { return nil }
    return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
  }

  /// Written beside with mode 0600 from its first byte, flushed, renamed.
  private static func write(_ content: Content, to file: URL) throws(DeidentificationError) {
    let beside = "\(file.deletingLastPathComponent().path)/.\(file.lastPathComponent).\(getpid()).partial"
    unlink(beside)
    let descriptor = open(beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw .output(.creating(file.path, code: errno)) }
    let bytes = Array(json(content))
    var done = 0
    var code: Int32 = 0
    while done < bytes.count, code == 0 {
      let written = bytes.withUnsafeBytes {
        Foundation.write(descriptor, $0.baseAddress?.advanced(by: done), bytes.count - done)
      }
      if written > 0 { done += written } else if written == 0 || errno != EINTR { code = written == 0 ? EIO : errno }
    }
    if code == 0, fsync(descriptor) != 0, errno != EINVAL, errno != EROFS { code = errno }
    close(descriptor)
    if code == 0, rename(beside, file.path) != 0 { code = errno }
    guard code == 0 else {
      unlink(beside)
      throw .output(.creating(file.path, code: code))
    }
  }

  /// Held by one process at a time while it reads and writes the key file; the lock file stays, empty.
  private struct Lock {
    private let descriptor: Int32

    init(_ file: URL) throws(DeidentificationError) {
      let path = "\(file.deletingLastPathComponent().path)/.\(file.lastPathComponent).lock"
      descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
      guard descriptor >= 0 else { throw .output(.creating(file.path, code: errno)) }
      while flock(descriptor, LOCK_EX) != 0 {
        guard errno == EINTR else {
          let reason = String(cString: strerror(errno))
          close(descriptor)
          throw .key(file: file.path, reason: "cannot be locked: \(reason)")
        }
      }
    }

    func release() { close(descriptor) }
  }
}
