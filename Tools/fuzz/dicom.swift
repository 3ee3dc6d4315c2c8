// libFuzzer over the DICOM reader: any bytes give a picture or an error that names the file.
import DICOM
import Imaging

private let limits = DICOMLimits(
  maximumFrameBytes: 4 << 20, maximumValueBytes: 1 << 20, maximumInflatedBytes: 1 << 20, maximumElements: 20_000,
  maximumDepth: 64)

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let bytes = Array(UnsafeBufferPointer(start: start, count: count))
  do throws(DICOMError) {
    let file = try DICOMFile(name: "fuzz.dcm", bytes: bytes, limits: limits)
    _ = try? FileSummary(file)
    _ = try? file.ultrasoundRegions()
    let reader = try FrameReader(file)
    for index in 0..<min(reader.frameCount, 4) {
      let image = try reader.rgb(index)
      precondition(image.width == reader.layout.columns && image.height == reader.layout.rows)
    }
  } catch {
    precondition(error.file == "fuzz.dcm")
  }
  return 0
}
