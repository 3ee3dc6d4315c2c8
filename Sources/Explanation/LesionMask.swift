import Cohort
import Imaging
import Ultrasound

/// Where the lesion lies in what the network saw.
enum LesionMask {
  /// Above this a mask's pixel is lesion, as for its box at import.
  private static let threshold: UInt8 = 127

  /// A flag a pixel of the size x size picture of `box`: the masks where there are any, else the lesion's region (of a
  /// clip in its middle frame, which is the one that is shown). nil
  /// where neither is known, or nothing of the lesion lies in the box.
  static func flags(of record: ImageRecord, in box: PixelBox, size: Int) throws(ImagingError) -> [Bool]? {
    var flags = [Bool](repeating: false, count: size * size)
    if !record.masks.isEmpty {
      for file in record.masks {
        let mask = try Stills.decode(file).grey().cropped(box).resizedNearest(width: size, height: size)
        for (place, value) in mask.pixels.enumerated() where value > threshold { flags[place] = true }
      }
    } else if let region = record.lesionRegion(inFrame: record.extent.frames / 2), box.width > 0, box.height > 0 {
      for row in 0..<size {
        let y = box.y + (Double(row) + 0.5) / Double(size) * box.height
        for column in 0..<size where y >= region.y && y < region.maxY {
          let x = box.x + (Double(column) + 0.5) / Double(size) * box.width
          flags[row * size + column] = x >= region.x && x < region.maxX
        }
      }
    }
    return flags.contains(true) ? flags : nil
  }
}
