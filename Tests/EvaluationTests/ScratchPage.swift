import Cohort
import Foundation
import Testing
import Wording
@testable import Evaluation
@Suite struct ScratchPage {
  @Test(arguments: Language.allCases) func write(language: Language) throws {
    let fixture = StudyFixture(training: language == .chinese)
    let folder = URL(fileURLWithPath: "/tmp/study/page")
    try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let out = folder.appendingPathComponent(language.rawValue)
    try? FileManager.default.removeItem(at: out)
    try StudyReport.write(ReportInput(title: "A whole study", predictions: fixture.predictions, language: language), fixture.tables(in: folder), to: out)
  }
}
