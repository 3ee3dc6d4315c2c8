import Ultrasound

/// Thyroid nodules in three modalities of one plane: B-mode, superb microvascular imaging, shear-wave elastography (S4).
struct ThyroidStudy: Study {
  let settings: CohortSettings

  init(_ settings: CohortSettings) { self.settings = settings }

  let design = StudyDesign(
    system: .thyroid,
    groups: [
      .init(observer: .bmode, modality: .bMode, factors: ThyroidLook.factors),
      .init(
        observer: .superbMicrovascular, modality: .superbMicrovascular,
        factors: [("microvascularity", 0.8), ("vessel_disorder", 0.4)]),
      .init(
        observer: .shearWave, modality: .shearWave, factors: [("stiffness", 1.1), ("stiffness_heterogeneity", 0.5)]),
    ],
    clinical: ThyroidLook.clinical(weights: (age: 0.4, sex: 0.3)),
    histology: ThyroidLook.histology,
    exams: ExamPlan(devices: NeckDevices.all, depths: [34, 37, 40, 43], start: (2021, 3), days: 1400),
    diameter: LesionSize(13, logDeviation: 0.36, range: 5...26), aspect: 0.72...0.98, classIsOfPatient: true,
    legend: "A pair is a B-mode, an SMI and an SWE frame of one plane.")

  var imagesPerAcquisition: Int { 3 }

  func look(of lesion: StudyLesion) -> LesionLook { ThyroidLook.look(lesion.factors[0]) }

  func render(_ lesion: StudyLesion, acquisition: Int) -> Acquisition {
    let (seed, exam, size) = (settings.seed, lesion.exam, settings.imageSize)
    let geometry = ScanGeometry(device: exam.device, depth: exam.depth, imageSize: size)
    var stream = RandomStream(seed: seed, purpose: "scene", lesion.number, acquisition)
    let anatomy = ThyroidAnatomy(depth: exam.depth, room: 1.1 * lesion.radius, isSolid: false, stream: &stream)
    let nodule = ThyroidLook.nodule(of: lesion, look: look(of: lesion), in: anatomy, stream: &stream)
    let scanner = Scanner(geometry: geometry, setting: ScanSetting(exam, stream: &stream))
    let scene = ThyroidScene(anatomy: anatomy, nodule: nodule)
    func grey(_ instant: Int) -> [UInt8] {
      var speckle = RandomStream(seed: seed, purpose: "speckle", lesion.number, acquisition, instant)
      var pixels = scanner.picture(of: scene, stream: &speckle)
      ScreenScales(geometry: geometry).draw(on: &pixels)
      return pixels
    }
    let box = PixelFrame(around: nodule, margin: stream.uniform(0.35...0.7), geometry: geometry)

    var flowStream = RandomStream(seed: seed, purpose: "flow", lesion.number, acquisition)
    let vessels = LesionVessels(of: nodule, vascularity(of: lesion), stream: &flowStream)
    let passing = LesionVessels.passing(2 + flowStream.index(below: 3), at: nodule, calibre: 0.22, stream: &flowStream)
    let flow = FlowMap(
      vessels.segments + passing, geometry: geometry, steer: 0, bloom: flowStream.uniform(0.02...0.08))
    let micro = MicrovascularImage(
      geometry: geometry, noise: FlowNoise(stream: &flowStream), style: flowStream.chance(0.5) ? .color : .monochrome)

    var elastic = RandomStream(seed: seed, purpose: "stiffness", lesion.number, acquisition)
    let z = lesion.factors[2].map { min(3.2, max(-3.2, $0)) }
    let map = StiffnessMap(
      anatomy: anatomy, nodule: nodule, geometry: geometry, stiffness: 38 * PortableMath.exp(0.48 * z[0]),
      spread: 0.2 * PortableMath.exp(0.5 * z[1]), stream: &elastic)
    let scale = [100.0, 120, 140][elastic.index(below: 3)]

    return Acquisition(
      size: size, masks: [nodule.mask(geometry: geometry)],
      images: [
        AcquiredImage(modality: .bMode, pixels: .grey(grey(0))),
        AcquiredImage(
          modality: .superbMicrovascular,
          pixels: .color(micro.picture(grey: grey(1), flow: flow, box: box).pixels)),
        AcquiredImage(
          modality: .shearWave, pixels: .color(map.picture(grey: grey(2), box: box, scale: scale).pixels)),
      ])
  }

  func vascularity(of lesion: StudyLesion) -> Vascularity {
    let z = lesion.factors[1].map { min(3.2, max(-3.2, $0)) }
    let filled = 1 / (1 + PortableMath.exp(-1 * (z[0] - 0.1)))
    return Vascularity(
      stems: Double(LesionVessels.pool) * filled, disorder: 1 / (1 + PortableMath.exp(-1.1 * z[1])),
      calibre: 0.14 + 0.08 * filled)
  }
}

/// What the two thyroid systems share.
enum ThyroidLook {
  /// In the order that `look` takes them.
  static let factors: [(name: String, weight: Double)] = [
    ("echogenicity", 0.9), ("irregularity", 0.7), ("margin", 0.4), ("heterogeneity", 0.3),
  ]

  static func look(_ factors: [Double]) -> LesionLook {
    let z = factors.map { min(3.2, max(-3.2, $0)) }
    return LesionLook(
      contrast: -6 - 3.4 * z[0], irregularity: 0.055 * PortableMath.exp(0.55 * z[1]),
      margin: 0.1 * PortableMath.exp(0.6 * z[2]), heterogeneity: 1.6 * PortableMath.exp(0.45 * z[3]), halo: 5,
      posterior: 0
    )
  }

  static let histology = StudyDesign.Histology(
    malignant: [
      ("papillary carcinoma", 0.9), ("follicular carcinoma", 0.06), ("medullary carcinoma", 0.04),
    ],
    benign: [("nodular goitre", 0.6), ("follicular adenoma", 0.3), ("thyroiditis nodule", 0.1)])

  static func clinical(weights: (age: Double, sex: Double)) -> [ClinicalColumn] {
    [
      ClinicalColumn(
        name: "age", weight: weights.age, missing: 0, isOfPatient: true,
        form: .continuous { String(Int(min(88, max(16, 48 - 12 * $0)).rounded())) }),
      ClinicalColumn(
        name: "sex", weight: weights.sex, missing: 0, isOfPatient: true,
        form: .levels(["female", "male"], cuts: [0.7])),
    ]
  }

  /// The nodule within the lobe.
  static func nodule(
    of lesion: StudyLesion, look: LesionLook, in anatomy: ThyroidAnatomy, stream: inout RandomStream
  ) -> LesionShape {
    let place = place(of: lesion, in: anatomy, stream: &stream)
    return LesionShape(
      look: look, x: place.x, z: place.z, radius: lesion.radius, aspect: lesion.aspect, outline: lesion.outline,
      turn: stream.uniform(-0.3...0.3), frequencyMHz: lesion.exam.device.frequencyMHz, stream: &stream)
  }

  /// Somewhere in the lobe with as much gland around as there is room for.
  static func place(
    of lesion: StudyLesion, in anatomy: ThyroidAnatomy, stream: inout RandomStream
  ) -> (x: Double, z: Double) {
    let lobe = anatomy.lobe
    let (roomX, roomZ) = (max(0, lobe.a - 1.15 * lesion.radius - 0.8), max(0, lobe.b - 1.05 * lesion.radius - 0.6))
    // Within the ellipse that keeps the boundary inside the lobe.
    let (angle, share) = (stream.uniform(0...(2 * PortableMath.pi)), stream.uniform().squareRoot())
    return (
      lobe.x + roomX * share * PortableMath.cosine(angle), lobe.z + roomZ * share * PortableMath.sine(angle)
    )
  }
}
