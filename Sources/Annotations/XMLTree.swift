import Foundation
import Tables

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// An XML file as a tree. Files with a document type are refused: that is where entities are declared, which could grow
/// without bound or name other files.
struct XMLNode {
  let name: String
  let attributes: [String: String]
  let line: Int
  var children: [XMLNode] = []
  /// Of the element itself, without that of its children.
  var text = ""

  func all(_ name: String) -> [XMLNode] { children.filter { $0.name == name } }
  func first(_ name: String) -> XMLNode? { children.first { $0.name == name } }

  /// The text of an element some levels below.
  func text(_ path: String...) -> String? {
    var node = self
    for name in path {
      guard let next = node.first(name) else { return nil }
      node = next
    }
    let text = node.text.trimmingCharacters(in: .whitespacesAndNewlines)
    return text.isEmpty ? nil : text
  }

  static func parse(_ bytes: [UInt8], _ source: AnnotationSource) throws(AnnotationError) -> XMLNode {
    // XML forbids the byte 0 in UTF-8, and UTF-16 always has it here: nothing is hidden from the search below.
    guard !bytes.contains(0) else {
      throw .syntax(file: source.name, line: 1, column: 1, detail: "expected XML in UTF-8")
    }
    if let place = bytes.firstRange(of: Array("<!DOCTYPE".utf8))?.lowerBound {
      let line = bytes[..<place].count { $0 == UInt8(ascii: "\n") } + 1
      throw .syntax(
        file: source.name, line: line, column: 1,
        detail: "a document type declaration, which annotations have no need of")
    }
    let builder = XMLTreeBuilder(source.limits)
    let parser = XMLParser(data: Data(bytes))
    parser.shouldResolveExternalEntities = false
    parser.shouldProcessNamespaces = false
    parser.delegate = builder
    let isWhole = parser.parse()
    if let problem = builder.problem {
      throw .syntax(file: source.name, line: problem.line, column: problem.column, detail: problem.detail)
    }
    guard isWhole, let root = builder.root else {
      let detail = (parser.parserError as NSError?).map { "the XML is not well formed (libxml2's error \($0.code))" }
      throw .syntax(
        file: source.name, line: max(1, parser.lineNumber), column: max(1, parser.columnNumber),
        detail: detail ?? "the XML has no element")
    }
    return root
  }
}

private final class XMLTreeBuilder: NSObject, XMLParserDelegate {
  private let limits: AnnotationLimits
  private var open: [XMLNode] = []
  private var count = 0
  private(set) var root: XMLNode?
  private(set) var problem: (line: Int, column: Int, detail: String)?

  init(_ limits: AnnotationLimits) { self.limits = limits }

  private func stop(_ parser: XMLParser, _ detail: String) {
    problem = problem ?? (max(1, parser.lineNumber), max(1, parser.columnNumber), detail)
    parser.abortParsing()
  }

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
    attributes: [String: String]
  ) {
    count += 1
    guard open.count < limits.maximumDepth else {
      return stop(parser, "elements more than \(limits.maximumDepth) deep")
    }
    guard count <= 4 * limits.maximumRegions else {
      return stop(parser, "more than \(4 * limits.maximumRegions) elements")
    }
    open.append(XMLNode(name: name, attributes: attributes, line: parser.lineNumber))
  }

  func parser(_ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?) {
    guard let node = open.popLast() else { return }
    if open.isEmpty { root = node } else { open[open.count - 1].children.append(node) }
  }

  func parser(_ parser: XMLParser, foundCharacters text: String) {
    guard !open.isEmpty else { return }
    open[open.count - 1].text += text
  }

  func parser(_ parser: XMLParser, foundCDATA block: Data) {
    guard !open.isEmpty else { return }
    open[open.count - 1].text += String(decoding: block, as: UTF8.self)
  }

  func parser(_ parser: XMLParser, foundInternalEntityDeclarationWithName name: String, value: String?) {
    stop(parser, "an entity declaration")
  }

  func parser(
    _ parser: XMLParser, foundExternalEntityDeclarationWithName name: String, publicID: String?, systemID: String?
  ) {
    stop(parser, "an entity declaration")
  }
}
