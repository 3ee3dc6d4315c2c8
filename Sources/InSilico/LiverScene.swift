import Ultrasound

/// The tissue of one picture: anatomy with the lesion in it.
struct LiverScene: Tissue {
  let anatomy: LiverAnatomy
  let lesion: LesionShape

  func point(x: Double, z: Double, depth: Double) -> TissuePoint {
    let around = anatomy.point(x: x, z: z, depth: depth)
    let parenchyma = TissuePoint(
      echo: anatomy.parenchymaEcho, specular: -100, attenuation: anatomy.parenchymaAttenuation)
    return lesion.overlay(on: around, parenchyma: parenchyma, x: x, z: z)
  }
}

/// One picture of a lesion with its regions.
struct RenderedImage: Sendable {
  /// Side in pixels.
  let size: Int
  /// Grey levels row by row.
  let pixels: [UInt8]
  /// 255 within the lesion's true boundary, else 0 (S2-10).
  let mask: [UInt8]
  /// Parenchyma without lesion, vessel or shadow, at about the lesion's depth (S2-10).
  let backgroundBox: PixelBox
}

/// Pictures from the plan. Each picture of a lesion is another plane: other place, turn, vessels and speckle, same factors.
struct LiverRenderer: Sendable {
  let settings: LiverSettings

  func render(_ lesion: LiverLesion, image: Int) -> RenderedImage {
    let (seed, exam) = (settings.seed, lesion.exam)
    var sceneStream = RandomStream(seed: seed, purpose: "scene", lesion.number, image)
    let geometry = ScanGeometry(device: exam.device, depth: exam.depth, imageSize: settings.imageSize)
    let anatomy = LiverAnatomy(background: lesion.background, depth: exam.depth, stream: &sceneStream)
    let radius = lesion.radius * sceneStream.uniform(0.88...1)
    let (x, z) = place(radius: radius, in: anatomy, depth: exam.depth, stream: &sceneStream)
    let shape = LesionShape(
      look: LesionLook(factors: lesion.bmode), x: x, z: z, radius: radius, aspect: lesion.aspect,
      outline: lesion.outline, turn: sceneStream.uniform(-0.4...0.4), frequencyMHz: exam.device.frequencyMHz,
      stream: &sceneStream)
    let scene = LiverScene(anatomy: anatomy, lesion: shape)
    let setting = ScanSetting(exam, stream: &sceneStream)

    var speckle = RandomStream(seed: seed, purpose: "speckle", lesion.number, image)
    var pixels = Scanner(geometry: geometry, setting: setting).picture(of: scene, stream: &speckle)
    ScreenScales(geometry: geometry).draw(on: &pixels)
    return RenderedImage(
      size: settings.imageSize, pixels: pixels, mask: shape.mask(geometry: geometry),
      backgroundBox: BackgroundRegion(geometry: geometry, scene: scene).box())
  }

  /// A place that keeps the lesion between abdominal wall and diaphragm where there is room. The nominal radius decides,
  /// not the boundary, so that the place tells nothing of the class.
  private func place(
    radius: Double, in anatomy: LiverAnatomy, depth: Double, stream: inout RandomStream
  ) -> (x: Double, z: Double) {
    var best = (x: 0.0, z: 0.5 * depth, room: -Double.infinity)
    for _ in 0..<24 {
      let (x, z) = (stream.uniform(-0.24...0.24) * depth, stream.uniform(0.34...0.68) * depth)
      let room = min(
        z - anatomy.wallDepth - 1.15 * radius - 3, anatomy.distanceToDiaphragm(x: x, z: z) - 1.15 * radius - 2, 0)
      if room > best.room { best = (x, z, room) }
      if room == 0 { break }
    }
    return (best.x, best.z)
  }
}
