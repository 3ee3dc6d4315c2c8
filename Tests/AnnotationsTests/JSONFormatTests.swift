import Annotations
import Foundation
import Imaging
import Testing
import Ultrasound

struct LabelMeTests {
  @Test func shapesOfEachKind() throws {
    let contents = try Fixture.contents(
      Fixture.labelMe(
        """
        {"label": "benign", "points": [[10, 10], [20, 10], [20, 30.5]], "shape_type": "polygon"},
        {"label": "mass", "points": [[30, 40], [10, 20]], "shape_type": "rectangle", "flags": {"malignant": true}},
        {"label": "liver", "points": [[50, 40], [60, 40]], "shape_type": "circle"},
        {"label": "nerve", "points": [[1, 1], [5, 5]], "shape_type": "linestrip"},
        {"label": "钙化", "points": [[1, 1], [5, 1], [5, 5]]}
        """))
    #expect(contents.kind == .labelMe)
    let picture = try #require(contents.pictures.first)
    #expect(picture.pictureName == "a/b.png" && picture.width == 100 && picture.height == 80)
    let regions = picture.regions
    try #require(regions.count == 4)
    #expect(regions[0].role == .lesion && regions[0].label == .benign && regions[0].name == "benign")
    #expect(regions[0].rings == [[PixelPoint(x: 10, y: 10), PixelPoint(x: 20, y: 10), PixelPoint(x: 20, y: 30.5)]])
    #expect(regions[1].box == PixelBox(x: 10, y: 20, width: 20, height: 20) && regions[1].label == .malignant)
    #expect(regions[2].role == .background && regions[2].label == nil)
    let area = try #require(RegionRaster.area(of: regions[2].shape, width: 100, height: 80))
    #expect(abs(Double(area) - 100 * .pi) < 4)
    #expect(isNear(RegionRaster.boundingBox(of: regions[2].shape), PixelBox(x: 40, y: 30, width: 20, height: 20), 0.1))
    #expect(regions[3].role == .calcification)
    #expect(picture.notes == [#"shapes[3]: a linestrip called "nerve" encloses nothing and was left out"#])
  }

  @Test func maskIsThatOfLabelMe() throws {
    let picture = try #require(try Fixture.file("labelme-mask.json").pictures.first)
    #expect(picture.pictureName == "a.png" && picture.classes == ["clear"])
    #expect(picture.regions.count == 1 && picture.regions.first?.label == .malignant)
    #expect(picture.regions.first?.rows == (try Fixture.expected())["labelme-mask"])
  }

  @Test func namesCannotLeadOutOfAFolder() throws {
    for (path, name) in [
      ("../../etc/passwd", "passwd"), ("/home/a/b.png", "b.png"), (#"C:\\\\data\\\\b.png"#, "b.png"),
      ("./x/./b.png", "x/b.png"),
      ("x/../b.png", "b.png"),
    ] {
      let text = #"{"shapes": [], "imagePath": "\#(path)", "imageWidth": 9, "imageHeight": 9}"#
      #expect(try Fixture.contents(text).pictures.first?.pictureName == name)
    }
    #expect(problem { _ = try Fixture.contents(#"{"shapes": [], "imagePath": ".."}"#) }?.contains("imagePath") == true)
  }
}

struct COCOTests {
  @Test func runLengthsAreThoseOfTheReferenceImplementation() throws {
    let (contents, expected) = (try Fixture.file("coco-rle.json"), try Fixture.expected())
    #expect(contents.kind == .coco && contents.pictures.count == 5)
    for picture in contents.pictures {
      #expect(picture.regions.count == 2)
      for region in picture.regions { #expect(region.rows == expected[picture.pictureName], "\(picture.pictureName)") }
      #expect(picture.notes.contains { $0.contains("marks a crowd") })
    }
  }

  @Test func polygonsBoxesAndIdsOfAnyKind() throws {
    let contents = try Fixture.contents(
      Fixture.coco(
        """
        {"id": 1.0, "image_id": 1.0, "category_id": 2, "segmentation": [[1, 1, 11, 1, 11, 11, 1, 11], [20, 20, 30, 20, 30, 30]],
         "iscrowd": 0, "region_cancer": 1},
        {"id": 2, "image_id": 7, "category_id": 1.0, "segmentation": [], "bbox": [5, 6, 7, 8], "attributes": {"type": "benign"}},
        {"id": 3, "image_id": "x", "category_id": 1, "segmentation": [[0, 0, 10, 0, 10, 10, 0, 10], [5, 5, 15, 5, 15, 15, 5, 15]]}
        """,
        images: """
          {"id": 1, "file_name": "a.png", "width": 100, "height": 80}, {"id": 7.0, "file_name": "a.png", "width": 100, "height": 80},
          {"id": "x", "file_name": "b.png", "width": 20, "height": 20}
          """))
    try #require(contents.pictures.count == 2)
    let (one, other) = (contents.pictures[0], contents.pictures[1])
    try #require(one.regions.count == 2 && other.regions.count == 1)
    #expect(one.regions[0].rings?.count == 2 && one.regions[0].label == .malignant)
    #expect(one.regions[1].box == PixelBox(x: 5, y: 6, width: 7, height: 8) && one.regions[1].label == .benign)
    #expect(one.notes.contains { $0.contains("listed twice") })
    // Joined, not taken in turns.
    #expect(RegionRaster.area(of: other.regions[0].shape, width: 20, height: 20) == 175)
    #expect(contents.notes == ["fields of annotations that were not read: region_cancer"])
  }

  @Test func theSampleOfTheDopplerDataReads() throws {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "shared/data/breast-doppler/sample_data/sample_data.json")
    guard FileManager.default.fileExists(atPath: file.path) else { return }
    let pictures = try AnnotationFile.read(file)
    #expect(pictures.count == 5 && pictures.allSatisfy { $0.regions.count == 1 })
    #expect(pictures.allSatisfy { $0.regions[0].name == "lesion" && $0.regions[0].role == .lesion })
    let third = try #require(pictures.first { $0.pictureName == "sample_data/image_3.png" })
    #expect(RegionRaster.boundingBox(of: third.regions[0].shape) == PixelBox(x: 101, y: 91, width: 274, height: 150))
  }
}

struct PairTests {
  private let text = """
    {"FileInfo": {"Name": "case 7.avi", "Width": 640, "Height": 480, "Depth": 120, "Version": "v2.6.0"}, "FileName": "case 7_avi",
     "Models": {"ColorLabelTableModel": [{"ID": 1, "Desc": "恶性结节", "Color": [1, 2, 3, 255]}, {"ID": 2, "Desc": "background"}],
       "BoundingBoxLabelModel": [
         {"Label": 1, "p1": [200.5, 150.0, 0.0], "p2": [100.0, 90.0, 0.0], "FrameCount": 0, "SliceType": 3},
         {"Label": 1, "p1": [100, 90, 0], "p2": [202, 151, 0], "FrameCount": 57, "SliceType": 3},
         {"Label": 1, "p1": [1, 9, 0], "p2": [20, 15, 0], "FrameCount": 5, "SliceType": 1}],
       "PolygonModel": {"3": [4]}, "PolygonModel2": null, "EllipseModel": [
         {"Label": 2, "Center": [50, 60, 0], "MajorAxis": 20, "MinorAxis": 10, "FrameCount": 3}],
       "FrameLabelModel": {"FrameLabel": [2]}, "MeshModel": null, "LandMarkListModel": {"Points": [1]}},
     "Polys": [{"SliceType": 3, "Shapes": [{"ImageFrame": 4, "labelType": 9, "SliceType": 3,
       "Points": [{"Pos": [1, 1, 0]}, {"Pos": [9, 1, 0]}, {"Pos": [9, 9, 0]}]}]}]}
    """

  @Test func boxesPolygonsAndEllipsesOfAClip() throws {
    let contents = try Fixture.contents(text)
    let picture = try #require(contents.pictures.first)
    #expect(contents.kind == .pair && picture.pictureName == "case 7.avi" && picture.width == 640)
    try #require(picture.regions.count == 4)
    #expect(
      picture.regions[0].box == PixelBox(x: 100, y: 90, width: 100.5, height: 60) && picture.regions[0].frame == 0)
    #expect(
      picture.regions[0].label == .malignant && picture.regions[0].name == "恶性结节" && picture.regions[1].frame == 57)
    #expect(picture.regions[2].role == .background && picture.regions[2].frame == 3)
    #expect(
      isNear(
        RegionRaster.boundingBox(of: picture.regions[2].shape), PixelBox(x: 40, y: 55, width: 20, height: 10), 0.2))
    #expect(picture.regions[3].rings?.first?.count == 3 && picture.regions[3].frame == 4)
    #expect(picture.classes == ["background"])
    for words in ["not published", "SliceType 1", "class 9", "Models.LandMarkListModel is not understood"] {
      #expect(picture.notes.contains { $0.contains(words) }, "\(words)")
    }
  }

  @Test func whatMakesNoSenseIsRefused() {
    let wrong = text.replacing("[202, 151, 0]", with: #"["202", 151]"#)
    #expect(problem { _ = try Fixture.contents(wrong) }?.contains("Models.BoundingBoxLabelModel[1].p2") == true)
  }
}
