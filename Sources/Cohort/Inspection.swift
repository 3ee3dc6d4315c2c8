import DICOM
import Foundation
import Imaging
import Tables
import Ultrasound

/// Reads, checks and copies the files of drafts.
struct Inspection: Sendable {
  /// Where new files are copied to.
  let staging: URL
  /// Files the cohort holds, by SHA-256; they are not copied again.
  let stored: [String: FileFacts]
  let intake: FileIntake?
  /// Of the hashes of names.
  let salt: [UInt8]

  /// What became of a draft.
  enum Outcome: Sendable {
    case image(ImageFacts, looks: [Int: PictureLook], times: [Double]?)
    /// No picture, by the kind of file it is.
    case leftOut(String)
    case problem(CohortProblem)
  }

  /// Why a draft cannot be taken.
  enum Failure: Error {
    /// Without the file's name where it is the draft's own.
    case problem(String)
    case leftOut(String)
    /// The copy could not be written: ends the import.
    case output(OutputError)

    /// A row of a table needs to be told which of its files it is.
    func naming(_ url: URL, unlessPlaceOf draft: ImageDraft) -> Failure {
      guard case .problem(let message) = self, !draft.isFound, draft.place != url.path else { return self }
      return .problem("\(url.path): \(message)")
    }
  }

  /// A file that was read, and its copy.
  struct Taken {
    var file: FileFacts
    var scan: PictureScan
  }

  /// Outcomes of drafts that share a file, which is read once. Errors: a copy that could not be written.
  func inspect(_ drafts: [ImageDraft]) throws(OutputError) -> [Outcome] {
    guard let url = drafts.first?.file else { return [] }
    let taken: Result<Taken, Failure>
    do throws(Failure) {
      let frames = Set(drafts.compactMap { draft in draft.frameIsRange ? nil : draft.frame.flatMap { Int($0) } })
      taken = .success(
        try take(
          url, isFound: drafts.contains(where: \.isFound), frames: frames, parts: Set(drafts.compactMap(\.crop))))
    } catch {
      taken = .failure(error)
    }
    var outcomes: [Outcome] = []
    for draft in drafts {
      do throws(Failure) {
        guard case .success(let taken) = taken else {
          if case .failure(let error) = taken { throw error.naming(url, unlessPlaceOf: draft) }
          continue
        }
        outcomes.append(try outcome(of: draft, taken))
      } catch {
        switch error {
        case .problem(let message): outcomes.append(.problem(CohortProblem(place: draft.place, message: message)))
        case .leftOut(let kind): outcomes.append(.leftOut(kind))
        case .output(let error): throw error
        }
      }
    }
    return outcomes
  }

  private func outcome(of draft: ImageDraft, _ taken: Taken) throws(Failure) -> Outcome {
    let scan = taken.scan
    let extent = try extent(of: draft, scan)
    let (width, height) = draft.crop.map { (Int($0.width), Int($0.height)) } ?? (scan.width, scan.height)
    if let crop = draft.crop {
      try requireInside(crop, "crop", width: scan.width, height: scan.height)
    }
    let (regions, spacing) = draft.crop.map(scan.described) ?? (scan.regions, scan.spacing)
    var (masks, pictures): ([FileFacts], [GreyImage]) = ([], [])
    for url in draft.masks {
      let (mask, picture) = try takeMask(url, width: width, height: height)
      masks.append(mask)
      pictures.append(picture.grey())
    }
    var calcificationMasks: [FileFacts] = []
    for url in draft.calcificationMasks {
      calcificationMasks.append(try takeMask(url, width: width, height: height).0)
    }
    let marked = MaskBox.boundingBox(ofMasks: pictures)
    if marked == nil, let first = draft.masks.first {
      guard draft.isNormal else { throw .problem("mask \(first.path) marks no pixel") }
      masks = []
    }
    try requireInside(draft.region, "roi", width: width, height: height)
    try requireInside(draft.backgroundRegion, "background_roi", width: width, height: height)
    let facts = ImageFacts(
      file: taken.file, masks: masks, calcificationMasks: calcificationMasks, width: width, height: height,
      region: draft.region ?? marked, extent: extent, spacing: spacing, regions: regions, crop: draft.crop,
      dicom: scan.dicom)
    let frames: [Int] =
      switch extent {
      case .still: [0]
      case .frame(let index): [index]
      case .clip(let frames): PictureScan.standing(for: frames)
      }
    let looks = draft.crop.map { scan.partLooks[$0] ?? [:] } ?? scan.looks
    return .image(facts, looks: looks.filter { frames.contains($0.key) }, times: scan.times)
  }

  /// What of its file a draft is. The `frame` cell of a still says whatever its table wants to say.
  private func extent(of draft: ImageDraft, _ scan: PictureScan) throws(Failure) -> PictureExtent {
    guard scan.isMoving else { return .still }
    guard let text = draft.frame else { return .clip(frames: scan.frames) }
    guard !draft.frameIsRange else {
      throw .problem("frames \"\(text)\": parts of a clip are not read; expected frame, or neither for the whole clip")
    }
    guard let index = Int(text), (0..<scan.frames).contains(index) else {
      throw .problem("frame \"\(text)\": expected a number from 0 to \(scan.frames - 1), or nothing for the whole clip")
    }
    return .frame(index)
  }

  private func takeMask(_ url: URL, width: Int, height: Int) throws(Failure) -> (FileFacts, Still) {
    let (mask, picture): (FileFacts, Still)
    do throws(Failure) {
      (mask, picture) = try takeMaskFile(url)
    } catch {
      guard case .problem(let message) = error else { throw error }
      throw .problem("mask \(url.path): \(message)")
    }
    guard picture.width == width, picture.height == height else {
      throw .problem("mask \(url.path) has \(picture.width) x \(picture.height) pixels, its image \(width) x \(height)")
    }
    return (mask, picture)
  }

  private func requireInside(_ region: PixelBox?, _ name: String, width: Int, height: Int) throws(Failure) {
    guard let region else { return }
    guard region.isInside(width: width, height: height) else {
      throw .problem(
        "\(name) \(region.x), \(region.y), \(region.width) x \(region.height) is not inside the image of "
          + "\(width) x \(height) pixels")
    }
  }
}

extension PixelBox {
  /// Whether the box lies in an image of that size and is not turned inside out.
  func isInside(width imageWidth: Int, height imageHeight: Int) -> Bool {
    x >= 0 && y >= 0 && width >= 0 && height >= 0 && maxX <= Double(imageWidth) && maxY <= Double(imageHeight)
  }
}
