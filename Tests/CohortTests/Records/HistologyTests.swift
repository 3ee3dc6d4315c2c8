import Foundation
import Tables
import Testing
import Ultrasound

@testable import Cohort

struct HistologyTests {
  private func tree(_ rows: String) throws -> HistologyTree {
    try HistologyTree(Table(csv: "term,parent,label,synonyms\n" + rows, source: "tree.csv"))
  }

  private func image(_ name: String, lesion: String, _ histology: String?, _ label: Label = .malignant) -> ImageRecord {
    ImageRecord(
      id: 0, name: name, patient: "P" + lesion, lesion: lesion, label: label, histology: histology,
      file: URL(fileURLWithPath: "/x"), width: 1, height: 1)
  }

  /// S1-03: subtypes under the binary label, counted at every level.
  @Test func countsEachKindAndWhatIsAboveIt() throws {
    let images = [
      image("1", lesion: "a", "ccRCC"), image("2", lesion: "a", "ccRCC"), image("3", lesion: "b", "肾透明细胞癌"),
      image("4", lesion: "c", "papillary Renal-Cell carcinoma"), image("5", lesion: "d", "oncocytoma", .benign),
      image("6", lesion: "e", "chordoma"), image("7", lesion: "f", nil), image("8", lesion: "g", "PTC", .benign),
    ]
    let counts = HistologyCounts(of: images, in: try HistologyTree.usual())
    let rows = Dictionary(counts.rows.map { ($0.term, $0) }) { first, _ in first }
    let carcinoma = try #require(rows["renal cell carcinoma"])
    #expect(carcinoma.lesions == 3 && carcinoma.images == 4 && carcinoma.patients == 3 && carcinoma.label == .malignant)
    #expect(
      rows["clear cell renal cell carcinoma"]?.lesions == 2 && rows["clear cell renal cell carcinoma"]?.depth == 3)
    #expect(rows["renal tumour"]?.lesions == 4 && rows["renal tumour"]?.label == nil)
    #expect(rows["chromophobe renal cell carcinoma"] == nil)
    #expect(counts.unknown == ["chordoma": 1] && counts.withoutHistology == 1)
    #expect(counts.contradictions.map(\.message) == ["is benign, its histology \"PTC\" malignant"])
    #expect(counts.rows.first?.term == "renal tumour")
    #expect(counts.rows.map(\.depth).prefix(4) == [0, 1, 2, 3])
  }

  /// Every kind of the usual tree has a label but the organs' roots.
  @Test func theUsualTreeIsSound() throws {
    let tree = try HistologyTree.usual()
    for kind in tree.kinds {
      #expect((tree.label(of: kind) == nil) == (kind.parent == nil), "\(kind.term)")
      for name in kind.synonyms + [kind.term] { #expect(tree.kind(named: name) == kind) }
    }
    // The sixteen types of S2-01 are more than the liver's part needs.
    let liver = tree.kinds.filter { tree.path(to: $0).first?.term == "focal liver lesion" }
    #expect(liver.count >= 16)
  }

  @Test(arguments: [
    ("a,b,,\n", "parent \"b\" is no term"), ("a,b,,\nb,a,,\n", "is a kind of itself"),
    ("a,a,,\n", "is a kind of itself"),
    ("a,,,\nA,,,\n", "names \"a\" already, on line 2"), ("a,,,x\nb,,,x\n", "\"x\" names \"a\" already"),
    ("a,,malignant,\nb,a,benign,\n", "\"b\" is benign, the kind above it malignant"),
    ("a,,bad,\n", "expected benign, malignant"),
    (",,,\n", "expected a name"),
  ])
  func whatIsWrongIsNamed(rows: String, reason: String) throws {
    let error = #expect(throws: CohortError.self) { try tree(rows) }
    let text = error?.description ?? ""
    #expect(text.contains(reason) && text.contains("tree.csv:"), "\(text)")
  }
}
