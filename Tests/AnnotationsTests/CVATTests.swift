import Annotations
import Imaging
import Testing
import Ultrasound

struct CVATTests {
  @Test func imagesWithShapesOfEachKind() throws {
    let contents = try Fixture.contents(
      """
      <?xml version="1.0" encoding="utf-8"?>
      <annotations><version>1.1</version><meta><task><mode>annotation</mode></task></meta>
        <image id="0" name="a/b.png" width="40" height="30">
          <box label="nodule" occluded="0" xtl="5.50" ytl="6.00" xbr="15.50" ybr="16.00" z_order="0">
            <attribute name="pathology">malignant</attribute></box>
          <box label="mass" xtl="10" ytl="10" xbr="20" ybr="14" rotation="90"/>
          <polygon label="background" points="1.00,2.00;9.00,2.00;9.00,8.00"/>
          <ellipse label="calc" cx="20" cy="15" rx="8" ry="4" rotation="90"/>
          <mask label="benign" rle="1, 2, 1, 2" left="3" top="4" width="3" height="2"/>
          <polyline label="x" points="1,1;2,2"/>
          <tag label="normal"/>
        </image>
      </annotations>
      """)
    let picture = try #require(contents.pictures.first)
    #expect(contents.kind == .cvatImages && picture.pictureName == "a/b.png" && picture.classes == ["normal"])
    let regions = picture.regions
    try #require(regions.count == 5)
    #expect(regions[0].box == PixelBox(x: 5.5, y: 6, width: 10, height: 10) && regions[0].label == .malignant)
    #expect(isNear(RegionRaster.boundingBox(of: regions[1].shape), PixelBox(x: 13, y: 7, width: 4, height: 10)))
    #expect(regions[2].role == .background && regions[2].rings?.first?.count == 3)
    #expect(regions[3].role == .calcification)
    #expect(isNear(RegionRaster.boundingBox(of: regions[3].shape), PixelBox(x: 16, y: 7, width: 8, height: 16), 0.2))
    let rows = try #require(regions[4].rows)
    #expect(rows[4].hasPrefix("0000110") && rows[5].hasPrefix("0000110"))
    #expect(rows.joined().count { $0 == "1" } == 4)
    #expect(picture.notes.contains { $0.contains("polyline") && $0.contains("line 10") })
  }

  @Test func tracksOfAVideo() throws {
    let contents = try Fixture.contents(
      """
      <annotations><version>1.1</version>
        <meta><task><name>exam 3</name><mode>interpolation</mode><original_size><width>100</width><height>80</height></original_size>
          <source>clip.mp4</source></task></meta>
        <track id="0" label="lesion">
          <box frame="12" keyframe="1" outside="1" xtl="30" ytl="20" xbr="50" ybr="40"/>
          <box frame="2" keyframe="1" outside="0" xtl="10" ytl="10" xbr="20" ybr="30"/>
          <box frame="6" keyframe="1" outside="0" xtl="30" ytl="20" xbr="50" ybr="40"/>
          <box frame="7" keyframe="0" outside="0" xtl="30" ytl="20" xbr="50" ybr="40"/>
        </track>
        <track id="1" label="mass"><polygon frame="3" keyframe="1" outside="0" points="1,1;9,1;9,9"/>
          <polygon frame="4" keyframe="1" outside="1" points="1,1;9,1;9,9"/></track>
      </annotations>
      """)
    let picture = try #require(contents.pictures.first)
    #expect(contents.kind == .cvatVideo && picture.pictureName == "clip.mp4" && picture.width == 100)
    let boxes = picture.regions.filter { $0.name == "lesion" }
    #expect(Set(boxes.compactMap(\.frame)) == Set(2..<12) && boxes.count == 10)
    let middle = try #require(boxes.first { $0.frame == 4 })
    #expect(middle.box == PixelBox(x: 20, y: 15, width: 15, height: 20) && middle.origin == .tracked)
    #expect(boxes.first { $0.frame == 6 }?.origin == .drawn && boxes.first { $0.frame == 7 }?.origin == .tracked)
    #expect(boxes.first { $0.frame == 11 }?.box == PixelBox(x: 30, y: 20, width: 20, height: 20))
    #expect(picture.regions.filter { $0.name == "mass" }.map(\.frame) == [3])
  }

  @Test func bombsAndBrokenXMLAreRefused() {
    let bomb = """
      <?xml version="1.0"?>
      <!DOCTYPE a [<!ENTITY x "xxxxxxxxxx"><!ENTITY y "&x;&x;&x;&x;&x;&x;">]>
      <annotations>&y;</annotations>
      """
    #expect(problem { _ = try Fixture.contents(bomb) }?.contains("marks:2:1: a document type declaration") == true)
    let outside = #"<!DOCTYPE a SYSTEM "file:///etc/passwd"><annotations/>"#
    #expect(problem { _ = try Fixture.contents(outside) }?.contains("document type") == true)
    let deep = String(repeating: "<a>", count: 5000)
    #expect(problem { _ = try Fixture.contents(deep) }?.contains("64 deep") == true)
    #expect(problem { _ = try Fixture.contents("<annotations>\n<image></annotations>") }?.contains("marks:2") == true)
    #expect(problem { _ = try Fixture.contents("<kml/>") }?.contains("kml") == true)
    let number =
      #"<annotations><image name="a" width="9" height="9"><box label="x" xtl="nan" ytl="1" xbr="2" ybr="3"/></image></annotations>"#
    #expect(problem { _ = try Fixture.contents(number) }?.contains("xtl: expected a number") == true)
    let short =
      #"<annotations><image name="a" width="9" height="9"><mask label="x" rle="3" left="0" top="0" width="2" height="2"/></image></annotations>"#
    #expect(problem { _ = try Fixture.contents(short) }?.contains("fill 2 x 2") == true)
  }
}
