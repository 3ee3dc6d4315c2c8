import Foundation
import Tables
import Testing
import Ultrasound

@testable import Cohort

/// 90 patients of 1 to 3 lesions with an image each; every seventh pair of neighbours looks alike; five sites; a date each.
private func cohort(seed: UInt64) -> [ImageRecord] {
  var random = SplitMix64(seed: seed)
  return (0..<90).flatMap { patient -> [ImageRecord] in
    let (count, label) = (1 + Int(random.next(below: 3)), random.next(below: 10) < 4 ? Label.malignant : .benign)
    let (site, month) = (Int(random.next(below: 5)), 1 + Int(random.next(below: 12)))
    return (0..<count).map { lesion in
      var one = image(
        "p\(patient)-\(lesion).png", patient: "P\(patient)", lesion: "L\(patient)-\(lesion)", label: label,
        site: "S\(site)", group: patient % 7 < 2 && lesion == 0 ? "alike-\(patient / 7)" : nil)
      one.exam = "E\(lesion)"
      one.date = "2023-\(month < 10 ? "0" : "")\(month)-1\(lesion)"
      return one
    }
  }
}

private let requests: [SplitRequest] = [
  .kFold(folds: 5, seed: 2), .column("site", seed: 2), SplitRequest(method: .parts([0.8, 0.2]), seed: 3),
  SplitRequest(method: .parts([0.6, 0.2, 0.2]), seed: 3), SplitRequest(method: .parts([0.7, 0.1, 0.1, 0.1]), seed: 3),
  SplitRequest(method: .holdOut(column: "site", values: ["S1", "S3"], parts: [0.8, 0.2]), seed: 3),
  SplitRequest(method: .holdOut(column: "site", values: ["S1"], parts: [0.7, 0.15, 0.15]), seed: 3),
  SplitRequest(method: .holdOut(column: "site", values: ["S2"], parts: []), seed: 3),
  SplitRequest(method: .after(date: "2023-08-31"), seed: 3),
]

private func refusal(_ body: () throws -> Void) -> String {
  do {
    try body()
    return "nothing was refused"
  } catch {
    return "\(error)"
  }
}

struct FirewallTests {
  private static let likeness = LikenessSearch(version: 1, images: 180, examined: 12, confirmed: 9)

  private func proof(
    _ folds: [Fold], _ images: [ImageRecord], _ request: SplitRequest, likeness: LikenessSearch = likeness
  ) throws -> SplitProof {
    try SplitProof(
      folds, of: images, request: request, likeness: likeness, patientsAreKnown: true, cohortHash: "00")
  }

  /// Checked here by hand, and not by the firewall itself.
  @Test(arguments: 0..<9, [1, 2, 3] as [UInt64])
  func everySplitKeepsTogetherWhatBelongsTogether(way: Int, seed: UInt64) throws {
    let images = cohort(seed: seed)
    let request = requests[way]
    let folds = try Splitter.folds(of: images, request: request)
    #expect(try Splitter.folds(of: images.reversed(), request: request) == folds)
    #expect(try proof(folds, images, request).isIntact)
    let records = Dictionary(uniqueKeysWithValues: images.map { ($0.name, $0) })
    for fold in folds {
      let parts = fold.parts.map(\.images)
      #expect(parts.flatMap(\.self).sorted() == images.map(\.name).sorted())
      for (place, part) in parts.dropLast().enumerated() {
        for other in parts[..<place] {
          for key in [\ImageRecord.patient, \.patientOrGroup] {
            let sides = [part, other].map { Set($0.compactMap { records[$0]?[keyPath: key] }) }
            #expect(sides[0].isDisjoint(with: sides[1]))
          }
        }
      }
    }
  }

  @Test func partsHoldWhatWasAskedOfEachClass() throws {
    let images = cohort(seed: 4)
    for parts in [[0.8, 0.2], [0.7, 0.1, 0.1, 0.1]] {
      let request = SplitRequest(method: .parts(parts), validationFraction: 0, seed: 1)
      let fold = try #require(try Splitter.folds(of: images, request: request).first)
      let held = parts.count == 2 ? [fold.train, fold.test] : fold.parts.dropLast().map(\.images)
      for label in Label.allCases {
        let all = Set(images.filter { $0.label == label }.map(\.name))
        for (part, wanted) in zip(held, parts) {
          // A unit of look-alikes may hold patients of both classes, and six lesions.
          #expect(abs(Double(all.intersection(part).count) - wanted * Double(all.count)) <= 7)
        }
      }
    }
  }

  @Test func whatIsHeldOutIsTheExternalTest() throws {
    let images = cohort(seed: 5)
    let fold = try #require(try Splitter.folds(of: images, request: requests[5]).first)
    #expect(fold.external == images.filter { ["S1", "S3"].contains($0.site) }.map(\.name).sorted())
    #expect(Set(fold.external).isStrictSubset(of: fold.test) && !fold.leftOut.isEmpty)
    let sites = Set(
      (fold.train + fold.validation + fold.leftOut).compactMap { name in images.first { $0.name == name }?.site })
    #expect(sites.isDisjoint(with: ["S1", "S3"]))
    let folder = try TemporaryFolder()
    try SplitTable.write([fold], of: images, to: folder("split.csv"))
    #expect(try SplitTable.read(folder("split.csv")) == [fold])
  }

  @Test func theTestPartIsOfPatientsSeenLater() throws {
    var images = cohort(seed: 6)
    images[0].date = nil
    let request = requests[8]
    let fold = try #require(try Splitter.folds(of: images, request: request).first)
    func days(_ names: [String]) -> [String] { images.filter { names.contains($0.name) }.compactMap(\.date) }
    #expect(days(fold.test).allSatisfy { $0 > "2023-08-31" } && days(fold.train).allSatisfy { $0 <= "2023-08-31" })
    #expect(fold.leftOut.contains(images[0].name) && fold.test.count > 20)
    images[1].date = "May 2023"
    #expect(refusal { _ = try Splitter.folds(of: images, request: request) }.contains("\"May 2023\" is no day"))
    #expect(ExamDate("20230901").map { $0 > ExamDate("2023-08-31 10:00") ?? $0 } == true)
    #expect(ExamDate("2023-13-01") == nil && ExamDate("2023") == nil && ExamDate("01.02.2023") == nil)
  }

  @Test func whatCannotBeDividedIsSaid() {
    let images = cohort(seed: 7)
    func refused(_ method: SplitRequest.Method) -> String {
      refusal { _ = try Splitter.folds(of: images, request: SplitRequest(method: method)) }
    }
    #expect(refused(.parts([0.5, 0.4])).contains("expected 2 to 4 numbers above 0 of sum 1"))
    #expect(refused(.parts([1])).hasPrefix("parts 1.0"))
    #expect(refused(.holdOut(column: "site", values: ["S9"], parts: [])).contains("no value \"S9\"; there are: S0, S1"))
    #expect(refused(.holdOut(column: "site", values: [], parts: [])).contains("no value of column"))
    #expect(refused(.holdOut(column: "site", values: ["S1"], parts: [0.7, 0.1, 0.1, 0.1])).contains("2 to 3"))
    #expect(refused(.after(date: "soon")).contains("expected a day"))
    #expect(refused(.after(date: "2024-01-01")).contains("no patient was first seen after"))
    let few = Array(images.filter { $0.label == .malignant }.prefix(1)) + images.filter { $0.label == .benign }
    let request = SplitRequest(method: .parts([0.5, 0.5]))
    #expect(refusal { _ = try Splitter.folds(of: few, request: request) }.contains("1 malignant"))
  }

  @Test func aGivenSplitThatLeaksIsRefusedWithThePairs() {
    var images = (0..<8).map { place in
      image(
        "i\(place)", patient: "P\(place)", label: place % 2 == 0 ? .benign : .malignant,
        split: place < 5 ? .train : .internalTest)
    }
    (images[0].patient, images[7].patient, images[0].exam, images[7].exam) = ("P7", "P7", "E1", "E1")
    (images[1].duplicateGroup, images[6].duplicateGroup) = ("alike-1", "alike-1")
    #expect(
      refusal { _ = try Splitter.folds(of: images, request: .given()) } == """
        the split leaks: 3 pairs on two sides
          patient "P7", fold 1: i7 (internal-test) and i0 (train)
          exam "E1 of P7", fold 1: i7 (internal-test) and i0 (train)
          near-duplicates "alike-1", fold 1: i6 (internal-test) and i1 (train)
        """)
  }

  @Test func aSplitThatWasTamperedWithIsRefused() throws {
    let images = cohort(seed: 8)
    for request in requests {
      let folds = try Splitter.folds(of: images, request: request)
      #expect(try Firewall.leaks(in: folds, of: images, request: request).isEmpty)
      // One image of a patient with several is moved to the test part.
      let several = Dictionary(grouping: images, by: \.patient).filter { $0.value.count > 1 }
      let moved = try #require(
        folds[0].train.first { name in several.values.contains { $0.contains { $0.name == name } } })
      var torn = folds
      torn[0].train.removeAll { $0 == moved }
      torn[0].test.append(moved)
      let leaks = try Firewall.leaks(in: torn, of: images, request: request)
      #expect(leaks.contains { $0.kind == .patient && $0.images.contains(moved) && $0.fold == 0 })
      #expect(throws: CohortError.self) { try proof(torn, images, request) }
      torn[0].train.append(moved)
      #expect(
        try Firewall.leaks(in: torn, of: images, request: request).contains { $0.kind == .image && $0.key == moved })
    }
    let folds = [Fold(index: 0, train: ["p1-0.png"], validation: [], test: ["nobody.png"])]
    #expect(refusal { _ = try proof(folds, images, .given()) }.contains("\"nobody.png\""))
  }

  @Test func aSiteOnTwoSidesIsALeakWhereTheSiteDivides() throws {
    let images = cohort(seed: 9)
    let request = requests[7]
    var fold = try #require(try Splitter.folds(of: images, request: request).first)
    // A whole patient, so that only the site is torn.
    let patient = try #require(images.first { $0.name == fold.external.first { !$0.hasSuffix("-1.png") } }?.patient)
    let group = Set(images.filter { $0.patient == patient }.map(\.name))
    fold.test.removeAll { group.contains($0) }
    fold.external.removeAll { group.contains($0) }
    fold.train += group
    let leaks = try Firewall.leaks(in: [fold], of: images, request: request)
    #expect(leaks.contains { $0.kind == .value && $0.key == "site S2" })
    #expect(!(try Firewall.leaks(in: [fold], of: images, request: .given())).contains { $0.kind == .value })
  }

  @Test func theProofChangesWithAllItRestsOn() throws {
    let images = cohort(seed: 10)
    let request = SplitRequest.kFold(folds: 3, seed: 1)
    let folds = try Splitter.folds(of: images, request: request)
    let first = try proof(folds, images, request)
    let again = try proof(folds, images.reversed(), request)
    #expect(again == first && first.sha256.count == 64)
    let pairs = first.divisions.map { division in
      let sides = division.parts.map(\.images)
      return (0..<sides.count).reduce(0) { sum, k in sum + sides[k] * sides[..<k].reduce(0, +) }
    }
    #expect(first.divisions.map(\.pairs) == pairs && first.pairsExamined == pairs.reduce(0, +))
    var other = Self.likeness
    other.version = 2
    let seeded = SplitRequest.kFold(folds: 3, seed: 2)
    var moved = folds
    moved[0].leftOut.append(moved[0].test.removeLast())
    var hashes: Set = [
      first.sha256, try proof(folds, images, request, likeness: other).sha256, try proof(folds, images, seeded).sha256,
      try proof(moved, images, request).sha256, try proof([folds[0]], images, request).sha256,
    ]
    hashes.insert(
      try SplitProof(
        folds, of: images, request: request, likeness: Self.likeness, patientsAreKnown: true, cohortHash: "01"
      ).sha256)
    #expect(hashes.count == 6)
    let folder = try TemporaryFolder()
    try first.write(to: folder(SplitProof.fileName))
    var read = try JSONDecoder().decode(SplitProof.self, from: Data(contentsOf: folder(SplitProof.fileName)))
    #expect(read == first && read.isIntact)
    read.divisions[0].parts[0].patients += 1
    #expect(!read.isIntact)
  }

  @Test func aCohortProvesItsSplits() throws {
    let folder = try TemporaryFolder()
    _ = try Importer.run(source: folder.simpleSource(count: 9), into: folder("c.cohort"))
    let catalogue = try Catalogue.open(folder("c.cohort"))
    let (images, request) = (try catalogue.images(), SplitRequest.kFold(folds: 3, validationFraction: 0, seed: 1))
    let folds = try Splitter.folds(of: images, request: request)
    let proof = try catalogue.proof(of: folds, images: images, request: request)
    #expect(proof.likeness.images == 9 && proof.cohortHash.count == 64 && proof.patientsAreKnown)
    #expect(proof.divisions.map(\.pairs) == [18, 18, 18])
    #expect(
      proof.divisions[0].parts.map(\.role) == [.train, .test] && proof.divisions[0].parts[0].malignantLesions == 2)
  }
}

extension ImageRecord {
  fileprivate var patientOrGroup: String { duplicateGroup ?? patient }
}
