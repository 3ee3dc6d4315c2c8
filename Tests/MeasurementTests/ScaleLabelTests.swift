import Imaging
import Measurement
import Testing
import Ultrasound

@Suite struct ScaleLabelTests {
  private static let place = PixelBox(x: 0, y: 0, width: 20, height: 8)

  @Test(
    arguments: [
      ("180", 180.0, nil), ("kPa", nil, ColourUnit.kilopascals), ("+12.0 cm/s", 12.0, .centimetresPerSecond),
      ("-12", -12.0, nil), ("−12,5", -12.5, nil), (".62", 0.62, nil), ("-.62", -0.62, nil), ("0kPa", 0.0, .kilopascals),
      ("10.0m/s", 10.0, .metresPerSecond), ("CM/S", nil, .centimetresPerSecond),
    ] as [(String, Double?, ColourUnit?)])
  func labelsAreRead(_ text: String, _ number: Double?, _ unit: ColourUnit?) throws {
    let label = try #require(ScaleLabel(text, box: Self.place))
    #expect(label.number == number && label.unit == unit)
  }

  @Test(arguments: ["PWR", "", "1.2.3", "12 mm", "-", "18O", "2024-11-22"]) func otherTextIsNone(_ text: String) {
    #expect(ScaleLabel(text, box: Self.place) == nil)
  }

  private func bar(_ name: String, isLying: Bool = false) throws -> ColourBar {
    try ColourBarFinder().find(in: Screens.screen(name, isLying: isLying)).scale()
  }

  private func label(_ text: String, _ x: Double, _ y: Double) -> ScaleLabel? {
    ScaleLabel(text, box: PixelBox(x: x, y: y, width: 16, height: 8))
  }

  @Test func numbersBelongToTheirEnds() throws {
    let labels = [label("180", 14, 14), label("0", 14, 118), label("kPa", 14, 5), label("99", 150, 60)]
    let scale = try ColourScale(labels: labels.compactMap(\.self), of: bar("stiffness"))
    #expect(scale.ends.first == 0 && scale.ends.last == 180 && scale.unit == .kilopascals && scale.source == .screen)
    let lying = [label("-5", 54, 131), label("5cm/s", 142, 131)]
    let across = try ColourScale(labels: lying.compactMap(\.self), of: bar("flow", isLying: true))
    #expect(across.ends.first == -5 && across.ends.last == 5 && across.notes.isEmpty)
  }

  @Test func twoSidedBarsAreSymmetric() throws {
    let one = [label("+12", 14, 14), label("cm/s", 14, 118)]
    let completed = try ColourScale(labels: one.compactMap(\.self), of: bar("flow"))
    #expect(completed.ends.first == -12 && completed.ends.last == 12 && completed.notes.count == 1)
    let unsigned = [label("12", 14, 14), label("12", 14, 118)]
    let signed = try ColourScale(labels: unsigned.compactMap(\.self), of: bar("flow"), unit: .centimetresPerSecond)
    #expect(signed.ends.first == -12 && signed.notes.count == 2)
    let skewed = [label("20", 14, 14), label("-4", 14, 118)]
    let noted = try ColourScale(labels: skewed.compactMap(\.self), of: bar("flow"), unit: .centimetresPerSecond)
    #expect(noted.notes.contains { $0.contains("baseline") })
  }

  @Test func contradictionsAreErrors() throws {
    let bar = try bar("stiffness")
    for texts in [[label("180", 14, 14)], [label("180", 14, 14), label("180", 14, 118)], []] {
      #expect(throws: ColourError.self) {
        try ColourScale(labels: texts.compactMap(\.self), of: bar, unit: .kilopascals)
      }
    }
    let noUnit = [label("180", 14, 14), label("0", 14, 118)].compactMap(\.self)
    #expect(throws: ColourError.self) { try ColourScale(labels: noUnit, of: bar) }
    let misread = noUnit + [label("9", 30, 60)].compactMap(\.self)
    #expect(throws: ColourError.self) { try ColourScale(labels: misread, of: bar, unit: .kilopascals) }
  }

  @Test func theScreenIsReadThroughASeam() throws {
    let image = Screens.screen("stiffness")
    let scale = try ColourScale(on: image, of: bar("stiffness")) { enlarged in
      // Three times the bar with 60 pixels around it, from the screen's corner.
      #expect(enlarged.width == 3 * 86 && enlarged.height == 3 * 140)
      return [
        ReadText(text: "4.5 m/s", box: PixelBox(x: 42, y: 42, width: 60, height: 24)),
        ReadText(text: "0", box: PixelBox(x: 42, y: 354, width: 18, height: 24)),
      ]
    }
    #expect(scale.ends.last == 4.5 && scale.unit == .metresPerSecond)
    #expect(ShearWave.kilopascals(metresPerSecond: 2) == 12 && ShearWave.metresPerSecond(kilopascals: 12) == 2)
  }
}
