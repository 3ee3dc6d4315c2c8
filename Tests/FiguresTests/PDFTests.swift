import Foundation
import Testing

@testable import Figures

@Suite struct PDFTests {
  private func drawing() -> String {
    var canvas = Canvas(width: 200, height: 100)
    canvas.text("Sensitivity", at: Point(10, 40))
    canvas.line(Point(0, 0), Point(200, 100), Stroke(Palette.ink))
    return canvas.svg(name: "x", title: "t", description: "d")
  }

  @Test func aPageIsAPDFOfTheDrawingsSizeAndAlwaysTheSame() throws {
    let page = try PDF.page(svg: drawing(), width: 200, height: 100)
    let text = String(decoding: page, as: UTF8.self)
    #expect(text.hasPrefix("%PDF-1."))
    #expect(text.contains("MediaBox [ 0 0 150 75 ]"))
    #expect(try PDF.page(svg: drawing(), width: 200, height: 100) == page)
  }

  @Test func whatIsNoDrawingIsAnError() {
    #expect(throws: DrawingError.self) { try PDF.page(svg: "<p>no drawing</p>", width: 10, height: 10) }
    #expect(throws: DrawingError.self) { try PDF.page(svg: "", width: 10, height: 10) }
    #expect(throws: DrawingError.self) { try PDF.page(svg: drawing(), width: 0, height: .nan) }
  }
}
