import CFigures

/// Why a drawing has no PDF.
package struct DrawingError: Error, Sendable, CustomStringConvertible {
  package let description: String
}

/// An SVG drawing as one PDF page: vectors stay vectors, text stays text.
package enum PDF {
  /// - svg: as ``Canvas/svg(name:title:description:)`` gives it; width and height in pixels, 96 an inch.
  package static func page(svg: String, width: Double, height: Double) throws(DrawingError) -> [UInt8] {
    var svg = svg
    var bytes: UnsafeMutablePointer<UInt8>?
    var size = 0
    var message = [CChar](repeating: 0, count: Int(CFG_MESSAGE))
    let status = svg.withUTF8 { text in
      text.withMemoryRebound(to: CChar.self) { text in
        cfg_pdf(text.baseAddress, text.count, width, height, &bytes, &size, &message)
      }
    }
    guard status == CFG_OK, let bytes else {
      throw DrawingError(
        description: "PDF: " + String(decoding: message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
      )
    }
    defer { cfg_free(bytes) }
    return Array(UnsafeBufferPointer(start: bytes, count: size))
  }
}
