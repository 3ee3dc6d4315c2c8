public import DICOM
public import Imaging

/// Finds text burned into the pixels of a file. What is found is blanked by ``Deidentifier``.
public protocol PixelCleaning: Sendable {
  /// - Parameter frames: of the same file; decodes any frame.
  func inspect(_ file: DICOMFile, frames: FrameReader) throws(DeidentificationError) -> PixelFinding
}

/// What burned-in text was found.
public struct PixelFinding: Sendable, Equatable {
  /// As large as the frames; 255 is blanked in every one of them, 0 is not touched. nil, or without a 255: nothing to blank.
  public var mask: GreyImage?
  /// What was found and where, in words that tell nothing of the patient ("text at 12, 3, 90 x 14"). They go into the report.
  public var findings: [String]
  /// Whether a person must still look, and sign, before Burned In Annotation may say NO.
  public var needsReview: Bool

  /// Why a person must look.
  public var reasons: [String]

  public init(mask: GreyImage?, findings: [String], needsReview: Bool, reasons: [String] = []) {
    (self.mask, self.findings, self.needsReview, self.reasons) = (mask, findings, needsReview, reasons)
  }
}
