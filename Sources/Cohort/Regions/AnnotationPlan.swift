import Annotations
import Foundation
import Imaging
import Ultrasound

/// What files of annotations would change in a cohort; each file is taken whole or not at all.
struct AnnotationPlan {
  struct Mark {
    var image: ImageRecord
    var region: RegionOfInterest
    var sha256: String
  }

  struct File {
    var name: String
    var sha256: String
    var kind: AnnotationKind
    /// Where it lies, below the folder given and by its last name.
    var folders: [String] = []
    /// What is said of pictures that it marks and the cohort has not.
    var absent: [String] = []
  }

  private(set) var files: [File] = []
  private(set) var marks: [Mark] = []
  /// By lesion, where the cohort has none.
  private(set) var labels: [String: Label] = [:]
  private(set) var repeated = 0
  private let allowsAbsent: Bool
  private let vocabulary: RegionVocabulary
  private let index: ImageIndex
  private let known: [String: Label]
  /// By image.
  private var there: [String: Set<RegionOfInterest>]

  init(_ catalogue: Catalogue, vocabulary: RegionVocabulary, allowsAbsent: Bool) throws(CohortError) {
    let images = try catalogue.images()
    (self.vocabulary, self.allowsAbsent) = (vocabulary, allowsAbsent)
    index = ImageIndex(images, instances: try catalogue.instances())
    known = Dictionary(images.compactMap { image in image.label.map { (image.lesion, $0) } }) { one, _ in one }
    there = try catalogue.regionsOfInterest().mapValues { Set($0) }
  }

  /// - Returns: notes on the file, and what is said of pictures that the cohort has not, where that is allowed.
  mutating func add(
    _ contents: AnnotationContents, of file: File
  ) throws(AnnotationRefusal) -> (notes: [String], absent: [String]) {
    var file = file
    var notes = contents.notes
    var (placed, said): ([Mark], [String: Label]) = ([], [:])
    for picture in contents.pictures {
      let labels = picture.classes.compactMap { vocabulary.meaning(of: $0)?.label }
      // A list of pictures may be longer than what was marked, and than what was imported.
      guard !picture.regions.isEmpty || !labels.isEmpty else { continue }
      let (images, frame): ImageIndex.Match
      do throws(AnnotationRefusal) {
        // LabelMe's paths are relative to the file; others' to a folder of pictures somewhere.
        (images, frame) = try index.match(picture, besides: contents.kind == .labelMe ? file.folders : [])
      } catch {
        guard allowsAbsent, error.isAbsence else { throw error }
        file.absent.append(error.reason)
        continue
      }
      var picture = picture
      for place in picture.regions.indices where picture.regions[place].frame == nil {
        picture.regions[place].frame = frame
      }
      let placement = RegionPlacement(images: images, picture: picture, fileSize: Self.fileSize)
      let (regions, cut) = try placement.placed()
      notes += cut + picture.notes.map { "\(picture.pictureName): \($0)" }
      for one in regions {
        guard RegionRaster.boundingBox(of: one.region.shape) != nil else {
          throw AnnotationRefusal("a region of \"\(picture.pictureName)\" marks nothing")
        }
        if let label = one.region.label { try say(label, of: one.image, &said) }
        placed.append(Mark(image: one.image, region: one.region, sha256: file.sha256))
      }
      for label in labels { for image in images { try say(label, of: image, &said) } }
    }
    if !contents.measurements.isEmpty {
      notes.append("\(contents.measurements.count) measurements, which a cohort does not keep")
    }
    if placed.isEmpty, said.isEmpty, let reason = file.absent.first { throw AnnotationRefusal(reason, isAbsence: true) }
    files.append(file)
    labels.merge(said) { one, _ in one }
    for mark in placed {
      if there[mark.image.name, default: []].insert(mark.region).inserted { marks.append(mark) } else { repeated += 1 }
    }
    return (notes, file.absent)
  }

  private func say(_ label: Label, of image: ImageRecord, _ said: inout [String: Label]) throws(AnnotationRefusal) {
    if let known = known[image.lesion], known != label {
      throw AnnotationRefusal(
        "image \"\(image.name)\" is called \(label.rawValue) there; its lesion is \(known.rawValue) in the cohort")
    }
    if let other = said[image.lesion] ?? labels[image.lesion], other != label {
      throw AnnotationRefusal("the lesion of image \"\(image.name)\" is called benign and malignant")
    }
    if known[image.lesion] == nil { said[image.lesion] = label }
  }

  private static func fileSize(_ image: ImageRecord) throws(AnnotationRefusal) -> (width: Int, height: Int) {
    do {
      let frame = try OpenPicture(image.file).frame(image.extent.frameIndex ?? 0)
      return (frame.width, frame.height)
    } catch {
      throw AnnotationRefusal("image \"\(image.name)\" cannot be read: \(error)")
    }
  }
}
