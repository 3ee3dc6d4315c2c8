import Foundation
import Ultrasound

/// Round and turned shapes as rings.
enum Ellipse {
  static func ring(centre: PixelPoint, radii: (Double, Double), angle: Double) -> [PixelPoint] {
    let largest = max(radii.0, radii.1, 0.1)
    let count = min(360, max(16, Int((.pi / acos(max(0, 1 - 0.05 / largest))).rounded(.up))))
    let turn = 2 * .pi / Double(count)
    // Grown so that the polygon's area is the ellipse's.
    let growth = (turn / sin(turn)).squareRoot()
    return (0..<count).map { index in
      let (along, across) = (radii.0 * growth * cos(turn * Double(index)), radii.1 * growth * sin(turn * Double(index)))
      return PixelPoint(
        x: centre.x + along * cos(angle) - across * sin(angle), y: centre.y + along * sin(angle) + across * cos(angle))
    }
  }

  static func corners(of box: PixelBox, turnedBy degrees: Double) -> [PixelPoint] {
    let (angle, half) = (degrees * .pi / 180, (box.width / 2, box.height / 2))
    let centre = (box.x + half.0, box.y + half.1)
    return [(-half.0, -half.1), (half.0, -half.1), (half.0, half.1), (-half.0, half.1)].map { x, y in
      PixelPoint(x: centre.0 + x * cos(angle) - y * sin(angle), y: centre.1 + x * sin(angle) + y * cos(angle))
    }
  }
}
