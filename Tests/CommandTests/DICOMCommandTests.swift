import Foundation
import Testing

/// `insonate dicom`: what is printed, written and refused.
@Suite struct DICOMCommandTests {
  /// A cine of two grey frames of 2 x 3 pixels, explicit little endian; `columns` may lie.
  private func cine(columns: UInt8 = 3) -> Data {
    func element(_ group: UInt16, _ element: UInt16, _ vr: String, _ value: [UInt8]) -> [UInt8] {
      let tag = [group, element].flatMap { [UInt8($0 & 0xff), UInt8($0 >> 8)] }
      return tag + Array(vr.utf8) + (vr == "OB" ? [0, 0, UInt8(value.count), 0, 0, 0] : [UInt8(value.count), 0]) + value
    }
    let elements: [[UInt8]] = [
      element(0x0002, 0x0010, "UI", Array("1.2.840.10008.1.2.1\0".utf8)),
      element(0x0008, 0x0060, "CS", Array("US".utf8)),
      element(0x0010, 0x0010, "PN", Array("Secret^Nam".utf8)),
      element(0x0018, 0x1063, "DS", Array("40".utf8)),
      element(0x0028, 0x0002, "US", [1, 0]), element(0x0028, 0x0004, "CS", Array("MONOCHROME2 ".utf8)),
      element(0x0028, 0x0008, "IS", Array("2 ".utf8)), element(0x0028, 0x0010, "US", [2, 0]),
      element(0x0028, 0x0011, "US", [columns, 0]), element(0x0028, 0x0100, "US", [8, 0]),
      element(0x0028, 0x0101, "US", [8, 0]), element(0x0028, 0x0102, "US", [7, 0]),
      element(0x0028, 0x0103, "US", [0, 0]), element(0x7fe0, 0x0010, "OB", Array(0..<12)),
    ]
    return Data([UInt8](repeating: 0, count: 128) + Array("DICM".utf8) + elements.flatMap(\.self))
  }

  private func place(_ data: Data, in sandbox: Sandbox, as name: String) throws -> String {
    try data.write(to: URL(fileURLWithPath: sandbox(name)))
    return sandbox(name)
  }

  @Test func infoTellsOfThePictureAndNotOfThePatient() throws {
    let sandbox = try Sandbox()
    let file = try place(cine(), in: sandbox, as: "cine.dcm")
    let json = try insonate("dicom", "info", file, "--json")
    #expect(json.code == 0)
    let summary = try #require(try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
    #expect(summary["rows"] as? Int == 2 && summary["columns"] as? Int == 3 && summary["frames"] as? Int == 2)
    #expect(summary["patientNamePresent"] as? Bool == true)
    let times = try #require(summary["frameTimes"] as? [String: Any])
    #expect(times["milliseconds"] as? [Double] == [0, 40])
    let text = try insonate("dicom", "info", file)
    #expect(text.output.contains("MONOCHROME2") && text.output.contains("present"))
    #expect(!text.output.contains("Secret") && !json.output.contains("Secret"))
  }

  @Test func framesAreNamedInTheirOrder() throws {
    let sandbox = try Sandbox()
    let file = try place(cine(), in: sandbox, as: "cine.dcm")
    #expect(try insonate("dicom", "frames", file, "--out", sandbox("frames")).code == 0)
    let names = try FileManager.default.contentsOfDirectory(atPath: sandbox("frames")).sorted()
    #expect(names == ["frame-0001.png", "frame-0002.png"])
    // A folder that holds something is left alone.
    #expect(try insonate("dicom", "frames", file, "--out", sandbox("frames")).code == 73)
    let short = try place(cine(columns: 9), in: sandbox, as: "short.dcm")
    let refused = try insonate("dicom", "frames", short, "--out", sandbox("none"))
    #expect(refused.code == 65 && refused.errors.contains("short.dcm"))
    #expect(!FileManager.default.fileExists(atPath: sandbox("none")))
  }

  @Test func validateNamesTheFileThatIsWrong() throws {
    let sandbox = try Sandbox()
    let sound = try place(cine(), in: sandbox, as: "sound.dcm")
    let short = try place(cine(columns: 9), in: sandbox, as: "short.dcm")
    #expect(try insonate("dicom", "validate", sound).code == 0)
    let both = try insonate("dicom", "validate", sound, short)
    #expect(both.code == 65 && both.output.contains("sound.dcm: sound") && both.output.contains("short.dcm: 1 problem"))
  }
}
