import Ultrasound

/// Soft tissue masses: a grey-scale and a colour Doppler frame of one plane, with clinical indexes (S0-01 to S0-04).
struct SoftTissueStudy: Study {
  let settings: CohortSettings

  init(_ settings: CohortSettings) { self.settings = settings }

  let design = StudyDesign(
    system: .softTissue,
    groups: [
      .init(
        observer: .bmode, modality: .bMode,
        factors: [
          ("echogenicity", 0.6), ("irregularity", 0.8), ("margin", 0.5), ("heterogeneity", 0.8), ("size", 0.5),
          ("depth", 0.4),
        ]),
      .init(
        observer: .colorDoppler, modality: .colorDoppler, factors: [("vascularity", 1.0), ("vessel_disorder", 0.5)]),
    ],
    clinical: clinical,
    histology: .init(
      malignant: [
        ("undifferentiated pleomorphic sarcoma", 0.28), ("liposarcoma", 0.26), ("synovial sarcoma", 0.14),
        ("myxofibrosarcoma", 0.12), ("metastasis", 0.12), ("lymphoma", 0.08),
      ],
      benign: [
        ("lipoma", 0.36), ("schwannoma", 0.18), ("haemangioma", 0.14), ("epidermoid cyst", 0.12), ("fibroma", 0.12),
        ("tenosynovial giant cell tumour", 0.08),
      ]),
    exams: ExamPlan(devices: devices, depths: [45, 50, 55, 60], start: (2015, 1), days: 2200),
    diameter: diameter, sizeFactor: (group: 0, factor: 4), aspect: 0.6...0.95, classIsOfPatient: true,
    legend: """
      A pair is a grey-scale and a colour Doppler frame of one plane. size_mm, depth: as read from the images.
      duration_months: since the mass was noticed. pain, growth, history (of a tumour): 0 no, 1 yes.
      """)

  private static let diameter = LesionSize(22, logDeviation: 0.34, range: 8...42)

  /// S0 names no list: the usual ones.
  private static let clinical: [ClinicalColumn] = [
    ClinicalColumn(
      name: "age", weight: 1, missing: 0, isOfPatient: true,
      form: .continuous { String(Int(min(92, max(3, 48 + 16 * $0)).rounded())) }),
    ClinicalColumn(
      name: "sex", weight: 0.2, missing: 0, isOfPatient: true, form: .levels(["female", "male"], cuts: [0])),
    ClinicalColumn(
      name: "size_mm", weight: 0, missing: 0.02, isOfPatient: false,
      form: .continuous { z in
        String((diameter.millimetres(z) * 10).rounded() / 10)
      }, reads: .init(observer: .bmode, factor: "size", noise: 0.2)),
    ClinicalColumn(
      name: "depth", weight: 0, missing: 0.01, isOfPatient: false,
      form: .levels(["superficial", "deep"], cuts: [0.1]), reads: .init(observer: .bmode, factor: "depth", noise: 0.2)),
    ClinicalColumn(
      name: "duration_months", weight: 0.5, missing: 0.07, isOfPatient: false,
      form: .continuous { String((min(400, max(0.2, 14 * PortableMath.exp(-1.1 * $0))) * 10).rounded() / 10) }),
    ClinicalColumn(
      name: "pain", weight: 0.5, missing: 0.03, isOfPatient: false, form: .levels(["0", "1"], cuts: [0.5])),
    ClinicalColumn(
      name: "growth", weight: 1.1, missing: 0.08, isOfPatient: false, form: .levels(["0", "1"], cuts: [0.4])),
    ClinicalColumn(
      name: "history", weight: 0.7, missing: 0.03, isOfPatient: true, form: .levels(["0", "1"], cuts: [1])),
  ]

  var imagesPerAcquisition: Int { 2 }

  func look(of lesion: StudyLesion) -> LesionLook {
    let z = lesion.factors[0].map { min(3.2, max(-3.2, $0)) }
    return LesionLook(
      contrast: -7.5 - 3.2 * z[0], irregularity: 0.055 * PortableMath.exp(0.55 * z[1]),
      margin: 0.1 * PortableMath.exp(0.6 * z[2]), heterogeneity: 1.7 * PortableMath.exp(0.5 * z[3]), halo: 0,
      posterior: 2)
  }

  func render(_ lesion: StudyLesion, acquisition: Int) -> Acquisition {
    let (seed, exam) = (settings.seed, lesion.exam)
    let geometry = ScanGeometry(device: exam.device, depth: exam.depth, imageSize: settings.imageSize)
    var stream = RandomStream(seed: seed, purpose: "scene", lesion.number, acquisition)
    let anatomy = SoftTissueAnatomy(depth: exam.depth, stream: &stream)
    let shape = shape(of: lesion, in: anatomy, stream: &stream)
    let scanner = Scanner(geometry: geometry, setting: ScanSetting(exam, stream: &stream))
    let scene = SoftTissueScene(anatomy: anatomy, lesion: shape)

    func grey(_ instant: Int) -> [UInt8] {
      var speckle = RandomStream(seed: seed, purpose: "speckle", lesion.number, acquisition, instant)
      var pixels = scanner.picture(of: scene, stream: &speckle)
      ScreenScales(geometry: geometry).draw(on: &pixels)
      return pixels
    }

    var flowStream = RandomStream(seed: seed, purpose: "flow", lesion.number, acquisition)
    let vessels = LesionVessels(of: shape, vascularity(of: lesion), stream: &flowStream)
    let passing = LesionVessels.passing(flowStream.index(below: 3), at: shape, calibre: 0.5, stream: &flowStream)
    let steer = [-0.26, 0, 0.26][flowStream.index(below: 3)]
    let flow = FlowMap(
      vessels.segments + passing, geometry: geometry, steer: steer, bloom: flowStream.uniform(0.12...0.3))
    let doppler = ColorDoppler(
      geometry: geometry, noise: FlowNoise(stream: &flowStream), scale: [12, 14, 16][flowStream.index(below: 3)])
    let box = PixelFrame(around: shape, margin: flowStream.uniform(0.25...0.6), geometry: geometry)

    return Acquisition(
      size: settings.imageSize, masks: [shape.mask(geometry: geometry)],
      images: [
        AcquiredImage(modality: .bMode, pixels: .grey(grey(0))),
        AcquiredImage(
          modality: .colorDoppler, pixels: .color(doppler.picture(grey: grey(1), flow: flow, box: box).pixels)),
      ])
  }

  func vascularity(of lesion: StudyLesion) -> Vascularity {
    let z = lesion.factors[1].map { min(3.2, max(-3.2, $0)) }
    let filled = 1 / (1 + PortableMath.exp(-0.95 * (z[0] - 0.35)))
    return Vascularity(
      stems: Double(LesionVessels.pool) * filled, disorder: 1 / (1 + PortableMath.exp(-1.1 * z[1])),
      calibre: 0.28 + 0.22 * filled)
  }

  /// The depth factor moves the mass from under the skin into the muscle, as far as there is room.
  private func shape(
    of lesion: StudyLesion, in anatomy: SoftTissueAnatomy, stream: inout RandomStream
  ) -> LesionShape {
    let depth = lesion.exam.depth
    let half = lesion.radius * 1.05
    let highest = min(anatomy.skin + 1.5 + half, 0.5 * depth)
    let lowest = max(highest + 2, min(depth, anatomy.bone) - 3 - half)
    let share = 1 / (1 + PortableMath.exp(-1.3 * min(3.2, max(-3.2, lesion.factors[0][5]))))
    let room = max(0, 0.5 * 46 - lesion.radius * 1.25)
    return LesionShape(
      look: look(of: lesion), x: stream.uniform(-1...1) * min(7, room), z: highest + share * (lowest - highest),
      radius: lesion.radius, aspect: lesion.aspect, outline: lesion.outline, turn: stream.uniform(-0.3...0.3),
      frequencyMHz: lesion.exam.device.frequencyMHz, stream: &stream)
  }

  private static let devices: [Device] = [
    Device(
      name: "sim-linear-l12-3", frequencyMHz: 8, face: .linear(width: 50), aperture: 18, looks: 3, greyContrast: 0.7,
      noise: -74, surround: 0),
    Device(
      name: "sim-linear-l15-4-compound", frequencyMHz: 9.5, face: .linear(width: 48), aperture: 20, looks: 5,
      greyContrast: 0.8, noise: -82, surround: 0),
    Device(
      name: "sim-linear-l9-3", frequencyMHz: 6.5, face: .linear(width: 46), aperture: 16, looks: 2, greyContrast: 0.6,
      noise: -68, surround: 12),
    Device(
      name: "sim-linear-l11-3", frequencyMHz: 7.5, face: .linear(width: 50), aperture: 18, looks: 4, greyContrast: 0.9,
      noise: -76, surround: 0),
  ]
}
