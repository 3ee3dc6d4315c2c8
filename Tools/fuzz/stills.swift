// libFuzzer over the readers of stills (PNG, JPEG, BMP, TIFF): any bytes give a picture or an error that names the file.
import Imaging

private let limits = DecodeLimits(maximumPixels: 1 << 18, maximumFileBytes: 1 << 20)

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let bytes = Array(UnsafeBufferPointer(start: start, count: count))
  do throws(ImagingError) {
    let image = try Stills.decode(data: bytes, name: "fuzz.png", limits: limits).rgb()
    precondition(image.width > 0 && image.height > 0)
  } catch {
    precondition("\(error)".contains("fuzz.png"))
  }
  return 0
}
