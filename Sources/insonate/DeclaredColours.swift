import DICOM
import Foundation
import Measurement
import Ultrasound

/// A colour bar that the DICOM file itself marks on its screen.
struct DeclaredBar {
  let box: PixelBox
  /// Nil where the file does not say what the bar's axis counts.
  let scale: ColourScale?
}

extension PictureInput {
  /// Regions of data type 14; their scale where the longer axis is calibrated.
  func declaredBars() throws -> [DeclaredBar] {
    guard let dicom else { return [] }
    let (width, height) = try size(dicom)
    return try dicom.ultrasoundRegions().filter { $0.dataType == 14 }.compactMap { region in
      guard let box = region.box(inWidth: width, height: height) else { return nil }
      return DeclaredBar(box: box, scale: Self.scale(region, box))
    }
  }

  private func size(_ dicom: DICOMFile) throws -> (Int, Int) {
    let layout = try FrameReader(dicom).layout
    return (layout.columns, layout.rows)
  }

  private static func scale(_ region: UltrasoundRegion, _ box: PixelBox) -> ColourScale? {
    let isUpright = box.height >= box.width
    let axis = isUpright ? region.vertical : region.horizontal
    guard let unit = ColourUnit(dicomCode: axis.unit), let delta = axis.delta, let value = axis.referenceValue else {
      return nil
    }
    let reference = Double(axis.referencePixel ?? 0)
    func at(_ pixel: Double) -> Double { value + (pixel - reference) * delta }
    let last = (isUpright ? box.height : box.width) - 1
    return try? ColourScale(
      from: isUpright ? at(last) : at(0), to: isUpright ? at(0) : at(last), unit: unit, source: .dicom)
  }

  /// The numbers that the file gives the pixels of its first region that has any; nil where none has.
  func exactMap(frame: Int) throws -> ValueMap? {
    guard let dicom else { return nil }
    let components = try dicom.pixelComponents()
    let regions = try dicom.ultrasoundRegions()
    let reader = try FrameReader(dicom)
    let (width, height) = (reader.layout.columns, reader.layout.rows)
    for (region, component) in zip(regions, components) {
      guard let component, let unit = ColourUnit(dicomCode: component.unit),
        let box = region.box(inWidth: width, height: height),
        let stored = try reader.storedFrame(frame).componentValues()
      else { continue }
      var values: [Float] = []
      for y in Int(box.y)..<Int(box.maxY) {
        for x in Int(box.x)..<Int(box.maxX) {
          values.append(component.value(stored[y * width + x]).map { Float($0) } ?? .nan)
        }
      }
      if values.contains(where: { !$0.isNaN }) { return try ValueMap.exact(values, region: box, unit: unit) }
    }
    return nil
  }
}
