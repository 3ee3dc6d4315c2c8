import Foundation
import GRDB
import Imaging
import Tables
import Ultrasound

/// A screen as the two images that it becomes.
struct DividedScreen: Sendable {
  struct Panel: Sendable {
    var fresh: ImportRun.Fresh
    var looks: [(frame: Int, look: PictureLook)]
    var times: Data?
    var marks: [RegionOfInterest]
  }

  var image: ImageRecord
  var pair: PanelReport.Pair
  var panels: [Panel]

  /// Names of the masks made.
  var newFiles: [String] {
    panels.flatMap { ($0.fresh.facts.masks + $0.fresh.facts.calcificationMasks).map(\.name) }
  }

  /// Puts the two images in the place of the screen.
  func replace(in writer: inout CatalogueWriter) throws {
    let (database, id) = (writer.database, image.id)
    try database.execute(
      sql: """
        INSERT INTO divided_image (name, fingerprint, evidence, confidence)
          SELECT name, fingerprint, ?, ? FROM image WHERE id = ?
        """, arguments: [pair.panels.evidence.rawValue, pair.panels.confidence, id])
    let values = try Row.fetchAll(
      database, sql: "SELECT column_id, text FROM image_value WHERE image_id = ?", arguments: [id])
    let sources = try Row.fetchAll(
      database, sql: "SELECT DISTINCT file_sha256 FROM region_of_interest WHERE image_id = ?", arguments: [id])
    // Which of several files a mark came from is not told apart any more.
    let source: String? = sources.count == 1 ? sources[0][0] : nil
    for table in [
      "picture", "clip_look", "picture_region", "acquisition", "mask", "calcification_mask", "image_value",
      "region_of_interest", "likeness_member",
    ] { try database.execute(sql: "DELETE FROM \(table) WHERE image_id = ?", arguments: [id]) }
    try database.execute(sql: "DELETE FROM image WHERE id = ?", arguments: [id])
    for panel in panels {
      let new = try writer.insert(panel.fresh, panel.looks, panel.times)
      for value in values {
        try database.execute(
          sql: "INSERT INTO image_value (image_id, column_id, text) VALUES (?, ?, ?)",
          arguments: [new, value[0] as Int64, value[1] as String])
      }
      var regions = RegionWriter(database)
      for mark in panel.marks { try regions.insert(mark, of: new, file: source) }
    }
  }
}

/// Reads a screen's file once more and makes its two images, with new masks beside.
struct ScreenDivider: Sendable {
  private let staging: URL
  private let stored: [String: FileFacts]
  private let groups: Set<String>
  private let names: Set<String>
  private let regions: [String: [RegionOfInterest]]

  /// - files: those that the cohort holds, by SHA-256.
  init(_ catalogue: Catalogue, files: [String: FileFacts], staging: URL) throws(CohortError) {
    (self.staging, stored) = (staging, files)
    groups = try catalogue.patientGroups()
    names = Set(try catalogue.read { try String.fetchAll($0, sql: "SELECT name FROM image") })
    regions = try catalogue.regionsOfInterest()
  }

  /// Errors: a file that could not be written; inside, why the screen stays whole.
  func divide(
    _ image: ImageRecord, _ pair: PanelReport.Pair
  ) -> Result<Result<DividedScreen, PanelRefusal>, CohortError> {
    do {
      return .success(.success(try divided(image, pair)))
    } catch let refusal as PanelRefusal {
      return .success(.failure(refusal))
    } catch let error as OutputError {
      return .failure(.output(error))
    } catch {
      return .success(.failure(PanelRefusal("\(error)")))
    }
  }

  private func divided(_ image: ImageRecord, _ pair: PanelReport.Pair) throws -> DividedScreen {
    for name in [pair.first, pair.second] where names.contains(name) {
      throw PanelRefusal("the cohort has an image \"\(name)\" already")
    }
    let drafts = try drafts(of: image, pair)
    let inspection = Inspection(staging: staging, stored: stored, intake: nil, salt: [])
    var made: [DividedScreen.Panel] = []
    for (draft, outcome) in zip(drafts, try inspection.inspect(drafts.map(\.draft))) {
      switch outcome {
      case .image(let facts, let looks, let times):
        made.append(
          DividedScreen.Panel(
            fresh: ImportRun.Fresh(
              key: draft.draft.name, draft: draft.draft, facts: facts, fingerprint: draft.draft.fingerprint(facts)),
            looks: looks.sorted { $0.key < $1.key }.map { (frame: $0.key, look: $0.value) },
            times: times.map(FrameTimes.encode), marks: draft.marks))
      case .problem(let problem): throw PanelRefusal(problem.message)
      case .leftOut(let kind): throw PanelRefusal("its copy is \(kind)")
      }
    }
    return DividedScreen(image: image, pair: pair, panels: made)
  }

  private func drafts(
    of image: ImageRecord, _ pair: PanelReport.Pair
  ) throws -> [(draft: ImageDraft, marks: [RegionOfInterest])] {
    let panels = pair.panels
    let division = MarkDivision(panels: panels)
    let whole = try image.masks.map(grey)
    let masks = try division.divide(whole, mayBeBlack: false)
    let calcifications = try division.divide(image.calcificationMasks.map(grey), mayBeBlack: true)
    let marks = try division.divide(regions[image.name] ?? [])
    let boxes = try lesionBoxes(of: image, masks: whole, division, marks)
    let backgrounds = try division.divide(image.backgroundRegion, named: "background")
    return try zip(
      MarkDivision.Side.allCases,
      [(panels.first, panels.firstContent, pair.first), (panels.second, panels.secondContent, pair.second)]
    ).map { side, panel in
      let (crop, content, name) = panel
      var draft = ImageDraft(place: name, name: name, file: image.file, lesion: image.lesion)
      draft.patient = groups.contains(image.patient) ? nil : image.patient
      (draft.label, draft.modality) = (image.label, Modality(rawValue: content.rawValue) ?? image.modality)
      (draft.exam, draft.date, draft.site, draft.device) = (image.exam, image.date, image.site, image.device)
      (draft.histology, draft.pair, draft.frame) = (image.histology, image.name, image.frame)
      (draft.background, draft.sizeMillimetres) = (image.background, image.sizeMillimetres)
      (draft.region, draft.backgroundRegion, draft.split) = (boxes[side], backgrounds[side], image.split)
      draft.clinical = image.clinical.compactMap { column, value in value.text.map { (column, $0) } }
      draft.masks = try (masks[side] ?? []).map(staged)
      draft.calcificationMasks = try (calcifications[side] ?? []).map(staged)
      draft.crop = crop
      return (draft, marks[side] ?? [])
    }
  }

  /// Boxes that stand in the catalogue; none where the panel's masks, or its marks, say it themselves.
  private func lesionBoxes(
    of image: ImageRecord, masks: [GreyImage], _ division: MarkDivision,
    _ marks: [MarkDivision.Side: [RegionOfInterest]]
  ) throws -> [MarkDivision.Side: PixelBox] {
    let drawn = marks.mapValues { regions in
      let boxes = regions.filter { $0.role == .lesion && $0.frame == nil }
        .compactMap { RegionRaster.boundingBox(of: $0.shape) }
      return boxes.dropFirst().reduce(boxes.first) { $0?.union($1) }
    }.compactMapValues(\.self)
    guard let region = image.region else { return [:] }
    if !masks.isEmpty, MaskBox.boundingBox(ofMasks: masks) == region { return [:] }
    // Around what is drawn in both panels lies a box that is of neither.
    if drawn.count == 2 { return drawn }
    return try division.divide(region, named: "lesion")
  }

  private func grey(_ mask: URL) throws -> GreyImage { try Stills.decode(mask).grey() }

  /// A mask as a file that inspection reads like any other.
  private func staged(_ mask: GreyImage) throws -> URL {
    let bytes = try PNG.encode(mask)
    let file = staging.appendingPathComponent("\(FieldHash.hexadecimal(of: bytes)).png", isDirectory: false)
    try AtomicFile.write(bytes, to: file, flush: false)
    return file
  }
}
