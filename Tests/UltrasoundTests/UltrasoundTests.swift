import Foundation
import Testing
import Ultrasound

struct UltrasoundTests {
  @Test func malignantIsThePositiveClass() {
    #expect(Label.malignant.value == 1 && Label.benign.value == 0)
    #expect(Label(value: 1) == .malignant && Label(value: 0) == .benign && Label(value: 2) == nil)
  }

  @Test func namesAreThoseOfTheCohortTable() {
    #expect(
      Modality.allCases.map(\.rawValue) == ["b-mode", "color-doppler", "power-doppler", "smi", "swe", "ceus"])
    #expect(Split.allCases.map(\.rawValue) == ["train", "validation", "internal-test", "external-test"])
    #expect(Background.allCases.map(\.rawValue) == ["normal", "steatosis", "fibrosis"])
  }

  @Test(arguments: ["", "  ", "NA", "n/a", "NaN", "null", " na "]) func missingCells(cell: String) {
    #expect(ClinicalValue(cell: cell) == .missing)
  }

  @Test func numbersAndText() {
    #expect(ClinicalValue(cell: " 4.5 ") == .number(4.5))
    #expect(ClinicalValue(cell: "-1e3") == .number(-1000))
    #expect(ClinicalValue(cell: "inf") == .text("inf"))
    // A level such as that of hepatitis (S2-16), not a gap.
    #expect(ClinicalValue(cell: "none") == .text("none"))
    #expect(ClinicalValue(cell: " left breast ") == .text("left breast"))
  }

  @Test func clinicalValuesSurviveJSON() throws {
    let values: [ClinicalValue] = [.number(0.1), .text("x"), .missing]
    let again = try JSONDecoder().decode([ClinicalValue].self, from: JSONEncoder().encode(values))
    #expect(again == values)
  }

  @Test func expansionIsCutAtTheEdge() {
    let box = PixelBox(x: 10, y: 20, width: 50, height: 40)
    #expect(box.expanded(by: 0.2, inWidth: 200, height: 100) == PixelBox(x: 0, y: 12, width: 70, height: 56))
    #expect(box.expanded(by: 1, inWidth: 100, height: 50) == PixelBox(x: 0, y: 0, width: 100, height: 50))
    #expect(box.expanded(by: 0, inWidth: 200, height: 100) == box)
  }
}
