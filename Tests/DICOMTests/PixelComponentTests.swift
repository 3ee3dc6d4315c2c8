import DICOM
import Foundation
import Testing

@Suite struct PixelComponentTests {
  private func components(_ fill: @escaping (inout DICOMWriter) -> Void) throws -> [PixelComponent?] {
    var writer = DICOMWriter()
    writer.sequence(
      .ultrasoundRegions,
      [
        { writer in
          for tag in [Tag.regionMinX0, .regionMinY0, .regionMaxX1, .regionMaxY1] { writer.number(tag, "UL", 0) }
          fill(&writer)
        }
      ])
    writer.image(rows: 1, columns: 2, photometric: "RGB", samples: 3)
    writer.raw(.pixels, "OB", [255, 0, 0, 0, 0, 255])
    return try writer.file().opened().pixelComponents()
  }

  @Test func aTableMapsColours() throws {
    let found = try components { writer in
      writer.number(.pixelComponentOrganization, "US", 2)
      writer.number(.pixelComponentUnits, "US", 7)
      writer.number(.pixelComponentDataType, "US", 2)
      writer.number(.tableOfPixelValues, "UL", 0xff0000, 0x0000ff)
      writer.raw(.tableOfParameterValues, "FL", [0, 0, 0x40, 0x41, 0, 0, 0x40, 0xc1])
    }
    let component = try #require(found.first ?? nil)
    #expect(component.unit == 7 && component.dataType == 2)
    #expect(component.value(0xff0000) == 12 && component.value(0x0000ff) == -12 && component.value(1) == nil)
  }

  @Test func curvesMapBitsAndRanges() throws {
    func curve(_ writer: inout DICOMWriter) {
      writer.number(.tableOfXBreakPoints, "UL", 0, 10, 15)
      writer.raw(
        .tableOfYBreakPoints, "FD", writer.double(0) + writer.double(5) + writer.double(50))
    }
    let bits = try components { writer in
      writer.number(.pixelComponentOrganization, "US", 0)
      writer.number(.pixelComponentMask, "UL", 0xf0)
      curve(&writer)
    }
    let masked = try #require(bits.first ?? nil)
    #expect(masked.value(0x53) == 2.5 && masked.value(0xff) == 50 && masked.value(0x1c0) == 23)
    let range = try components { writer in
      writer.number(.pixelComponentOrganization, "US", 1)
      writer.number(.pixelComponentRangeStart, "UL", 4)
      writer.number(.pixelComponentRangeStop, "UL", 12)
      curve(&writer)
    }
    let ranged = try #require(range.first ?? nil)
    #expect(ranged.value(3) == nil && ranged.value(4) == 2 && ranged.value(12) == 23 && ranged.value(13) == nil)
  }

  @Test func regionsWithoutNumbersHaveNone() throws {
    let silent = try components { _ in }
    #expect(silent.first == .some(nil))
    let codes = try components { $0.number(.pixelComponentOrganization, "US", 3) }
    #expect(codes.first == .some(nil))
  }

  @Test func tablesThatDoNotMatchAreErrors() throws {
    #expect(throws: DICOMError.self) {
      try components { writer in
        writer.number(.pixelComponentOrganization, "US", 2)
        writer.number(.tableOfPixelValues, "UL", 1, 2, 3)
        writer.raw(.tableOfParameterValues, "FL", [0, 0, 0, 0])
      }
    }
    #expect(throws: DICOMError.self) {
      try components { writer in writer.number(.pixelComponentOrganization, "US", 0) }
    }
    #expect(throws: DICOMError.self) {
      try components { writer in
        writer.number(.pixelComponentOrganization, "US", 1)
        writer.number(.pixelComponentRangeStart, "UL", 4)
        writer.number(.pixelComponentRangeStop, "UL", 12)
      }
    }
  }

  @Test func storedColoursAreOneNumber() throws {
    var writer = DICOMWriter()
    writer.image(rows: 1, columns: 2, photometric: "RGB", samples: 3)
    writer.raw(.pixels, "OB", [1, 2, 3, 255, 0, 16])
    let frame = try FrameReader(writer.file().opened()).storedFrame(0)
    #expect(frame.componentValues() == [0x010203, 0xff0010])
  }
}
