import Ultrasound

/// Calcified thyroid nodules in clips: the probe sweeps through the nodule, so its calcifications come and go (S3-01 to S3-05).
/// A patient's nodules have each their own class.
struct CalcifiedThyroidStudy: Study {
  let settings: CohortSettings

  init(_ settings: CohortSettings) { self.settings = settings }

  let design = StudyDesign(
    system: .calcifiedThyroid,
    groups: [
      .init(
        observer: .bmode, modality: .bMode,
        factors: ThyroidLook.factors.map { (name: $0.name, weight: 0.6 * $0.weight) }),
      .init(
        observer: .calcification, modality: .bMode,
        factors: [("calcification_count", 1.1), ("calcification_fineness", 0.7), ("calcification_clustering", 0.6)]),
    ],
    clinical: ThyroidLook.clinical(weights: (age: 0, sex: 0)),
    histology: ThyroidLook.histology,
    exams: ExamPlan(devices: NeckDevices.all, depths: [34, 37, 40], start: (2020, 1), days: 1400),
    diameter: LesionSize(14, logDeviation: 0.33, range: 6...26), aspect: 0.75...1, classIsOfPatient: false,
    legend: """
      A pair is a clip: its rows are frames in order. calcification_mask marks the calcifications that a frame shows; it is
      black where it shows none.
      """)

  var imagesPerAcquisition: Int { settings.frames ?? 16 }

  /// Standard deviation of the beam's amplitude across the slice, mm.
  private static let thickness = 0.8

  func look(of lesion: StudyLesion) -> LesionLook { ThyroidLook.look(lesion.factors[0]) }

  func pattern(of lesion: StudyLesion) -> Calcifications.Pattern {
    let z = lesion.factors[1].map { min(3, max(-3, $0)) }
    return Calcifications.Pattern(
      count: max(1, Int((7 * PortableMath.exp(0.65 * z[0])).rounded())),
      diameter: 0.62 * PortableMath.exp(-0.28 * z[1]), spread: 0.42 * PortableMath.exp(-0.3 * z[2]))
  }

  func render(_ lesion: StudyLesion, acquisition: Int) -> Acquisition {
    let (seed, exam, size) = (settings.seed, lesion.exam, settings.imageSize)
    let count = imagesPerAcquisition
    let geometry = ScanGeometry(device: exam.device, depth: exam.depth, imageSize: size)
    var stream = RandomStream(seed: seed, purpose: "scene", lesion.number, acquisition)
    let anatomy = ThyroidAnatomy(depth: exam.depth, room: 1.1 * lesion.radius, isSolid: true, stream: &stream)
    let sweep = NoduleSweep(lesion: lesion, look: look(of: lesion), in: anatomy, frames: count, stream: &stream)
    let calcifications = Calcifications(
      of: sweep.nodule(at: 0), pattern: pattern(of: lesion), elevation: sweep.halfLength, stream: &stream)
    let scanner = Scanner(geometry: geometry, setting: ScanSetting(exam, stream: &stream))
    var speckle = RandomStream(seed: seed, purpose: "speckle", lesion.number, acquisition)
    let scatterers = ClipScatterers(
      rows: geometry.samples, columns: geometry.lines, frames: count, looks: exam.device.looks, step: sweep.step,
      thickness: Self.thickness, stream: &speckle)

    var masks: [[UInt8]] = []
    var images: [AcquiredImage] = []
    for frame in 0..<count {
      let elevation = sweep.elevation(frame)
      let nodule = sweep.nodule(at: elevation)
      let shown = calcifications.visible(in: nodule, elevation: elevation, thickness: Self.thickness)
      let scene = ThyroidScene(
        anatomy: anatomy.slice(at: elevation), nodule: nodule,
        reflectors: shown.map { Self.reflector($0, of: nodule) })
      var pixels = scanner.picture(of: scene, frame: frame, of: scatterers)
      ScreenScales(geometry: geometry).draw(on: &pixels)
      masks.append(nodule.mask(geometry: geometry))
      images.append(
        AcquiredImage(
          modality: .bMode, pixels: .grey(pixels), calcifications: Self.mask(shown, of: nodule, geometry: geometry),
          frame: frame))
    }
    return Acquisition(size: size, masks: masks, images: images)
  }

  private static func reflector(_ shown: (Calcification, weight: Double), of nodule: LesionShape) -> Reflector {
    let (calcification, weight) = shown
    let bright = 25 + 5 * (min(1.2, calcification.diameter) - 0.5)
    return Reflector(
      x: nodule.x + calcification.x, z: nodule.z + calcification.z,
      level: bright + PortableMath.decibels(amplitude: weight),
      shadow: calcification.isCoarse ? weight * 14 * (calcification.diameter - 0.6) : 0,
      shadowWidth: calcification.diameter)
  }

  /// 255 on every calcification that lies mostly in the slice; at least the pixel it lies in.
  private static func mask(
    _ shown: [(Calcification, weight: Double)], of nodule: LesionShape, geometry: ScanGeometry
  ) -> [UInt8] {
    let size = geometry.imageSize
    var mask = [UInt8](repeating: 0, count: size * size)
    for (calcification, weight) in shown where weight > 0.5 {
      let middle = geometry.pixelPlace(x: nodule.x + calcification.x, z: nodule.z + calcification.z)
      let radius = max(0.71, 0.5 * calcification.diameter / geometry.pixel)
      let reach = Int(radius) + 1
      let (column, row) = (Int(middle.column.rounded()), Int(middle.row.rounded()))
      for y in max(0, row - reach)...min(size - 1, max(0, row + reach)) {
        for x in max(0, column - reach)...min(size - 1, max(0, column + reach)) {
          let (dx, dy) = (Double(x) - middle.column, Double(y) - middle.row)
          if dx * dx + dy * dy <= radius * radius { mask[y * size + x] = 255 }
        }
      }
    }
    return mask
  }
}

/// The way of the probe through a nodule, and the nodule's section at each place.
struct NoduleSweep: Sendable {
  private let lesion: StudyLesion
  private let look: LesionLook
  private let middle: (x: Double, z: Double)
  private let turn: Double
  private let drift: [Double]
  private let hand: (x: Double, z: Double)
  private let texture: SolidTexture
  /// Half the nodule's length along the sweep, mm.
  let halfLength: Double
  private let frames: Int

  init(
    lesion: StudyLesion, look: LesionLook, in anatomy: ThyroidAnatomy, frames: Int, stream: inout RandomStream
  ) {
    (self.lesion, self.look, self.frames) = (lesion, look, frames)
    middle = ThyroidLook.place(of: lesion, in: anatomy, stream: &stream)
    turn = stream.uniform(-0.3...0.3)
    // The outline changes along the sweep, and the hand does not hold its line.
    drift = lesion.outline.map { _ in 0.7 * stream.normal() }
    hand = (0.04 * stream.normal(), 0.03 * stream.normal())
    halfLength = lesion.radius * stream.uniform(1...1.35)
    texture = SolidTexture(spacing: max(1.2, 0.28 * lesion.radius), side: 64, stream: &stream)
  }

  /// mm between frames: the sweep covers the nodule but its caps.
  var step: Double { 1.84 * halfLength / Double(frames - 1) }

  /// mm from the nodule's middle.
  func elevation(_ frame: Int) -> Double { (Double(frame) - Double(frames - 1) / 2) * step }

  func nodule(at elevation: Double) -> LesionShape {
    let u = elevation / halfLength
    return LesionShape(
      look: look, x: middle.x + hand.x * elevation, z: middle.z + hand.z * elevation,
      radius: lesion.radius * max(0.1, 1 - u * u).squareRoot(), aspect: lesion.aspect,
      outline: zip(lesion.outline, drift).map { $0 + $1 * u }, turn: turn,
      frequencyMHz: lesion.exam.device.frequencyMHz,
      texture: texture.slice(at: elevation / max(1.2, 0.28 * lesion.radius)))
  }
}
