import Foundation
import Testing

private let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .deletingLastPathComponent()

/// Data goes one way: what each target may import of ours and of others (docs/architecture.md). Foundation and its parts are
/// open to all.
@Suite struct LayersTests {
  private static let allowed: [String: Set<String>] = [
    "Torch": ["CTorch"],
    "NN": ["Torch"],
    "Networks": ["NN", "Torch"],
    "Export": ["Networks", "NN", "Torch", "SwiftProtobuf"],
    "Tables": [],
    "Statistics": ["CBoostMath"],
    "Analyses": ["Statistics", "Tables"],
    "Ultrasound": [],
    "Wording": [],
    "Figures": ["Statistics", "Wording", "CFigures"],
    "Imaging": ["Ultrasound", "CStills", "CFFmpeg"],
    "DICOM": ["Ultrasound", "Imaging", "CDCMTK", "CStills"],
    "Cohort": ["Tables", "Ultrasound", "Imaging", "DICOM", "Annotations", "GRDB", "Crypto"],
    "Deidentification": ["Tables", "Imaging", "DICOM", "Crypto"],
    "Annotations": ["Ultrasound", "Imaging", "DICOM", "Tables"],
    "Measurement": ["Ultrasound", "Imaging", "Statistics"],
    "InSilico": ["Tables", "Ultrasound", "Imaging"],
    "Shortcuts": ["Ultrasound", "Imaging", "Cohort", "Statistics", "Tables"],
    "BurnedIn": ["Imaging", "Ultrasound", "Tables", "COCR", "Crypto"],
    "Protocols": ["Tables", "Ultrasound", "Crypto"],
    "Training": ["Networks", "NN", "Torch", "Cohort", "Imaging", "Protocols", "Statistics", "Tables", "Ultrasound"],
    "Explanation": [
      "Networks", "NN", "Torch", "Training", "Cohort", "Imaging", "Protocols", "Statistics", "Tables", "Ultrasound",
      "Wording",
    ],
    "Evaluation": ["Analyses", "Statistics", "Figures", "Wording", "Cohort", "Tables", "Ultrasound"],
    "insonate-compute": ["Networks", "NN", "Torch", "ArgumentParser"],
    "insonate": [
      "Networks", "NN", "Torch", "Tables", "Statistics", "Ultrasound", "Imaging", "DICOM", "Annotations",
      "Deidentification", "BurnedIn", "Measurement", "Cohort", "Shortcuts", "InSilico", "Protocols", "Training",
      "Explanation", "Evaluation", "Export", "Analyses", "Figures", "Wording", "ArgumentParser",
    ],
  ]
  private static let open: Set<String> = [
    "Foundation", "FoundationEssentials", "FoundationXML", "Dispatch", "Synchronization", "Glibc",
  ]

  private func imports(of file: URL) throws -> Set<String> {
    let pattern = /^(?:@testable )?(?:public |package |internal )?import (?:struct |enum |class |func )?(\w+)/
    let lines = try String(contentsOf: file, encoding: .utf8).split(whereSeparator: \.isNewline)
    return Set(lines.compactMap { $0.firstMatch(of: pattern).map { String($0.output.1) } })
  }

  private func files(below folder: URL, endings: Set<String>) -> [URL] {
    let all = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
    return (all?.compactMap { $0 as? URL } ?? []).filter { endings.contains($0.pathExtension) }
  }

  @Test func everyTargetImportsOnlyWhatItMay() throws {
    let sources = root.appending(path: "Sources")
    let targets = try FileManager.default.contentsOfDirectory(atPath: sources.path).sorted()
    var seen: Set<String> = []
    for target in targets {
      let swift = files(below: sources.appending(path: target), endings: ["swift"])
      guard !swift.isEmpty else { continue }
      let allowed = try #require(Self.allowed[target], "\(target) is not in the table")
      seen.insert(target)
      for file in swift {
        let wrong = try imports(of: file).subtracting(allowed).subtracting(Self.open)
        #expect(wrong.isEmpty, "\(target)/\(file.lastPathComponent) imports \(wrong.sorted())")
      }
    }
    #expect(seen.isSuperset(of: ["Torch", "Training", "Evaluation", "insonate"]))
  }

  /// Only CTorchEngine sees libtorch's C++; only it and the shims of Boost, DCMTK and Tesseract are C++ at all.
  @Test func cPlusPlusStaysInTheShims() throws {
    let sources = root.appending(path: "Sources")
    var count = 0
    for target in try FileManager.default.contentsOfDirectory(atPath: sources.path) {
      for file in files(below: sources.appending(path: target), endings: ["cpp", "cc", "cxx", "hpp"]) {
        count += 1
        #expect(["CTorchEngine", "CBoostMath", "CDCMTK", "COCREngine"].contains(target), "\(file.path)")
        let text = try String(contentsOf: file, encoding: .utf8)
        if target != "CTorchEngine" { #expect(!text.contains("ATen/")) }
      }
    }
    #expect(count > 0)
  }

  /// A target that includes a large library's header would soon link it, and every command would load it at its start.
  @Test func largeLibrariesAreSeenByTheirEnginesOnly() throws {
    let engines = [
      "ATen/": "CTorchEngine", "torch/": "CTorchEngine", "libavcodec/": "CFFmpegEngine",
      "libavformat/": "CFFmpegEngine",
      "librsvg/": "CFiguresEngine", "cairo": "CFiguresEngine", "tesseract/": "COCREngine",
    ]
    let sources = root.appending(path: "Sources")
    for target in try FileManager.default.contentsOfDirectory(atPath: sources.path) {
      let folder = sources.appending(path: target)
      // System libraries: a header and a module map that engines import, without code.
      guard !FileManager.default.fileExists(atPath: folder.appending(path: "module.modulemap").path) else { continue }
      for file in files(below: folder, endings: ["c", "h", "cpp"]) {
        let text = try String(contentsOf: file, encoding: .utf8)
        for (library, engine) in engines where text.contains("#include <\(library)") {
          #expect(target == engine, "\(target)/\(file.lastPathComponent) includes \(library)")
        }
      }
    }
  }

  @Test func everyTargetBeginsWithItsHeader() throws {
    for target in Self.allowed.keys.sorted() {
      let folder = root.appending(path: "Sources/\(target)")
      let swift = files(below: folder, endings: ["swift"])
      guard !swift.isEmpty else { continue }
      let headed = try swift.contains { try String(contentsOf: $0, encoding: .utf8).hasPrefix("// \(target): ") }
      #expect(headed, "no file of \(target) says what belongs there")
    }
  }

  @Test func thePackageUsesNoUnsafeFlags() throws {
    let manifest = try String(contentsOf: root.appending(path: "Package.swift"), encoding: .utf8)
    #expect(!manifest.contains("unsafeFlags"))
    #expect(!manifest.contains("branch:"))
  }
}
