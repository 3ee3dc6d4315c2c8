import DICOM
import Dispatch
public import Foundation
import Synchronization
import Tables

/// De-identifies a file, or all files below a folder, into an output folder. One file's failure leaves the others alone. The
/// same input gives the same names and bytes; what is there is replaced.
public struct DeidentificationRun: Sendable {
  private let deidentifier: Deidentifier
  private let key: KeyFile
  private let out: URL
  private let pixels: (any PixelCleaning)?

  public init(options: DeidentificationOptions, key: KeyFile, out: URL, pixels: (any PixelCleaning)? = nil) {
    deidentifier = Deidentifier(options: options, key: key.key)
    (self.key, self.out, self.pixels) = (key, out, pixels)
  }

  private enum Result: Sendable {
    case written(Written)
    case duplicate
    case failed(DeidentificationError)
  }

  private struct Written: Sendable {
    let path: String
    let actions: ActionCounts
    let image: DeidentificationReport.Image
  }

  /// - Parameters:
  ///   - input: a file or folder; links are not followed.
  ///   - progress: called with files done and files in all.
  /// - Throws: where nothing can be done at all: no such input, an output that lies in it, no place to write.
  public func run(
    _ input: URL, progress: @escaping @Sendable (Int, Int) -> Void = { _, _ in }
  ) throws(DeidentificationError) -> DeidentificationSummary {
    let files = try InputFiles.list(input, out: out)
    try makeFolder(out)
    sweep()
    let sharing = Self.sharingUIDs(files)
    let results = Mutex([Result?](repeating: nil, count: files.count))
    let done = Mutex(0)
    DispatchQueue.concurrentPerform(iterations: files.count) { index in
      let result = result(of: files, index, sameUID: sharing[index])
      results.withLock { $0[index] = result }
      progress(
        done.withLock {
          $0 += 1
          return $0
        }, files.count)
    }
    try key.save()
    let summary = summary(of: files, results.withLock { $0 })
    try write(summary.report)
    return summary
  }

  // MARK: One file

  private func result(of files: [InputFiles.File], _ index: Int, sameUID: [Int]) -> Result {
    let file = files[index]
    do throws(DeidentificationError) {
      if let problem = file.problem { throw .refused(file: file.url.path, reason: problem) }
      // Of files with one SOP Instance UID those with the same bytes are one file.
      for other in sameUID where other < index && Self.areSame(files[other].url, file.url) { return .duplicate }
      return .written(try write(file.url, copy: sameUID.firstIndex(of: index) ?? 0))
    } catch {
      return .failed(error)
    }
  }

  /// - Parameter copy: 0, or which other file of the same SOP Instance UID it is.
  private func write(_ url: URL, copy: Int) throws(DeidentificationError) -> Written {
    let source: DICOMFile
    do throws(DICOMError) { source = try DICOMFile(url) } catch { throw .dicom(error) }
    let made = try deidentifier.deidentify(source, pixels: pixels)
    var folder = out
    for part in made.path.dropLast() { folder.append(path: part) }
    try makeFolder(folder)
    var name = made.path.last ?? "none.dcm"
    var notes = made.notes + (made.pixels.finding?.reasons ?? [])
    if copy > 0 {
      name = name.dropLast(4) + "-\(copy + 1).dcm"
      notes.append("other files of the input have the same SOP Instance UID and differ")
    }
    try made.write(to: folder.appending(path: name))
    key.record(made)
    let path = (made.path.dropLast() + [name]).joined(separator: "/")
    return Written(
      path: path, actions: made.actions,
      image: DeidentificationReport.Image(
        file: path, pixelsInspected: made.pixels.finding != nil, blankedPixels: made.pixels.blankedPixels,
        findings: made.pixels.finding?.findings ?? [], notes: notes, needsReview: made.needsReview))
  }

  /// For each file those with its SOP Instance UID, itself among them, in order; none where it has no UID.
  private static func sharingUIDs(_ files: [InputFiles.File]) -> [[Int]] {
    let uids = Mutex([String?](repeating: nil, count: files.count))
    DispatchQueue.concurrentPerform(iterations: files.count) { index in
      guard files[index].problem == nil, let file = try? DICOMFile(files[index].url) else { return }
      let uid = (try? file.dataSet.string(.sopInstance)) ?? nil
      uids.withLock { $0[index] = uid }
    }
    let found = uids.withLock { $0 }
    var sharing: [String: [Int]] = [:]
    for (index, uid) in found.enumerated() { if let uid { sharing[uid, default: []].append(index) } }
    return found.map { uid in uid.flatMap { sharing[$0] } ?? [] }
  }

  private static func areSame(_ one: URL, _ other: URL) -> Bool {
    FileManager.default.contentsEqual(atPath: one.path, andPath: other.path)
  }

  // MARK: The output folder

  private func makeFolder(_ folder: URL) throws(DeidentificationError) {
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    } catch {
      throw .output(.cannotCreate(path: folder.path, reason: "the folder cannot be made"))
    }
  }

  /// Files that a killed run was still writing, and had not searched yet.
  private func sweep() {
    AtomicFile.sweep(out)
    guard let all = FileManager.default.enumerator(at: out, includingPropertiesForKeys: [.isDirectoryKey]) else {
      return
    }
    for case let url as URL in all where (try? url.resourceValues(forKeys: [.isDirectoryKey]))?.isDirectory == true {
      AtomicFile.sweep(url)
    }
  }

  private func write(_ report: DeidentificationReport) throws(DeidentificationError) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    let file = out.appending(path: "deidentification.json")
    guard let data = try? encoder.encode(report) else {
      throw .output(.writeFailed(path: file.path, reason: "the report cannot be encoded"))
    }
    do throws(OutputError) { try AtomicFile.write(Array(data) + [0x0a], to: file) } catch { throw .output(error) }
  }

  // MARK: What came of it

  private func summary(of files: [InputFiles.File], _ results: [Result?]) -> DeidentificationSummary {
    var actions = ActionCounts()
    var (written, failures, kinds): ([(String, Written)], [DeidentificationSummary.Failure], [String: Int]) = (
      [], [], [:]
    )
    var duplicates = 0
    for (file, result) in zip(files, results) {
      switch result {
      case .written(let one):
        actions.add(one.actions)
        written.append((file.name, one))
      case .duplicate: duplicates += 1
      case .failed(let error):
        failures.append(DeidentificationSummary.Failure(file: file.name, reason: error.reason))
        kinds[error.kind, default: 0] += 1
      case nil: break
      }
    }
    let images = written.map(\.1.image).sorted { $0.file < $1.file }
    let report = DeidentificationReport(
      methods: deidentifier.options.methods.map { "\($0.code) \($0.meaning)" }, options: deidentifier.options,
      files: files.count, written: written.count, duplicates: duplicates, failed: failures.count, failuresByKind: kinds,
      needReview: images.filter(\.needsReview).count, actions: actions.named, images: images,
      doubtfulPatients: key.doubtful)
    return DeidentificationSummary(
      report: report,
      outputs: written.map { name, one in
        DeidentificationSummary.Output(input: name, output: one.path, needsReview: one.image.needsReview)
      }, failures: failures)
  }
}

extension ActionCounts {
  /// In the order of the tags, with the names of the table.
  fileprivate var named: [DeidentificationReport.Action] {
    let names = Dictionary(
      ConfidentialityTable.rules.map { ($0.key.code, $0.value.name) }, uniquingKeysWith: { one, _ in one })
    return counts.sorted { $0.key < $1.key }.map { tag, counts in
      DeidentificationReport.Action(attribute: tag, name: names[tag], counts: counts)
    }
  }
}
