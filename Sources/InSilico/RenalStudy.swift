import Ultrasound

/// Solid renal tumours in dual panels: B-mode and contrast mode of the same frame, in the cortical and the medullary phase
/// (S1-01 to S1-09).
struct RenalStudy: Study {
  let settings: CohortSettings

  init(_ settings: CohortSettings) { self.settings = settings }

  let design = StudyDesign(
    system: .renal,
    groups: [
      .init(
        observer: .bmode, modality: .bMode,
        factors: [("echogenicity", 0.9), ("irregularity", 0.6), ("margin", 0.3), ("heterogeneity", 0.5)]),
      .init(
        observer: .contrast, modality: .contrast,
        factors: [
          ("enhancement", 0.9), ("perfusion_heterogeneity", 0.7), ("wash_out", 0.7), ("pseudocapsule", 0.6),
        ]),
    ],
    clinical: [
      ClinicalColumn(
        name: "age", weight: 0.6, missing: 0, isOfPatient: true,
        form: .continuous { String(Int(min(90, max(18, 54 + 12 * $0)).rounded())) }),
      ClinicalColumn(
        name: "sex", weight: 0.6, missing: 0, isOfPatient: true, form: .levels(["female", "male"], cuts: [-0.3])),
      ClinicalColumn(
        name: "bmi", weight: 0.2, missing: 0.03, isOfPatient: true,
        form: .continuous { String((10 * min(42, max(16, 24 + 3 * $0))).rounded() / 10) }),
      ClinicalColumn(
        name: "symptoms", weight: 0.3, missing: 0.02, isOfPatient: true, form: .levels(["0", "1"], cuts: [0.9])),
    ],
    // S1-03.
    histology: .init(
      malignant: [
        ("clear cell renal cell carcinoma", 0.62), ("papillary renal cell carcinoma", 0.25),
        ("chromophobe renal cell carcinoma", 0.13),
      ],
      benign: [("typical angiomyolipoma", 45.0 / 81), ("atypical benign tumour", 36.0 / 81)]),
    exams: ExamPlan(devices: devices, depths: [105, 115, 125, 135], start: (2012, 6), days: 3316),
    diameter: LesionSize(34, logDeviation: 0.34, range: 14...58), aspect: 0.8...1, classIsOfPatient: true,
    pictureColumns: ["time_s", "phase"],
    legend: """
      A pair is one frame of the dual panel. time_s: seconds after injection of the contrast agent. phase: cortical or
      medullary. symptoms: 0 no, 1 yes.
      """)

  var imagesPerAcquisition: Int { 2 }

  func look(of lesion: StudyLesion) -> LesionLook {
    let z = lesion.factors[0].map { min(3.2, max(-3.2, $0)) }
    return LesionLook(
      contrast: 1.5 - 4.2 * z[0], irregularity: 0.05 * PortableMath.exp(0.5 * z[1]),
      margin: 0.12 * PortableMath.exp(0.5 * z[2]), heterogeneity: 2 * PortableMath.exp(0.45 * z[3]), halo: 0,
      posterior: 0)
  }

  /// The frames of a lesion show one plane, moved by breathing; each has its time and its speckle.
  func render(_ lesion: StudyLesion, acquisition: Int) -> Acquisition {
    let (seed, exam) = (settings.seed, lesion.exam)
    var plane = RandomStream(seed: seed, purpose: "scene", lesion.number)
    var frame = RandomStream(seed: seed, purpose: "frame", lesion.number, acquisition)
    let isCortical = acquisition < (settings.imagesPerLesion + 1) / 2
    let time = isCortical ? frame.uniform(10...15) : frame.uniform(30...75)
    let shift = (x: 1.6 * frame.normal(), z: 1.2 * frame.normal())

    let anatomy = RenalAnatomy(depth: exam.depth, shift: shift, stream: &plane)
    let shape = shape(of: lesion, in: anatomy, stream: &plane)
    let setting = ScanSetting(exam, stream: &plane)
    let scene = RenalScene(anatomy: anatomy, lesion: shape)
    let perfusion = RenalPerfusion(
      scene: scene, factors: lesion.factors[1], kinetics: ContrastKinetics(delay: plane.uniform(-1...1.5)), time: time,
      texture: SmoothField(spacing: max(2.2, 0.3 * lesion.radius), stream: &plane))

    let geometry = ScanGeometry(device: exam.device.lowPower, depth: exam.depth, imageSize: settings.imageSize)
    var speckle = RandomStream(seed: seed, purpose: "speckle", lesion.number, acquisition)
    var grey = Scanner(geometry: geometry, setting: setting).picture(of: scene, stream: &speckle)
    ScreenScales(geometry: geometry).draw(on: &grey)

    let contrastGeometry = ScanGeometry(
      device: exam.device.contrastMode, depth: exam.depth, imageSize: settings.imageSize)
    var bubbles = RandomStream(seed: seed, purpose: "bubbles", lesion.number, acquisition)
    var signal = Scanner(geometry: contrastGeometry, setting: setting.louder(by: 1))
      .picture(of: perfusion, stream: &bubbles)
    ScreenScales(geometry: contrastGeometry).draw(on: &signal)
    var canvas = Canvas(size: settings.imageSize, grey: signal, map: .contrast)
    let seconds = Int(time.rounded())
    let edge = settings.imageSize / 40
    canvas.write("\(padded(seconds / 60, 2)):\(padded(seconds % 60, 2))", left: 4 * edge, top: edge)

    let cells = ["\((time * 10).rounded() / 10)", isCortical ? "cortical" : "medullary"]
    return Acquisition(
      size: settings.imageSize, masks: [shape.mask(geometry: geometry)],
      images: [
        AcquiredImage(modality: .bMode, pixels: .grey(grey), cells: cells),
        AcquiredImage(modality: .contrast, pixels: .color(canvas.pixels), cells: cells),
      ])
  }

  /// The tumour sits in the cortex and bulges outwards, on the side that the scan shows well.
  private func shape(of lesion: StudyLesion, in anatomy: RenalAnatomy, stream: inout RandomStream) -> LesionShape {
    let angle = stream.uniform(-2.7 ... -0.45)
    let share = stream.uniform(0.78...1)
    var (x, z) = anatomy.outline(angle: angle, share: share)
    z = max(z, anatomy.wall.wallDepth + lesion.radius + 3)
    x = min(0.36 * lesion.exam.depth, max(-0.36 * lesion.exam.depth, x))
    return LesionShape(
      look: look(of: lesion), x: x, z: z, radius: lesion.radius, aspect: lesion.aspect, outline: lesion.outline,
      turn: stream.uniform(-0.4...0.4), frequencyMHz: lesion.exam.device.frequencyMHz, stream: &stream)
  }

  private static let degree = PortableMath.pi / 180

  private static let devices: [Device] = [
    Device(
      name: "sim-convex-c1-5", frequencyMHz: 3.2, face: .convex(radius: 60, halfAngle: 34 * degree), aperture: 26,
      looks: 3, greyContrast: 0.7, noise: -68, surround: 0),
    Device(
      name: "sim-convex-sc5-1", frequencyMHz: 3.6, face: .convex(radius: 55, halfAngle: 34 * degree), aperture: 28,
      looks: 4, greyContrast: 0.9, noise: -72, surround: 0),
    Device(
      name: "sim-convex-c5-1", frequencyMHz: 3.0, face: .convex(radius: 50, halfAngle: 36 * degree), aperture: 24,
      looks: 2, greyContrast: 0.6, noise: -66, surround: 10),
    Device(
      name: "sim-convex-c5-2", frequencyMHz: 3.4, face: .convex(radius: 60, halfAngle: 31 * degree), aperture: 28,
      looks: 4, greyContrast: 0.8, noise: -70, surround: 0),
  ]
}

/// The tissue of one frame: kidney with the tumour in it.
struct RenalScene: Tissue {
  let anatomy: RenalAnatomy
  let lesion: LesionShape

  func point(x: Double, z: Double, depth: Double) -> TissuePoint {
    let around = anatomy.point(x: x, z: z, depth: depth)
    let cortex = TissuePoint(echo: -3.5, specular: -100, attenuation: 0.5)
    return lesion.overlay(on: around, parenchyma: cortex, x: x, z: z)
  }
}

/// What contrast mode shows of the same frame: bubbles, and the little of the tissue that is not cancelled.
struct RenalPerfusion: Tissue {
  private let scene: RenalScene
  private let texture: SmoothField
  private let levels: [RenalPart: Double]
  private let lesionLevel: Double
  private let heterogeneity: Double
  private let rim: Double
  /// Below this value of the texture nothing is perfused.
  private let necrosis: Double

  /// - Parameters:
  ///   - factors: of the contrast group, in the design's order.
  ///   - time: s after injection.
  init(scene: RenalScene, factors: [Double], kinetics: ContrastKinetics, time: Double, texture: SmoothField) {
    (self.scene, self.texture) = (scene, texture)
    let z = factors.map { min(3.2, max(-3.2, $0)) }
    let curve = kinetics.lesion(peak: -1.5 + 4.2 * z[0], washOut: 55 * PortableMath.exp(-0.5 * z[2]))
    lesionLevel = curve.level(at: time)
    heterogeneity = 2.2 * PortableMath.exp(0.45 * z[1])
    necrosis = -1.9 + 0.55 * z[1]
    // The pseudocapsule stays bright when the tumour fades.
    rim = (time < 20 ? 4 : 9) / (1 + PortableMath.exp(-1.4 * z[3]))
    levels = [
      .wall: -25, .liver: kinetics.liver.level(at: time), .fat: kinetics.fat.level(at: time),
      .muscle: kinetics.muscle.level(at: time), .capsule: kinetics.cortex.level(at: time) - 3,
      .cortex: kinetics.cortex.level(at: time), .medulla: kinetics.medulla.level(at: time),
      .sinus: kinetics.sinus.level(at: time),
    ]
  }

  func point(x: Double, z: Double, depth: Double) -> TissuePoint {
    let tissue = scene.point(x: x, z: z, depth: depth)
    let part = scene.anatomy.part(x: x, z: z, depth: depth)
    var level = (levels[part] ?? ContrastCurve.floor) + scene.anatomy.fine.value(x: x + 400, z: z)
    let lesion = scene.lesion
    if let distance = lesion.distance(x: x, z: z, within: 2.4) {
      let within = texture.value(x: x - lesion.x, z: z - lesion.z)
      // Fades over a fifth of a deviation, so that a void has no saw-tooth edge.
      let void = min(1, max(0, (necrosis - within) / 0.2 + 0.5))
      let inside = (1 - void) * (lesionLevel + heterogeneity * within) + void * (ContrastCurve.floor + 8)
      let share = min(1, max(0, 0.5 - distance / 1.2))
      level = level * (1 - share) + inside * share
      let u = (distance - 0.3) / 1.7
      level = max(level, inside) * max(0, 1 - u * u) + level * min(1, u * u) + rim * max(0, 1 - u * u)
    }
    let bubbles = PortableMath.amplitude(decibels: max(ContrastCurve.floor, level))
    let left = PortableMath.amplitude(decibels: tissue.echo - 31)
    return TissuePoint(
      echo: PortableMath.decibels(amplitude: (bubbles * bubbles + left * left).squareRoot()),
      specular: tissue.specular > -40 ? tissue.specular - 22 : -100, attenuation: 0.5)
  }
}

extension Device {
  /// B-mode beside contrast mode: little power, so more noise.
  var lowPower: Device { variant(frequencyMHz: frequencyMHz, looks: looks, noise: noise + 8) }

  /// Harmonic imaging of bubbles: no compounding, coarser, noisier.
  var contrastMode: Device { variant(frequencyMHz: 0.75 * frequencyMHz, looks: 2, noise: -52) }

  private func variant(frequencyMHz: Double, looks: Int, noise: Double) -> Device {
    Device(
      name: name, frequencyMHz: frequencyMHz, face: face, aperture: aperture, looks: looks, greyContrast: greyContrast,
      noise: noise, surround: surround)
  }
}
