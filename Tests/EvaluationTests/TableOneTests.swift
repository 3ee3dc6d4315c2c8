import Cohort
import Figures
import Foundation
import Tables
import Testing
import Ultrasound
import Wording

@testable import Evaluation

struct TableOneTests {
  private func image(
    _ id: Int, _ lesion: String, _ label: Label, patient: String? = nil, size: Double? = nil,
    clinical: [String: ClinicalValue] = [:]
  ) -> ImageRecord {
    ImageRecord(
      id: Int64(id), name: "\(id)", patient: patient ?? lesion, lesion: lesion, label: label, sizeMillimetres: size,
      file: URL(fileURLWithPath: "/\(id)"), width: 1, height: 1, clinical: clinical)
  }

  @Test func countsPatientsLesionsAndImages() {
    let table = TableOne([
      image(1, "A", .benign, patient: "P"), image(2, "A", .benign, patient: "P"),
      image(3, "B", .malignant, patient: "P"),
      image(4, "C", .malignant),
    ])
    #expect(table.rows.map(\.name) == ["Patients", "Lesions", "Images"])
    #expect(table.rows.map(\.benign) == ["1", "1", "2"])
    #expect(table.rows.map(\.malignant) == ["2", "2", "2"])
    #expect(table.rows.map(\.all) == ["2", "3", "4"])
    #expect(table.notes.contains("1 patient with lesions of both kinds is in both columns."))
  }

  /// Sex: benign 3 male of 4, malignant 1 of 4: Fisher's p = 34/70 (hypergeometric by hand).
  @Test func categoriesWithFewCasesUseFisher() throws {
    let sexes = ["m", "m", "m", "f", "m", "f", "f", "f"]
    let table = TableOne(
      sexes.enumerated().map {
        image($0, "L\($0)", $0 < 4 ? .benign : .malignant, clinical: ["sex": .text($1)])
      })
    let head = try #require(table.rows.first { $0.name == "sex, n (%)" })
    #expect(head.test == "Fisher exact")
    #expect(head.p == Text.pValue(34.0 / 70))
    let male = try #require(table.rows.first { $0.name == "m" })
    #expect(male.isLevel && male.benign == "3 (75.0)" && male.malignant == "1 (25.0)" && male.all == "4 (50.0)")
  }

  /// A lesion counts once however many images it has.
  @Test func unitIsTheLesion() throws {
    var images = (0..<8).map { image($0, "L\($0)", $0 < 4 ? .benign : .malignant, size: Double(10 + $0)) }
    images += (8..<20).map { image($0, "L0", .benign, size: 10) }
    let size = try #require(TableOne(images).rows.first { $0.name.description.hasPrefix("Size (mm)") })
    #expect(size.name == "Size (mm), mean ± SD")
    // 10 to 13: mean 11.5, SD √(5/3) = 1.29.
    #expect(size.benign == "11.5 ± 1.3")
    #expect(size.test == "Welch t")
  }

  @Test func skewedNumbersGetMedians() throws {
    let images = (0..<40).map { index in
      image(
        index, "L\(index)", index < 20 ? .benign : .malignant, clinical: ["afp": .number(exp(Double(index % 20) / 2))])
    }
    let row = try #require(TableOne(images).rows.first { $0.name.description.hasPrefix("afp") })
    #expect(row.name == "afp, median [IQR]" && row.test == "Mann–Whitney")
    // Equal groups: U is its mean, p with continuity correction is 1.
    #expect(row.p == "1.00")
  }

  @Test func missingIsCounted() throws {
    let images = (0..<10).map { index in
      image(
        index, "L\(index)", index < 5 ? .benign : .malignant,
        clinical: ["age": index < 2 ? .missing : .number(40 + Double(index))])
    }
    let table = TableOne(images)
    let place = try #require(table.rows.firstIndex { $0.name.description.hasPrefix("age") })
    let missing = table.rows[place + 1]
    #expect(missing.name == "missing" && missing.benign == "2" && missing.malignant == "0" && missing.all == "2")
  }

  @Test func oddColumns() throws {
    let images = (0..<50).map { index in
      image(
        index, "L\(index)", index < 25 ? .benign : .malignant,
        clinical: ["free text": .text("note \(index)"), "empty": .missing, "constant": .text("same")])
    }
    let table = TableOne(images)
    #expect(table.notes.contains("free text: left out, a text with 50 different values."))
    #expect(table.notes.contains("constant: same wherever known."))
    #expect(
      !table.rows.contains { $0.name.description.hasPrefix("empty") || $0.name.description.hasPrefix("constant") })
    #expect(TableOne([]).rows.count == 3)
  }

  @Test func csvReadsBack() throws {
    let table = TableOne(Study().images)
    let read = try Table(csv: table.reportTable(Wording()).csv, source: "table1.csv")
    #expect(read.rowCount == table.rows.count)
    #expect(try read.column("Benign") == table.rows.map(\.benign.description))
  }
}
