import Annotations
import Foundation
import Imaging
import Testing
import Ultrasound

struct BadFileTests {
  private func refused(_ text: String, _ words: String..., limits: AnnotationLimits = .standard) {
    let found = problem { _ = try Fixture.contents(text, limits: limits) }
    #expect(found?.hasPrefix("marks") == true, "\(found ?? "was read"): \(text.prefix(80))")
    for word in words { #expect(found?.contains(word) == true, "\(found ?? "was read"), without \(word)") }
  }

  @Test func brokenJSONIsPlaced() {
    refused("{\"shapes\": [1,\n 2", ":2:", "never closed")
    refused("{\"shapes\": [1,\n 2 3]}", "marks:2:4:", "comma")
    refused("{\"a\": NaN}", "marks:1:7:", "NaN")
    refused("{\"a\": 1e999}", "number")
    refused("{\"a\": \"\\ud800\"}", "surrogate")
    refused("{\"a\": 1} x", "end of the file")
    refused(String(repeating: "[", count: 200_000), "64 deep")
    refused("", "empty")
    refused("hello", "neither JSON")
    refused("{\"a\": 1, \"b\": 2}", "\"a\", \"b\"")
  }

  /// Opening a pipe would wait for its writer.
  @Test func foldersAndPipes() throws {
    let pipe = FileManager.default.temporaryDirectory.appending(path: "pipe-\(UUID().uuidString)")
    try #require(mkfifo(pipe.path, 0o600) == 0)
    defer { unlink(pipe.path) }
    for place in [pipe, FileManager.default.temporaryDirectory] {
      let found = problem { _ = try AnnotationFile.contents(of: place) }
      #expect(found?.contains("expected a file, found a folder, pipe or device") == true, "\(found ?? "was read")")
    }
  }

  @Test func textAndNumbersOfJSONAreRead() throws {
    let text = Fixture.labelMe(
      #"{"label": "\u7ed3\u8282 \ud83d\ude00\n", "points": [[1e1, 1.5], [2E1, 1.5], [20, -0]], "shape_type": "polygon"}"#
    )
    let region = try #require(try Fixture.contents(text).pictures.first?.regions.first)
    #expect(region.name == "结节 😀\n" && region.role == .lesion)
    #expect(region.rings == [[PixelPoint(x: 10, y: 1.5), PixelPoint(x: 20, y: 1.5), PixelPoint(x: 20, y: 0)]])
  }

  @Test func whatReachesBeyondThePictureIsCut() throws {
    let text = Fixture.labelMe(
      """
      {"label": "mass", "points": [[-10, -10], [20, 20]], "shape_type": "rectangle"},
      {"label": "mass", "points": [[90, 70], [120, 70], [120, 90], [90, 90]], "shape_type": "polygon"}
      """)
    let picture = try #require(try Fixture.contents(text).pictures.first)
    #expect(picture.regions.first?.box == PixelBox(x: 0, y: 0, width: 20, height: 20))
    #expect(RegionRaster.boundingBox(of: picture.regions[1].shape) == PixelBox(x: 90, y: 70, width: 10, height: 10))
    #expect(picture.notes.count == 2 && picture.notes[0].contains("shapes[0]"))
    refused(
      Fixture.labelMe(#"{"label": "mass", "points": [[200, 10], [220, 20]], "shape_type": "rectangle"}"#), "shapes[0]",
      "inside the picture of 100 x 80")
  }

  @Test func shapesThatAreNone() {
    refused(Fixture.labelMe(#"{"label": "a", "points": [], "shape_type": "polygon"}"#), "shapes[0].points", "found 0")
    refused(Fixture.labelMe(#"{"label": "a", "points": [[1,1],[1,9],[1,4]]}"#), "without width")
    refused(Fixture.labelMe(#"{"label": "a", "points": [[1,1],[1e300,9],[1,4]]}"#), "coordinates")
    refused(Fixture.labelMe(#"{"label": "a", "points": [[1,1],[5,null],[1,4]]}"#), "points[1]")
    refused(Fixture.labelMe(#"{"points": [[1,1],[5,5],[1,4]]}"#), "shapes[0].label")
    refused(Fixture.labelMe("", width: "70000", height: "70000"), "70000 x 70000")
    refused(Fixture.labelMe("", width: "10.5", height: "9"), "10.5")
    refused(
      Fixture.labelMe(#"{"label": "a", "points": [[1,1],[5,5]], "shape_type": "mask", "mask": "AAAA"}"#),
      "shapes[0].mask")
    refused(Fixture.coco(#"{"image_id": 1, "category_id": 1, "segmentation": [[1, 1, 5, 5, 9]]}"#), "5 numbers")
    refused(Fixture.coco(#"{"image_id": 3, "category_id": 1, "bbox": [1, 1, 5, 5]}"#), "annotations[0].image_id", "3")
    refused(Fixture.coco(#"{"image_id": 1, "category_id": 9, "bbox": [1, 1, 5, 5]}"#), "annotations[0].category_id")
    refused(Fixture.coco(#"{"image_id": 1, "category_id": 1, "bbox": [1, 1, -5, 5]}"#), "annotations[0].bbox")
    refused(Fixture.coco(#"{"image_id": 1, "category_id": 1}"#), "annotations[0].bbox")
    refused(
      Fixture.coco("", images: #"{"id": 1, "file_name": "a.png"}, {"id": 1, "file_name": "b.png"}"#), "second time")
    refused(
      Fixture.coco(
        "", images: #"{"id": 1, "file_name": "a.png", "width": 9, "height": 9}, {"id": 2, "file_name": "a.png"}"#),
      "images[1]")
  }

  @Test func runLengthsThatDoNotFill() {
    func runs(_ counts: String, _ size: String = "[80, 100]") -> String {
      Fixture.coco(#"{"image_id": 1, "category_id": 1, "segmentation": {"size": \#(size), "counts": \#(counts)}}"#)
    }
    refused(runs("[7999]"), "annotations[0].segmentation.counts", "fill 100 x 80")
    refused(runs("[8001]"), "fill")
    refused(runs("[-1, 8001]"), "fill")
    refused(runs("[9223372036854775807, 9223372036854775807]"), "segmentation.counts")
    refused(runs("[8000]"), "a marked pixel")
    refused(runs("[1.5, 7998.5]"), "whole")
    refused(runs("\"~~~\""), "compressed")
    refused(runs("\"oooooooooooooooooooo\""), "compressed")
    refused(runs("[0, 9900]", "[99, 100]"), "the picture's size")
    var limits = AnnotationLimits.standard
    limits.maximumMaskPixels = 7999
    refused(runs("[0, 8000]"), "limit of 7999", limits: limits)
  }

  @Test func filesThatAreNone() throws {
    let folder = FileManager.default.temporaryDirectory
    #expect(
      problem { _ = try AnnotationFile.read(folder.appending(path: "nowhere.json")) }?.contains("nowhere.json") == true)
    #expect(problem { _ = try AnnotationFile.read(folder) } != nil)
  }
}

struct VocabularyTests {
  @Test func namesInBothLanguages() {
    let words: [(String, RegionOfInterest.Role?, Label?)] = [
      ("Benign", .lesion, .benign), ("malignant_tumor", .lesion, .malignant), ("恶性结节", .lesion, .malignant),
      ("结节钙化", .calcification, nil), ("liver lesion", .lesion, nil), ("Liver parenchyma", .background, nil),
      ("non-malignant mass", .lesion, nil), ("非恶性肿块", .lesion, nil), ("benign or malignant", .lesion, nil),
      ("cat", nil, nil), ("", nil, nil), ("massive", nil, nil), ("背景", .background, nil),
      ("micro calcifications", .calcification, nil),
    ]
    for (name, role, label) in words {
      let meaning = RegionVocabulary.standard.meaning(of: name)
      #expect(meaning?.role == role && meaning?.label == label, "\(name)")
    }
    let own = RegionVocabulary(terms: ["Cat": .init(.background)])
    #expect(own.meaning(of: "CAT")?.role == .background && own.meaning(of: "lesion") == nil)
  }
}
