import ArgumentParser
import BurnedIn
import DICOM
import Foundation
import Imaging
import Measurement
import Tables
import Ultrasound

struct MeasureCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "measure", abstract: "Reads numbers out of pictures.", subcommands: [MeasureColourCommand.self])
}

struct MeasureColourCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "colour",
    abstract: "Reads an elastography or Doppler picture back as kPa, m/s or cm/s by its colour bar.",
    discussion: """
      The bar is found on the screen, or given. Its numbers come from --range, else from the DICOM file where it has them, else they are read on the screen. \
      The first number of --range belongs to the bar's lower or left end. Exit code 65 where there is no bar, or too little colour.
      """)

  @Argument(help: "A still, DICOM file or clip.") var image: String
  @Option(help: "The frame to read, counted from 0.") var frame = 0
  @Option(help: "The bar's box in pixels: x,y,width,height.") var bar: NumberList?
  @Option(
    parsing: .unconditional,
    help: "The numbers at the bar's lower or left and at its upper or right end, such as 0,180 or -12,12."
  )
  var range: NumberList?
  @Option(help: "kPa, m/s, cm/s, dB, Hz, kHz or %.") var unit: String?
  @Option(help: "The region to measure, in pixels: x,y,width,height; all of the picture where absent.") var roi:
    NumberList?
  @Option(help: "A region to compare with, as fat beside a lesion: x,y,width,height.") var referenceRoi: NumberList?
  @Option(help: "auto, opaque, chroma, or the opacity of the colours over the grey picture, such as 0.6.")
  var matching = "auto"
  @Option(help: "The least part of a region that must be coloured, 0 to 1.") var minCoverage = 0.5
  @Flag(help: "Turn the speed of shear waves into Young's modulus, E = 3 rho c² with rho = 1000 kg/m³.")
  var asKilopascals = false
  @Option(help: "Write the values as a grey PNG: black where there is none, red and blue where the bar ends.")
  var out: String?
  @OptionGroup var output: OutputOptions

  private struct Result: Encodable {
    let file: String, frame: Int, bar: ColourBar?, scale: ColourScale?, unit: String
    let coverage: Double, opacity: Double?, noise: Double, unreadableShare: Double
    let statistics: MapStatistics, reference: MapStatistics?, ratio: Double?, notes: [String]
  }

  func run() throws {
    let input = try PictureInput(image)
    let picture = try input.frame(frame)
    var (map, seen) = try read(input, picture)
    if asKilopascals {
      guard let converted = map.kilopascals() else {
        throw BadInput("as-kilopascals: expected a map in m/s, found \(map.unit.rawValue)")
      }
      map = converted
    }
    let spacing = input.regions.first { $0.spacing != nil && [.tissue, .colorFlow].contains($0.content) }?.spacing
    let region = try roi?.box("roi")
    let statistics = try MapStatistics(map, in: region, spacing: spacing, leastCoverage: minCoverage)
    let reference = try referenceRoi.map {
      try MapStatistics(map, in: $0.box("reference-roi"), spacing: spacing, leastCoverage: minCoverage)
    }
    if let out { try AtomicFile.write(PNG.encode(map.drawn()), to: URL(fileURLWithPath: out)) }
    let result = Result(
      file: image, frame: frame, bar: seen?.bar, scale: seen?.scale, unit: map.unit.rawValue, coverage: map.coverage,
      opacity: map.opacity, noise: map.noise, unreadableShare: map.unreadableShare, statistics: statistics,
      reference: reference, ratio: reference.flatMap { statistics.ratio(to: $0) }, notes: map.notes)
    try output.print(result, lines: lines(result))
  }

  /// By the numbers that the file gives its pixels, else by the bar.
  private func read(
    _ input: PictureInput, _ picture: RGBImage
  ) throws -> (ValueMap, (bar: ColourBar, scale: ColourScale)?) {
    if bar == nil, range == nil, let exact = try input.exactMap(frame: frame) { return (exact, nil) }
    let declared = try input.declaredBars()
    let finding = ColourBarFinder().find(in: picture, declared: declared.map(\.box))
    let bar = try self.bar.map { try ColourBar(in: picture, box: $0.box("bar")) } ?? finding.scale()
    let scale = try scale(declared.first { $0.box == bar.box }, picture, bar)
    var reader = ColourReadBack()
    reader.matching = try Self.matching(matching)
    // The map is found anywhere on the screen; the region of interest is cut out of it.
    let map = try reader.read(picture, bar: bar, scale: scale, leavingOut: finding.bars.map(\.box))
    return (map, (bar, scale))
  }

  private func scale(_ declared: DeclaredBar?, _ picture: RGBImage, _ bar: ColourBar) throws -> ColourScale {
    if let range {
      guard range.values.count == 2 else { throw BadInput("range: expected two numbers, found \(range.values.count)") }
      guard let text = unit, let unit = ColourUnit(text: text) else {
        let all = ColourUnit.allCases.map(\.rawValue).joined(separator: ", ")
        throw BadInput("unit: expected one of \(all), found \(unit ?? "nothing")")
      }
      return try ColourScale(from: range.values[0], to: range.values[1], unit: unit)
    }
    if let scale = declared?.scale { return scale }
    // Of the screen: what stands beside the bar.
    let reader = try ScreenTextReader()
    return try ColourScale(on: picture, of: bar, unit: unit.flatMap { ColourUnit(text: $0) }) { picture in
      ((try? reader.words(on: picture)) ?? []).map { ReadText(text: $0.text, box: $0.box) }
    }
  }

  private static func matching(_ text: String) throws -> ColourMatching? {
    switch text {
    case "auto": return nil
    case "opaque": return .opaque
    case "chroma": return .chroma
    default:
      guard let opacity = Double(text), opacity > 0, opacity <= 1 else {
        throw BadInput("matching: expected auto, opaque, chroma or an opacity above 0 and at most 1, found \(text)")
      }
      return .blended(opacity: opacity)
    }
  }

  private func lines(_ result: Result) -> [String] {
    func number(_ value: Double) -> String { String(format: "%.4g", value) }
    let (all, unit) = (result.statistics, result.unit)
    var lines: [String] = []
    if let bar = result.bar {
      lines.append(
        "bar: \(bar.kind.rawValue), \(bar.orientation.rawValue), at \(Int(bar.box.x)), \(Int(bar.box.y)), "
          + "\(Int(bar.box.width)) x \(Int(bar.box.height)) pixels")
    }
    lines += [
      "mean \(number(all.mean)) \(unit), SD \(all.standardDeviation.map(number) ?? "-"), median \(number(all.median)), "
        + "from \(number(all.minimum)) to \(number(all.maximum)), each pixel to ± \(number(all.uncertainty))",
      String(
        format: "coloured %.1f %% of the region, at the bar's ends %.1f and %.1f %% of it", 100 * all.coverage,
        100 * all.saturatedFirst, 100 * all.saturatedLast),
    ]
    if let area = all.squareMillimetres { lines.append("area \(number(area)) mm²") }
    if let ratio = result.ratio { lines.append("ratio to the reference region \(number(ratio))") }
    return lines + result.notes.map { "note: \($0)" }
  }
}

/// Numbers with commas between them.
struct NumberList: ExpressibleByArgument {
  let values: [Double]

  init?(argument: String) {
    let parts = argument.split(separator: ",", omittingEmptySubsequences: false).map { Double($0) }
    guard parts.allSatisfy({ $0?.isFinite == true }) else { return nil }
    values = parts.compactMap(\.self)
  }

  func box(_ name: String) throws -> PixelBox {
    guard values.count == 4, values[2] > 0, values[3] > 0 else {
      throw BadInput(
        "\(name): expected x,y,width,height with a width and height above 0, found \(values.count) numbers")
    }
    return PixelBox(x: values[0], y: values[1], width: values[2], height: values[3])
  }
}
