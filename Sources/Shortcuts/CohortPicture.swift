import Cohort
import Imaging
import Ultrasound

extension ImageRecord {
  /// The picture that is audited: of a clip its middle frame.
  func picture() throws(ImagingError) -> RGBImage {
    do {
      return try PictureReader().frame(extent.frames / 2, of: self)
    } catch {
      throw .unreadable(file: name, reason: "\(error)")
    }
  }
}
