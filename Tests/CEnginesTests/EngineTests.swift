import CEngines
import Foundation
import Testing

/// Engines that were built beside the tests, found when they are asked for.
@Suite struct EngineTests {
  private struct Engine {
    let holds: String
    let name: String
    let symbol: String
    /// As Table.h of CFFmpeg, of CFigures and of COCR says.
    var version: Int32 = 1

    static let ffmpeg = Engine(holds: "FFmpeg", name: "CFFmpegEngine", symbol: "cff_engine_api", version: 3)
    static let tesseract = Engine(holds: "Tesseract", name: "COCREngine", symbol: "cocr_engine_api")
    static let librsvg = Engine(holds: "librsvg", name: "CFiguresEngine", symbol: "cfg_engine_api")

    /// - Returns: the version in the engine's table, where it loaded, and else the message.
    func load(from folder: String? = nil) -> (version: Int32?, message: String) {
      var message = [CChar](repeating: 0, count: 400)
      let table = holds.withCString { holds in
        name.withCString { name in
          symbol.withCString { symbol in
            var engine = ce_engine(holds: holds, name: name, symbol: symbol, linked: nil, version: version)
            return ce_load(&engine, folder, &message, message.count)
          }
        }
      }
      let text = String(decoding: message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
      return (table?.load(as: Int32.self), text)
    }
  }

  @Test func anEngineIsFoundBesideTheProgramFromAnyThread() async {
    await withTaskGroup(of: Int32?.self) { group in
      for _ in 0..<8 { group.addTask { Engine.ffmpeg.load().version } }
      for await version in group { #expect(version == Engine.ffmpeg.version) }
    }
    #expect(Engine.librsvg.load().version == Engine.librsvg.version)
    #expect(Engine.tesseract.load().version == Engine.tesseract.version)
  }

  @Test func anEngineThatIsNotThereIsNamedWithItsPlace() {
    let found = Engine.ffmpeg.load(from: "/nowhere")
    #expect(found.version == nil)
    #expect(found.message.hasPrefix("FFmpeg could not be loaded (/nowhere/libCFFmpegEngine.so: "))
  }

  @Test func anEngineOfAnotherVersionIsRefused() {
    var later = Engine.librsvg
    later.version += 1
    let found = later.load()
    #expect(found.version == nil)
    #expect(
      found.message
        == "libCFiguresEngine.so has interface version \(later.version - 1), expected \(later.version): rebuild it")
  }

  @Test func aLibraryWithoutTheTableIsNoEngine() {
    let found = Engine(holds: "FFmpeg", name: "CFiguresEngine", symbol: "cff_engine_api", version: 3).load()
    #expect(found.version == nil)
    #expect(found.message.hasSuffix("/libCFiguresEngine.so is not Insonate's engine over FFmpeg"))
  }

  /// What the dynamic loader brings in before the first line of a program that imports every layer, this one.
  @Test func aProgramStartsWithoutTheEnginesLibraries() throws {
    let program = Process()
    program.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    program.environment = ["LD_TRACE_LOADED_OBJECTS": "1"]
    let output = Pipe()
    program.standardOutput = output
    try program.run()
    let listed = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    program.waitUntilExit()
    #expect(listed.contains("libpng"))
    for library in ["libtorch", "libavcodec", "libavformat", "librsvg", "libcairo", "libgomp", "libtesseract"] {
      #expect(!listed.contains(library), "\(library) is loaded at the start")
    }
  }
}
