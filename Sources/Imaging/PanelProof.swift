import Foundation
import Ultrasound

/// One drawing for a person to sign: each screen with its panels outlined, the two panels beside each other at one size, and both
/// laid over each other, with the numbers of their alignment.
public struct PanelProof: Sendable {
  public struct Entry: Sendable {
    /// As the sheet names it, its file and frame.
    public let name: String
    public let frame: RGBImage
    public let panels: PairedPanels

    public init(name: String, frame: RGBImage, panels: PairedPanels) {
      (self.name, self.frame, self.panels) = (name, frame, panels)
    }
  }

  private static let cell = (width: 300.0, height: 240.0)
  private static let row = 310.0
  private var rows: [String] = []
  private var refused: [String] = []

  public init() {}

  /// - Throws: `ImagingError.notEncodable` for a frame without pixels.
  public mutating func add(_ entry: Entry) throws(ImagingError) {
    let picture = Data(try PNG.encode(entry.frame)).base64EncodedString()
    let top = 70 + Double(rows.count) * Self.row
    let id = "frame\(rows.count)"
    let (width, height) = (entry.frame.width, entry.frame.height)
    let whole = PixelBox(x: 0, y: 0, width: Double(width), height: Double(height))
    let (first, second) = (entry.panels.first, entry.panels.second)
    func outline(_ box: PixelBox, _ colour: String) -> String {
      "<rect x=\"\(box.x)\" y=\"\(box.y)\" width=\"\(box.width)\" height=\"\(box.height)\" fill=\"none\" stroke=\"\(colour)\" "
        + "stroke-width=\"2\" vector-effect=\"non-scaling-stroke\"/>"
    }
    func view(_ column: Int, _ box: PixelBox, _ content: String) -> String {
      "<svg x=\"\(20 + Double(column) * 310)\" y=\"\(top + 40)\" width=\"\(Self.cell.width)\" height=\"\(Self.cell.height)\" "
        + "viewBox=\"\(box.x) \(box.y) \(box.width) \(box.height)\"><clipPath id=\"\(id)v\(column)\"><rect x=\"\(box.x)\" "
        + "y=\"\(box.y)\" width=\"\(box.width)\" height=\"\(box.height)\"/></clipPath>"
        + "<g clip-path=\"url(#\(id)v\(column))\">\(content)</g></svg>"
    }
    let use = "<use href=\"#\(id)\"/>"
    // The second panel half transparent over the first, cut to the panel.
    let over =
      "<clipPath id=\"\(id)c\"><rect x=\"\(first.x)\" y=\"\(first.y)\" width=\"\(first.width)\" height=\"\(first.height)\"/>"
      + "</clipPath>\(use)<g clip-path=\"url(#\(id)c)\"><g opacity=\"0.5\" "
      + "transform=\"translate(\(first.x - second.x) \(first.y - second.y))\">\(use)</g></g>"
    rows.append(
      "<defs><image id=\"\(id)\" width=\"\(width)\" height=\"\(height)\" href=\"data:image/png;base64,\(picture)\"/></defs>"
        + "<text x=\"20\" y=\"\(top + 12)\" font-weight=\"bold\">\(Self.escaped(entry.name))</text>"
        + "<text x=\"20\" y=\"\(top + 30)\">\(Self.escaped(Self.summary(entry.panels)))</text>"
        + view(0, whole, use + outline(first, "#00c853") + outline(second, "#ffab00"))
        + view(1, first, use) + view(2, second, use) + view(3, first, over)
        + "<rect x=\"1270\" y=\"\(top + 40)\" width=\"16\" height=\"16\" fill=\"none\" stroke=\"black\"/>"
        + "<text x=\"1292\" y=\"\(top + 53)\">right</text>"
        + "<rect x=\"1270\" y=\"\(top + 64)\" width=\"16\" height=\"16\" fill=\"none\" stroke=\"black\"/>"
        + "<text x=\"1292\" y=\"\(top + 77)\">wrong</text>")
  }

  /// A screen from which no pair was made.
  public mutating func addRefused(name: String, reason: String) { refused.append("\(name): \(reason)") }

  /// The sheet as one file without references to others.
  public func svg() -> String {
    let below = 70 + Double(rows.count) * Self.row
    let height = below + 40 + 18 * Double(refused.count) + 60
    let list = refused.enumerated().map { index, line in
      "<text x=\"20\" y=\"\(below + 40 + 18 * Double(index))\">\(Self.escaped(line))</text>"
    }
    let heading = refused.isEmpty ? "" : "<text x=\"20\" y=\"\(below + 18)\" font-weight=\"bold\">Left whole</text>"
    return """
      <svg xmlns="http://www.w3.org/2000/svg" width="1360" height="\(height)" viewBox="0 0 1360 \(height)" \
      font-family="sans-serif" font-size="13">
      <rect width="100%" height="100%" fill="white"/>
      <text x="20" y="28" font-size="18" font-weight="bold">Panels made into pairs: \(rows.count)</text>
      <text x="20" y="52">Screen (first panel green, second amber); first panel; second panel; both laid over each other.</text>
      \(rows.joined(separator: "\n"))
      \(heading)
      \(list.joined(separator: "\n"))
      <text x="20" y="\(height - 20)">Checked by ______________________   Date ______________   Signature ______________________</text>
      </svg>

      """
  }

  private static func summary(_ panels: PairedPanels) -> String {
    let alignment =
      panels.alignment.map {
        String(
          format: "second panel off by %.1f, %.1f pixels (confidence %.2f)", tenths($0.dx), tenths($0.dy), $0.confidence
        )
      } ?? "alignment cannot be checked"
    return "\(panels.firstContent.rawValue) and \(panels.secondContent.rawValue), \(panels.arrangement.rawValue), "
      + "\(Int(panels.first.width)) x \(Int(panels.first.height)) pixels each; found by \(panels.evidence.rawValue), "
      + String(format: "confidence %.2f; ", panels.confidence) + alignment
  }

  /// Without a sign on zero.
  private static func tenths(_ pixels: Double) -> Double { (10 * pixels).rounded() / 10 + 0 }

  private static func escaped(_ text: String) -> String {
    text.replacingOccurrences(of: "&", with: "&amp;").replacingOccurrences(of: "<", with: "&lt;")
      .replacingOccurrences(of: ">", with: "&gt;")
  }
}
