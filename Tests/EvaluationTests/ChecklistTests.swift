import Cohort
import Foundation
import Testing
import Ultrasound
import Wording

@testable import Evaluation

@Suite struct ChecklistTests {
  // MARK: The checklists

  @Test func claimHasItsFortyFourItems() {
    #expect(Checklist.claim.items.map(\.number) == (1...44).map(String.init))
  }

  @Test func tripodHasItsItemsAndTheirParts() {
    let parts = [
      3: "abc", 5: "ab", 6: "abc", 8: "abc", 9: "abc", 12: "abcdefg", 18: "abcdef", 20: "abc", 23: "ab", 27: "abc",
    ]
    let numbers = (1...27).flatMap { item in parts[item]?.map { "\(item)\($0)" } ?? ["\(item)"] }
    #expect(numbers.count == 52)
    #expect(Checklist.tripod.items.map(\.number) == numbers)
    let scopes = Dictionary(grouping: Checklist.tripod.items) { $0.scope }.mapValues { $0.map(\.number) }
    #expect(scopes[.development] == ["9a", "12a", "12b", "12c", "15", "22", "27a", "27b"])
    #expect(scopes[.evaluation] == ["12f", "12g", "20c", "24"])
  }

  @Test func everySubjectIsAskedForOnceAChecklist() {
    for checklist in Checklists.all {
      let subjects = checklist.items.compactMap(\.subject)
      #expect(Set(subjects).count == subjects.count, "\(checklist.id)")
    }
    #expect(Set(Checklists.all.flatMap { $0.items.compactMap(\.subject) }) == Set(Subject.allCases))
  }

  // MARK: A whole run

  @Test func aRunFillsWhatItsRecordsShow() throws {
    let record = try ChecklistFixture.record(ChecklistFixture.rich())
    let claim = FilledChecklist(.claim, from: record)
    func first(_ number: String) -> Evidence? { claim[number]?.evidence.first }
    #expect(
      first("7")
        == Evidence(
          text: "450 images of 178 lesions of 160 patients", link: "provenance.json", place: "provenance.json: images"))
    #expect(first("8")?.link == "#flow")
    #expect(first("9")?.text == "the lesion’s region and 20 % around it, resized to 224 × 224 pixels")
    #expect(first("12")?.link == "protocol.json")
    #expect(first("19")?.text == "cross-validation in 5 folds by patient, classes balanced over the folds")
    #expect(claim["19"]?.evidence.map(\.link).contains("split.csv") == true)
    #expect(claim["19"]?.evidence.last?.text.hasPrefix("lesions of a fold: training ") == true)
    #expect(
      first("20")?.text
        == "no patient is in training and test of one fold; checked in the predictions, folds: 5")
    #expect(first("22")?.text == "network resnet18, dropout 0.5; one logit of malignancy")
    #expect(first("23")?.text == "versions: Insonate 0.4.0, libtorch 2.13.0")
    #expect(first("24")?.text == "weights of the file liver.safetensors")
    #expect(
      first("25")?.text
        == "20 epochs, batches of 16, optimiser adamw, learning rate 0.001, weight decay 0.01, schedule one-cycle")
    #expect(first("26")?.text == "the epoch of the lowest loss on the fold’s validation part")
    #expect(first("32")?.link == "#results-internal-test")
    #expect(first("33")?.link == "#results-external-test")
    #expect(
      first("35")
        == Evidence(text: "patients included and excluded, with reasons", link: "#flow", place: "Flow diagram"))
    #expect(claim["35"]?.isWhole == true && claim["36"]?.isWhole == false)
    #expect(first("36")?.link == "#cohort")
    #expect(
      claim["25"]?.evidence.map(\.text).contains(
        "loss binary-cross-entropy + triplet, weight 1 + attention, weight 0.5, sampler class-balanced") == true)
    let tripod = FilledChecklist(.tripod, from: record)
    #expect(tripod["13"]?.isWhole == false)
    #expect(tripod["13"]?.evidence.map(\.text) == ["sampler class-balanced; weight of the malignant class 2"])
    #expect(tripod["9a"]?.evidence.contains { $0.text == "factors of the combined model: afp > 200" } == true)
    #expect(tripod["22"]?.evidence.contains { $0.link == "#nomogram" } == true)
  }

  /// The evidence's numbers are those of the metrics.
  @Test func numbersAreThoseOfTheMetrics() throws {
    let record = try ChecklistFixture.record(ChecklistFixture.rich())
    let unit = try #require(record.metrics.headline?.units.first)
    let auc = try #require(unit.pooledAUC)
    let interval = try #require(auc.quoted)
    let numbers = [auc.value, interval.lower, interval.upper].map { String(format: "%.3f", $0) }
    #expect(
      record.finding(.internalTest).evidence.map(\.text)
        == [
          "internal test: AUC \(numbers[0]) (95 % CI \(numbers[1]) to \(numbers[2])), \(unit.count) lesions of \(unit.patients) patients"
        ])
    // Five folds test each inner lesion once.
    #expect(record.counts.test.values.reduce(0) { $0 + $1.lesions.count } == unit.count)
  }

  @Test func whatOnlyAManuscriptCanSayIsLeftToItsAuthors() throws {
    let record = try ChecklistFixture.record(ChecklistFixture.rich())
    let claim = FilledChecklist(.claim, from: record)
    for number in ["1", "2", "3", "4", "5", "6", "11", "15", "16", "17", "18", "21", "34", "40", "41", "43", "44"] {
      #expect(claim[number] == Finding.none, "CLAIM \(number)")
    }
    let tripod = FilledChecklist(.tripod, from: record)
    for number in [
      "1", "2", "3a", "4", "5b", "6c", "8b", "10", "12f", "14", "17", "18a", "18e", "19", "24", "25", "27c",
    ] {
      #expect(tripod[number] == Finding.none, "TRIPOD \(number)")
    }
    #expect(claim.found == 27)
    #expect(claim.rows.count - claim.found == 17)
  }

  @Test(arguments: Language.allCases) func everyLinkHasItsTarget(language: Language) throws {
    let input = try ChecklistFixture.rich()
    let files = StudyRecord.files(of: input)
    for ids in [ChecklistFixture.sectionIDs, [], ["results", "table1"]] {
      let record = try ChecklistFixture.record(input, sectionIDs: ids, words: Wording(language))
      for checklist in Checklists.all {
        for evidence in FilledChecklist(checklist, from: record).rows.flatMap(\.finding.evidence) {
          let isThere =
            evidence.link.hasPrefix("#")
            ? ids.contains(String(evidence.link.dropFirst())) : files.contains(evidence.link)
          #expect(isThere, "\(checklist.id): \(evidence)")
        }
      }
    }
  }

  @Test func filesThatAreNotThereAreNotLinked() throws {
    let input = try ChecklistFixture.rich()
    let record = try ChecklistFixture.record(input, sectionIDs: [], files: ["provenance.json"])
    for checklist in Checklists.all {
      let links = FilledChecklist(checklist, from: record).rows.flatMap(\.finding.evidence).map(\.link)
      #expect(Set(links) == ["provenance.json"], "\(checklist.id)")
    }
    let weights = try ChecklistFixture.record(
      input, files: ["checkpoints/fold-1.safetensors", "checkpoints/fold-1.last.safetensors"])
    #expect(weights.finding(.specification).evidence.first?.link == "checkpoints/fold-1.safetensors")
    #expect(weights.finding(.specification).evidence.first?.text == "weights of the networks, files: 1")
  }

  // MARK: What is not claimed

  @Test func aBareTableLeavesNearlyAllEmpty() throws {
    let record = try ChecklistFixture.record(ChecklistFixture.bare(), sectionIDs: ["study", "results-test", "methods"])
    let claim = FilledChecklist(.claim, from: record)
    #expect(
      claim.rows.filter { !$0.finding.evidence.isEmpty }.map(\.item.number) == ["28", "29", "35", "37", "38", "39"])
    let tripod = FilledChecklist(.tripod, from: record)
    #expect(
      tripod.rows.filter { !$0.finding.evidence.isEmpty }.map(\.item.number) == ["8a", "12e", "15", "20a", "21", "23a"])
    // A fixed cut-off, and numbers of a test part alone, are not all that is asked for.
    #expect(tripod["15"]?.isWhole == false && tripod["20a"]?.isWhole == false && tripod["21"]?.isWhole == false)
  }

  @Test func externalTestingNeedsAnExternalPart() throws {
    var input = try ChecklistFixture.rich()
    input.predictions.removeAll { $0.split == "external-test" }
    let record = try ChecklistFixture.record(input)
    for subject in [Subject.externalTest, .ensemble, .differences, .outcomeByPart] {
      #expect(record.finding(subject) == Finding.none, "\(subject)")
    }
    #expect(record.finding(.internalTest).isWhole)
  }

  @Test func aTestPartOfNoStatedOriginIsNeitherInternalNorExternal() throws {
    let record = try ChecklistFixture.record(ChecklistFixture.bare())
    #expect(record.finding(.internalTest) == Finding.none && record.finding(.externalTest) == Finding.none)
  }

  @Test func sharedPatientsAreNotCalledDisjoint() throws {
    var input = try ChecklistFixture.rich()
    let tested = try #require(input.predictions.first { $0.split == "internal-test" })
    let place = try #require(input.predictions.firstIndex { $0.split == "train" && $0.fold == tested.fold })
    input.predictions[place].patient = tested.patient
    #expect(try ChecklistFixture.record(input).finding(.disjointness) == Finding.none)
  }

  @Test func withoutPatientsNothingIsSaidOfPatients() throws {
    var input = try ChecklistFixture.rich()
    input.patientsAreKnown = false
    let record = try ChecklistFixture.record(input)
    for subject in [Subject.partitions, .disjointness, .internalTest, .dataSource, .uncertainty, .analysisNumbers] {
      for text in record.finding(subject).evidence.map(\.text) {
        #expect(
          !text.replacingOccurrences(of: "names no patients", with: "").contains("patient"), "\(subject): \(text)")
      }
    }
    #expect(!record.finding(.disjointness).isWhole)
  }

  @Test func anEpochChosenOnTheTestPartIsSaidToBe() throws {
    var input = try ChecklistFixture.rich()
    input.protocolJSON = ChecklistFixture.studyProtocol.replacingOccurrences(
      of: #""chooseOn": "validation""#, with: #""chooseOn": "test""#)
    #expect(try ChecklistFixture.record(input).finding(.finalModel).evidence.first?.text.contains("optimistic") == true)
  }

  @Test func thatNothingWeighsTheClassesIsSaid() throws {
    var input = try ChecklistFixture.rich()
    input.protocolJSON = #"{"sampler": "shuffled", "loss": {"kind": "binary-cross-entropy", "positiveWeight": 1}}"#
    let finding = try ChecklistFixture.record(input).finding(.classImbalance)
    #expect(finding.isWhole && finding.evidence.first?.text.hasPrefix("none used") == true)
  }

  private static let richMetrics = Result { try Evaluator.metrics(of: ChecklistFixture.rich().predictions) }

  /// Every value that a protocol may choose of a set has its words in both languages.
  @Test(arguments: [
    (#""split": "k-fold""#, #""split": "column""#), (#""split": "k-fold""#, #""split": "given""#),
    (#""choose": "loss""#, #""choose": "auc""#), (#""choose": "loss""#, #""choose": "last""#),
    (#""sample": "image""#, #""sample": "pair""#), (#""sample": "image""#, #""sample": "lesion""#),
    (#""sample": "image""#, #""sample": "clip""#), (#""region": "lesion""#, #""region": "image""#),
    (#""margin": 0.2"#, #""margin": 0"#), (#""classes": 1"#, #""classes": 2"#),
    (#""weights": "/weights/liver.safetensors""#, #""weights": "none""#),
    (#""weights": "/weights/liver.safetensors""#, #""weights": "imagenet""#),
    (#""missing": "level""#, #""missing": "drop""#), (#""score": "logit""#, #""score": "probability""#),
    (#""screening": "multivariable""#, #""screening": "univariate""#),
    (#""screening": "multivariable""#, #""screening": "all""#),
    (
      #""kind": "binary-cross-entropy", "positiveWeight": 2, "alpha": 0.5"#, #""kind": "focal", "alpha": 0.7"#
    ),
    (#""kind": "binary-cross-entropy""#, #""kind": "focal""#),
    (#""kind": "binary-cross-entropy""#, #""kind": "class-balanced-focal""#),
    (#""flip": 0.5, "rotation": 8.6"#, #""flip": 0"#), (#""chooseOn": "validation""#, #""chooseOn": "test""#),
  ])
  func choicesHaveTheirWords(found: String, put: String) throws {
    var input = try ChecklistFixture.rich()
    let changed = ChecklistFixture.studyProtocol.replacingOccurrences(of: found, with: put)
    try #require(changed != ChecklistFixture.studyProtocol)
    input.protocolJSON = changed.replacingOccurrences(of: #""column": """#, with: #""column": "site""#)
    let words = Wording(.chinese)
    let metrics = try Self.richMetrics.get()
    func record(_ input: ReportInput) -> StudyRecord {
      StudyRecord(
        input: input, metrics: metrics, sectionIDs: ChecklistFixture.sectionIDs, files: nil, words: words)
    }
    let (before, after) = (record(try ChecklistFixture.rich()), record(input))
    #expect(Subject.allCases.contains { before.finding($0) != after.finding($0) })
    #expect(words.missing.isEmpty, "\(words.missing)")
  }

  @Test(arguments: ["", "[1]", "{\"validation\": 3}", "{\"validation\": {\"split\": \"other\"}, \"clinical\": null}"])
  func aProtocolOfAnotherFormIsNoEvidence(text: String) throws {
    var input = ChecklistFixture.bare()
    input.protocolJSON = text
    let record = try ChecklistFixture.record(input)
    for subject in [Subject.partitions, .model, .training, .finalModel, .preprocessing, .classImbalance] {
      #expect(record.finding(subject) == Finding.none, "\(subject)")
    }
  }

  @Test func noPredictionOfATestPartIsNoResult() throws {
    let input = ReportInput(title: "", predictions: [row("a", .benign, 0.2, split: "train")])
    let record = try ChecklistFixture.record(input, sectionIDs: ["study", "methods"])
    for checklist in Checklists.all { #expect(FilledChecklist(checklist, from: record).found == 0) }
  }

  // MARK: The page and the files

  @Test(arguments: Language.allCases) func everyPhraseIsInBothLanguages(language: Language) throws {
    let words = Wording(language)
    let rich = try ChecklistFixture.rich()
    var other = rich
    other.patientsAreKnown = false
    other.isInSilico = true
    for input in [rich, other, ChecklistFixture.bare()] {
      let metrics = try Evaluator.metrics(of: input.predictions, patientsAreKnown: input.patientsAreKnown)
      let sections = Checklists.sections(
        input: input, metrics: metrics, sectionIDs: ChecklistFixture.sectionIDs, words: words)
      #expect(sections.map(\.id) == ["claim", "tripod"])
    }
    for part in ReportPart.allCases { _ = words(part.name) }
    #expect(words.missing.isEmpty, "\(words.missing)")
  }

  @Test func aSectionHasItsTableOnceAndItsLinks() throws {
    let input = try ChecklistFixture.rich()
    let metrics = try Evaluator.metrics(of: input.predictions)
    let sections = Checklists.sections(
      input: input, metrics: metrics, sectionIDs: ChecklistFixture.sectionIDs, words: Wording())
    for (section, columns, rows) in zip3(sections, [6, 7], [44, 52]) {
      let table = try #require(section.tables.first)
      #expect(section.tables.count == 1 && table.name == section.id)
      #expect(table.columns.count == columns && table.rows.count == rows)
      #expect(table.rows.allSatisfy { $0.count == columns })
      let page = HTML.section(section).text
      #expect(page.components(separatedBy: "<table").count == 2)
      #expect(page.contains("<details") && page.contains("href=\"protocol.json\"") && page.contains("href=\"#cohort\""))
      #expect(page.components(separatedBy: "<th scope=\"row\">").count == rows + 1)
    }
    let claim = try #require(sections.first?.tables.first)
    #expect(claim.caption.contains("27 of 44 items have evidence from this run"))
    #expect(claim.rows[0].suffix(3) == ["", "", "to be written by the authors"])
    #expect(claim.rows[31].contains("report.html#results-internal-test"))
  }

  private func zip3<A, B, C>(_ a: [A], _ b: [B], _ c: [C]) -> [(A, B, C)] { zip(a, zip(b, c)).map { ($0, $1.0, $1.1) } }
}
