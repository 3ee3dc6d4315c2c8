import Imaging

/// From stored samples to what is shown, 8-bit RGB: colours as stored or by the matrix of PS3.3 C.7.6.3.1.2, palettes by
/// the upper 8 bits of their entries, grey through the modality rescale or table and the first window (C.11.2.1.2, LINEAR);
/// without a window 8-bit grey is shown as it is, anything else from its smallest value to its largest over all frames.
/// Samples of more than 8 bits keep their upper 8.
struct PixelConversion: Sendable {
  private let file: String
  private let bitsStored: Int
  private let method: Method

  private enum Method: Sendable {
    case colour
    case palette(PaletteTable)
    case grey(GreyTransform)
  }

  init(_ file: DICOMFile, _ layout: PixelLayout, frames: FrameReader) throws(DICOMError) {
    self.file = file.name
    bitsStored = layout.bitsStored
    switch layout.photometric {
    case .monochrome1, .monochrome2: method = .grey(try GreyTransform(file, layout, frames: frames))
    case .palette: method = .palette(try PaletteTable(file))
    default: method = .colour
    }
  }

  func rgb(_ frame: StoredFrame) throws(DICOMError) -> RGBImage {
    let pixels =
      switch method {
      case .grey(let transform): transform.rgb(frame)
      case .palette(let table): table.rgb(frame)
      case .colour: ColourFrame.rgb(frame, bitsStored: bitsStored)
      }
    let expected = frame.rows * frame.columns * 3
    guard pixels.count == expected else {
      throw .corrupt(file: file, detail: "a frame of \(pixels.count) bytes of colour, expected \(expected)")
    }
    return RGBImage(width: frame.columns, height: frame.rows, pixels: pixels)
  }
}
