import Annotations
import ArgumentParser
import Foundation
import Imaging
import Tables
import Ultrasound

struct AnnotationsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "annotations", abstract: "Reads what people marked in pictures with other programs.",
    subcommands: [AnnotationsReadCommand.self])
}

struct AnnotationsReadCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "read",
    abstract: "Lists what a file marks: LabelMe, COCO, CVAT, Pair, DICOM segmentation or report, told by its content.")

  @Argument(help: "The file of annotations.") var file: String
  @OptionGroup var vocabulary: VocabularyOptions
  @OptionGroup var output: OutputOptions

  private struct Summary: Encodable { let file: String, contents: AnnotationContents }

  func run() throws {
    let contents = try AnnotationFile.contents(of: URL(fileURLWithPath: file), vocabulary: try vocabulary.vocabulary())
    try output.print(Summary(file: file, contents: contents), lines: Self.lines(file, contents))
  }

  private static func lines(_ file: String, _ contents: AnnotationContents) -> [String] {
    let count = contents.pictures.reduce(0) { $0 + $1.regions.count }
    var lines = ["\(file): \(contents.kind.rawValue), \(contents.pictures.count) pictures, \(count) regions"]
    for picture in contents.pictures {
      let size = picture.width.flatMap { width in picture.height.map { ", \(width) x \($0)" } } ?? ""
      let classes = picture.classes.isEmpty ? "" : ": \(picture.classes.joined(separator: ", "))"
      lines.append("\(picture.pictureName)\(size)\(classes)")
      lines += picture.regions.map { "  " + line($0) }
      lines += picture.notes.map { "  note: \($0)" }
    }
    for measurement in contents.measurements {
      let context = measurement.context.isEmpty ? "" : " (\(measurement.context.joined(separator: " > ")))"
      lines.append("\(measurement.name): \(measurement.value)\(measurement.unit.map { " \($0)" } ?? "")\(context)")
    }
    return lines + contents.notes.map { "note: \($0)" }
  }

  private static func line(_ region: RegionOfInterest) -> String {
    var words = [region.role.rawValue]
    if let label = region.label { words.append(label.rawValue) }
    if let name = region.name { words.append(name.debugDescription) }
    if let frame = region.frame { words.append("frame \(frame)") }
    switch region.shape {
    case .box: words.append("box")
    case .polygon(let rings): words.append("polygon of \(rings.reduce(0) { $0 + $1.count }) points")
    case .mask(let mask): words.append("mask of \(mask.markedPixels) pixels")
    }
    if let box = RegionRaster.boundingBox(of: region.shape) {
      words.append(String(format: "at %.1f, %.1f, %.1f x %.1f", box.x, box.y, box.width, box.height))
    }
    return words.joined(separator: " ")
  }
}
