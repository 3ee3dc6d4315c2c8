// Cohort: the catalogue of patients, lesions, exams and images (SQLite through GRDB), import into it, splits that keep a
// patient on one side, and the tables split.csv and predictions.csv. May touch Ultrasound, Imaging, DICOM and Tables; no tensors.

public import Foundation
public import Ultrasound

/// One image (a still, a clip, or a frame of one) of a cohort, with what is known of its lesion and patient.
public struct ImageRecord: Sendable, Identifiable, Codable, Hashable {
  /// Row of the catalogue. Differs between two imports of one source; use ``name`` to refer to an image.
  public var id: Int64
  /// Unique and stable: the path relative to the imported source; rows that share a file add `#` and frame or lesion.
  public var name: String
  /// The patient's key; a near-duplicate group's key where the source has no patients (``Catalogue/patientsAreKnown``).
  public var patient: String
  public var lesion: String
  /// Nil where nothing says yet what the lesion is.
  public var label: Label?
  public var modality: Modality
  public var exam: String?
  /// As the cohort table writes it.
  public var date: String?
  public var site: String?
  public var device: String?
  public var histology: String?
  /// Key of the frames that belong together, such as a B-mode frame and its Doppler frame.
  public var pair: String?
  /// The cohort table's `frame` or `frames` cell.
  public var frame: String?
  /// State of the organ around the lesion.
  public var background: Background?
  /// Greatest diameter of the lesion in millimetres.
  public var sizeMillimetres: Double?
  /// The cohort's own copy; absolute.
  public var file: URL
  /// Size in pixels of the upright decoded image, or of the part that ``crop`` leaves of it.
  public var width: Int
  public var height: Int
  /// The lesion: the table's `roi_*`, else the bounding box of the union of the masks.
  public var region: PixelBox?
  /// A reference region beside the lesion: the table's `background_roi_*`.
  public var backgroundRegion: PixelBox?
  /// The cohort's own copies; the lesion is their union.
  public var masks: [URL]
  /// The source's own division, where it has one.
  public var split: Split?
  /// Key shared by images that look alike (perceptual hash), nil where none other does. Such images stay on one side of a
  /// split whatever patient they are listed under.
  public var duplicateGroup: String?
  /// Every further column of the cohort table.
  public var clinical: [String: ClinicalValue]
  /// The cohort's own copies; the calcifications that the image shows are their union. A mask without a mark says that there are
  /// none; no mask says nothing.
  public var calcificationMasks: [URL]
  /// What of its file the image is; ``PictureReader`` reads it.
  public var extent: PictureExtent
  /// The part of the file's frames that is the image (a panel), in pixels of the file; nil for all of it. Regions and masks are in
  /// pixels of the image.
  public var crop: PixelBox?
  /// Where the scanner says it and all its pictures' parts agree.
  public var spacing: PixelSpacing?
  /// The parts that the scanner describes, in pixels of the image.
  public var regions: [CalibratedRegion]
  /// The lesion's box by frame of a clip, counted from 0, where it is known for single frames; empty for stills.
  public var frameRegions: [Int: PixelBox]

  public init(
    id: Int64, name: String, patient: String, lesion: String, label: Label?, modality: Modality = .bMode,
    exam: String? = nil, date: String? = nil, site: String? = nil, device: String? = nil, histology: String? = nil,
    pair: String? = nil, frame: String? = nil, background: Background? = nil, sizeMillimetres: Double? = nil,
    file: URL, width: Int, height: Int, region: PixelBox? = nil, backgroundRegion: PixelBox? = nil,
    masks: [URL] = [], split: Split? = nil, duplicateGroup: String? = nil, clinical: [String: ClinicalValue] = [:],
    calcificationMasks: [URL] = [], extent: PictureExtent = .still, crop: PixelBox? = nil,
    spacing: PixelSpacing? = nil, regions: [CalibratedRegion] = [], frameRegions: [Int: PixelBox] = [:]
  ) {
    (self.id, self.name, self.patient, self.lesion, self.label) = (id, name, patient, lesion, label)
    (self.modality, self.exam, self.date, self.site, self.device) = (modality, exam, date, site, device)
    (self.histology, self.pair, self.frame, self.background) = (histology, pair, frame, background)
    (self.sizeMillimetres, self.file, self.width, self.height) = (sizeMillimetres, file, width, height)
    (self.region, self.backgroundRegion, self.masks, self.split) = (region, backgroundRegion, masks, split)
    (self.duplicateGroup, self.clinical) = (duplicateGroup, clinical)
    self.calcificationMasks = calcificationMasks
    (self.extent, self.crop, self.spacing, self.regions) = (extent, crop, spacing, regions)
    self.frameRegions = frameRegions
  }

  /// The text of a column of the cohort table by its name there, nil where the cell is empty or there is no such column.
  public func text(ofColumn name: String) -> String? {
    switch name {
    case "patient": patient
    case "lesion": lesion
    case "label": label?.rawValue
    case "modality": modality.rawValue
    case "exam": exam
    case "date": date
    case "site": site
    case "device": device
    case "histology": histology
    case "pair": pair
    case "background": background?.rawValue
    case "split": split?.rawValue
    default: clinical[name]?.text
    }
  }
}

extension ClinicalValue {
  /// The value as a table writes it; nil where it is missing. Whole numbers have no decimal point.
  var text: String? {
    switch self {
    case .missing: nil
    case .text(let text): text
    case .number(let number):
      number == number.rounded() && abs(number) < 1e15 ? String(Int64(number)) : String(number)
    }
  }
}
