import Figures
import Foundation
import Tables

/// The tables and figures of a report as files beside its page.
enum ReportFiles {
  /// Writes `tables/NAME.csv` and `tables/NAME.tex` of every table, `figures/NAME.svg` and `figures/NAME.pdf` of every
  /// figure. Errors: a file that cannot be written, a drawing that has no PDF.
  static func write(_ sections: [ReportSection], to folder: URL) throws(EvaluationError) {
    let figures = folder.appendingPathComponent("figures")
    let tables = folder.appendingPathComponent("tables")
    try make(figures)
    try make(tables)
    for figure in sections.flatMap(\.figures) {
      let file = figures.appendingPathComponent(figure.name)
      try write(figure.svg, to: file.appendingPathExtension("svg"))
      try write(pdf(figure, file), to: file.appendingPathExtension("pdf"))
    }
    for table in sections.flatMap(\.tables) {
      let file = tables.appendingPathComponent(table.name)
      try write(table.csv, to: file.appendingPathExtension("csv"))
      try write(table.latex, to: file.appendingPathExtension("tex"))
    }
  }

  static func write(_ text: String, to file: URL) throws(EvaluationError) { try write(Array(text.utf8), to: file) }

  private static func write(_ bytes: [UInt8], to file: URL) throws(EvaluationError) {
    do {
      try AtomicFile.write(bytes, to: file)
    } catch {
      throw .output(error)
    }
  }

  private static func pdf(_ figure: Figure, _ file: URL) throws(EvaluationError) -> [UInt8] {
    do {
      return try figure.pdf()
    } catch {
      throw .output(.writeFailed(path: file.appendingPathExtension("pdf").path, reason: error.description))
    }
  }

  private static func make(_ folder: URL) throws(EvaluationError) {
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    } catch {
      throw .output(.cannotCreate(path: folder.path, reason: error.localizedDescription))
    }
  }
}
