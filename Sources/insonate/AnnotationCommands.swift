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
  @Option(
    help: ArgumentHelp(
      "What a class name of the file means, as NAME=ROLE or NAME=ROLE:LABEL; several times for several names.",
      discussion: "Roles are lesion, background and calcification, labels benign and malignant.", valueName: "name=role"
    ))
  var map: [String] = []
  @OptionGroup var output: OutputOptions

  func validate() throws { _ = try vocabulary() }

  private func vocabulary() throws -> RegionVocabulary {
    var terms = RegionVocabulary.standard.terms
    for entry in map {
      let parts = entry.split(separator: "=", maxSplits: 1).map(String.init)
      let meaning = parts.last?.split(separator: ":").map(String.init) ?? []
      guard parts.count == 2, (1...2).contains(meaning.count), let role = RegionOfInterest.Role(rawValue: meaning[0])
      else {
        throw ValidationError("map: expected NAME=ROLE or NAME=ROLE:LABEL, found \(entry.debugDescription)")
      }
      var label: Label?
      if meaning.count == 2 {
        guard role == .lesion, let known = Label(rawValue: meaning[1]) else {
          throw ValidationError("map: expected benign or malignant, for a lesion, found \(entry.debugDescription)")
        }
        label = known
      }
      terms[parts[0].lowercased()] = RegionVocabulary.Meaning(role, label)
    }
    return RegionVocabulary(terms: terms)
  }

  private struct Summary: Encodable { let file: String, contents: AnnotationContents }

  func run() throws {
    let contents = try AnnotationFile.contents(of: URL(fileURLWithPath: file), vocabulary: try vocabulary())
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
