import Foundation
import Imaging
import Statistics
import Testing
import Ultrasound

@testable import Cohort
@testable import Shortcuts

/// The audit on cohorts whose marks do, or do not, tell the label.
@Suite struct AuditTests {
  /// 120 pictures of 60 patients; half of the malignant ones carry calipers, and `share` of the benign ones.
  private func pictures(malignant: Double, benign: Double) -> [AuditPicture] {
    let plain = StillReading(of: Drawn(seed: 21).picture).withoutPixels()
    var drawn = Drawn(seed: 21)
    drawn.calipers()
    let marked = StillReading(of: drawn.picture).withoutPixels()
    return (0..<120).map { place in
      let patient = place / 2
      let isMalignant = patient % 2 == 0
      let mark = Double((patient / 2 * 7 + place % 2) % 30) / 30 < (isMalignant ? malignant : benign)
      return AuditPicture(
        name: "p\(place).png", cluster: "patient\(patient)", isMalignant: isMalignant,
        columns: ["site": mark ? "A" : "B"], reading: mark ? marked : plain)
    }
  }

  private var quick: ShortcutAudit.Settings {
    var settings = ShortcutAudit.Settings()
    settings.permutations = 19
    return settings
  }

  @Test func aTellingMarkIsTold() throws {
    let audit = ShortcutAudit(pictures(malignant: 0.9, benign: 0.1), settings: quick)
    let label = try #require(audit.label)
    let all = try #require(label.areas.first { $0.scope == .all })
    #expect(all.auc.value > 0.8)
    #expect(all.permutationP == 0.05)
    #expect(label.verdict.contains("can be told from what is not tissue"))
    #expect(try #require(label.features.first { $0.name == "caliper present" }).adjustedP < 0.001)
    let caliper = try #require(label.marks.first { $0.kind == .caliper })
    #expect(caliper.withMarkPositive + caliper.withoutMarkPositive == 60)
    #expect(caliper.oddsRatio.value > 10)
    let site = try #require(audit.columns.first?.values.first)
    #expect(try #require(site.areas.last).auc.value > 0.99)
  }

  @Test func aMarkOnBothSidesAlikeIsNotTold() throws {
    let audit = ShortcutAudit(pictures(malignant: 0.5, benign: 0.5), settings: quick)
    let label = try #require(audit.label)
    #expect(!label.verdict.hasPrefix("\"malignant\" can be told from"))
    #expect(label.features.allSatisfy { $0.adjustedP > 0.05 })
  }

  @Test func sameSeedSameFigures() throws {
    let pictures = pictures(malignant: 0.7, benign: 0.3)
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let one = try encoder.encode(ShortcutAudit(pictures, settings: quick))
    #expect(try encoder.encode(ShortcutAudit(pictures, settings: quick)) == one)
    _ = try JSONDecoder().decode(ShortcutAudit.self, from: one)
  }

  @Test func whatCannotBeComputedIsSaid() {
    let benign = pictures(malignant: 0.5, benign: 0.5).filter { $0.isMalignant == false }
    let audit = ShortcutAudit(benign, settings: quick)
    #expect(audit.label == nil)
    #expect(audit.notes.contains { $0.hasPrefix("label: expected both classes") })
    let few = ShortcutAudit(Array(pictures(malignant: 0.5, benign: 0.5).prefix(8)), settings: quick)
    #expect(few.label == nil)
    #expect(ShortcutAudit([], settings: quick).label == nil)
  }

  @Test func aModelThatFollowsTheMarksIsSeen() throws {
    let pictures = pictures(malignant: 0.7, benign: 0.3)
    let scores = pictures.enumerated().map { place, picture in
      Prediction(
        model: "m", split: "test", fold: 0, site: "", patient: picture.cluster, lesion: picture.name,
        image: picture.name, label: picture.isMalignant == true ? .malignant : .benign,
        score: picture.reading.has(.caliper) ? 0.8 : 0.2)
    }
    let audit = ShortcutAudit(pictures, predictions: scores, settings: quick)
    let model = try #require(audit.predictions.first)
    #expect((model.correlationBenign ?? 0) > 0.5)
    #expect(model.verdict.contains("scores higher what marks"))
    let page = try AuditPage(title: "a <b>", audit: audit, sheets: []).html()
    #expect(page.contains("a &lt;b&gt;") && page.contains("odds ratio"))
  }

  /// Whole clusters are dealt out: what was together has one outcome still.
  @Test func permutationsKeepClustersWhole() {
    let clusters = [0, 0, 1, 1, 2, 2, 3, 4, 5]
    let outcomes = [true, true, false, false, true, true, true, false, false]
    var seen: Set<[Bool]> = []
    for stream in 0..<20 {
      let dealt = CrossValidation.permuted(outcomes, clusters: clusters, seed: 1, stream: UInt64(stream))
      #expect(dealt.filter(\.self).count == 5)
      for pair in [(0, 1), (2, 3), (4, 5)] { #expect(dealt[pair.0] == dealt[pair.1]) }
      seen.insert(dealt)
    }
    #expect(seen.count > 3)
  }

  @Test func foldsKeepClustersWholeAndClassesEven() {
    let clusters = (0..<100).map { $0 / 3 }
    let outcomes = clusters.map { $0 % 2 == 0 }
    let folds = CrossValidation.assign(clusters, outcomes, Array(0..<100), folds: 5, seed: 3)
    for cluster in Set(clusters) {
      #expect(Set(zip(clusters, folds).filter { $0.0 == cluster }.map(\.1)).count == 1)
    }
    for fold in 0..<5 {
      let own = zip(outcomes, folds).filter { $0.1 == fold }
      #expect(own.contains { $0.0 } && own.contains { !$0.0 })
    }
  }
}
