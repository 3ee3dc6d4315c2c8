import Foundation
import Testing
import Ultrasound

@testable import Cohort

struct SplitterTests {
  /// 60 patients, 1 to 3 lesions each, every third malignant.
  static let images: [ImageRecord] = (0..<60).flatMap { patient in
    (0...patient % 3).map { lesion in
      image(
        "p\(patient)-\(lesion).png", patient: "P\(patient)", lesion: "P\(patient)-\(lesion)",
        label: patient % 3 == 0 || (patient == 1 && lesion == 0) ? .malignant : .benign, site: "S\(patient % 4)")
    }
  }

  private func refusal(_ images: [ImageRecord], _ request: SplitRequest) -> String {
    do {
      _ = try Splitter.folds(of: images, request: request)
      return "nothing was refused"
    } catch {
      return error.description
    }
  }

  @Test func everyImageIsTestedOnceAndNoPatientIsTorn() throws {
    let images = Self.images
    let folds = try Splitter.folds(of: images, request: .kFold(folds: 5, seed: 3))
    #expect(folds.flatMap(\.test).sorted() == images.map(\.name).sorted())
    let patient = Dictionary(uniqueKeysWithValues: images.map { ($0.name, $0.patient) })
    for fold in folds {
      #expect((fold.train + fold.validation + fold.test).sorted() == images.map(\.name).sorted())
      let sides = [fold.train, fold.validation, fold.test].map { Set($0.compactMap { patient[$0] }) }
      #expect(
        sides[0].isDisjoint(with: sides[1]) && sides[0].isDisjoint(with: sides[2])
          && sides[1].isDisjoint(with: sides[2]))
      #expect(fold.train == fold.train.sorted() && fold.test == fold.test.sorted())
    }
  }

  @Test func classesAreSpreadEvenly() throws {
    let images = Self.images
    let malignant = Set(Unit.units(of: images).filter { $0.label == .malignant }.flatMap(\.images))
    // A patient with one malignant lesion is malignant as a whole.
    #expect(malignant.isSuperset(of: ["p1-0.png", "p1-1.png"]))
    for fold in try Splitter.folds(of: images, request: .kFold(folds: 5, validationFraction: 0.25, seed: 3)) {
      #expect((4...5).contains(fold.test.count { malignant.contains($0) }))
      #expect((18...20).contains(fold.test.count { !malignant.contains($0) }))
      let all = fold.train + fold.validation
      for part in [malignant, Set(all).subtracting(malignant)] {
        let (cut, whole) = (fold.validation.count { part.contains($0) }, all.count { part.contains($0) })
        #expect(abs(Double(cut) / Double(whole) - 0.25) < 0.04)
      }
    }
  }

  @Test func theSeedAloneDecides() throws {
    let folds = try Splitter.folds(of: Self.images, request: .kFold(folds: 4, seed: 7))
    #expect(try Splitter.folds(of: Self.images.reversed(), request: .kFold(folds: 4, seed: 7)) == folds)
    #expect(try Splitter.folds(of: Self.images, request: .kFold(folds: 4, seed: 8)) != folds)
    // The same on every machine: Tools/golden/folds.py.
    let few = (0..<6).map { image("i\($0)", patient: "P\($0)", label: $0 < 3 ? .benign : .malignant) }
    let golden = try Splitter.folds(of: few, request: .kFold(folds: 3, seed: 2026))
    #expect(golden.map(\.test) == [["i1", "i4"], ["i0", "i3"], ["i2", "i5"]])
  }

  /// First outputs for seed 1234567, as the author's C program gives them (prng.di.unimi.it/splitmix64.c).
  @Test func theGeneratorIsSplitMix64() {
    var random = SplitMix64(seed: 1_234_567)
    #expect(random.next() == 6_457_827_717_110_365_317)
    #expect(random.next() == 3_203_168_211_198_807_973)
    #expect(random.next() == 9_817_491_932_198_370_423)
  }

  @Test func lookAlikesOfTwoPatientsStayTogether() throws {
    var images = Self.images
    for place in images.indices where ["P3", "P5", "P8"].contains(images[place].patient) {
      images[place].duplicateGroup = "alike"
    }
    let names = Set(images.filter { $0.duplicateGroup != nil }.map(\.name))
    for fold in try Splitter.folds(of: images, request: .kFold(folds: 5)) {
      for part in [fold.train, fold.validation, fold.test] {
        let held = names.intersection(part)
        #expect(held.isEmpty || held == names)
      }
    }
  }

  @Test func tooFewPatientsAreNamedWithBothNumbers() {
    let images = (0..<9).map { image("i\($0)", patient: "P\($0)", label: $0 < 2 ? .malignant : .benign) }
    #expect(
      refusal(images, .kFold(folds: 5)) == "5 folds need at least 5 patients of each class; there are 2 malignant")
    #expect(refusal(images, .kFold(folds: 1)) == "1 folds: expected 2 or more")
    #expect(
      refusal(images, .kFold(folds: 2)) == "the training part has 1 malignant patient; training and validation need 2")
    #expect(refusal(images, .kFold(folds: 2, validationFraction: 0)) == "nothing was refused")
    #expect(refusal(images, .kFold(folds: 2, validationFraction: 1)).hasPrefix("validation fraction 1.0"))
    #expect(refusal([], .kFold(folds: 2)) == "there are no images to divide")
  }

  @Test func oneSiteIsLeftOutInTurn() throws {
    let folds = try Splitter.folds(of: Self.images, request: .column("site"))
    #expect(folds.map(\.name) == ["S0", "S1", "S2", "S3"])
    let site = Dictionary(uniqueKeysWithValues: Self.images.map { ($0.name, $0.site) })
    for fold in folds {
      #expect(Set(fold.test.map { site[$0] }) == [fold.name] && fold.leftOut.isEmpty)
      #expect(!(fold.train + fold.validation).contains { site[$0] == fold.name })
    }
  }

  @Test func aPatientOfTwoSitesIsNotTrainedOnWhereTested() throws {
    var images = Self.images
    images.append(image("visit.png", patient: "P0", lesion: "P0-0", label: .malignant, site: "S1"))
    images.append(image("nowhere.png", patient: "P77"))
    let folds = try Splitter.folds(of: images, request: .column("site"))
    #expect(folds[0].leftOut == ["nowhere.png", "visit.png"])
    #expect(folds[1].test.contains("visit.png") && folds[1].leftOut == ["nowhere.png", "p0-0.png"])
    #expect(folds[2].leftOut == ["nowhere.png"])
  }

  @Test func foldNumbersOfAClinicalColumn() throws {
    let images = (0..<24).map { place in
      image(
        "i\(place)", patient: "P\(place)", label: place < 12 ? .benign : .malignant,
        clinical: ["fold": .number(Double([10, 2, 1][place % 3]))])
    }
    let folds = try Splitter.folds(of: images, request: .column("fold"))
    #expect(folds.map(\.name) == ["1", "2", "10"] && folds.map(\.test.count) == [8, 8, 8])
    #expect(refusal(images, .column("nothing")) == "no image has a value in column \"nothing\"")
    #expect(refusal(images, .column("modality")).hasPrefix("column \"modality\" has the single value \"b-mode\""))
  }

  @Test func givenSplits() throws {
    let splits: [Split?] = [.train, .train, .train, .train, .internalTest, .externalTest, nil, .train]
    var images = splits.enumerated().map { place, split in
      image("i\(place)", patient: "P\(place)", label: place % 2 == 0 ? .benign : .malignant, split: split)
    }
    let cut = try #require(try Splitter.folds(of: images, request: .given(validationFraction: 0.4)).first)
    #expect(cut.test == ["i4", "i5"] && cut.external == ["i5"] && cut.leftOut == ["i6"] && cut.validation.count == 2)
    images[0].split = .validation
    let kept = try #require(try Splitter.folds(of: images, request: .given()).first)
    #expect(kept.validation == ["i0"] && kept.train == ["i1", "i2", "i3", "i7"])
    images[4].patient = "P3"
    #expect(refusal(images, .given()).contains("patient \"P3\", fold 1: i4 (internal-test) and i3 (train)"))
    #expect(refusal(Self.images, .given()) == "no image has split \"train\"")
  }

  @Test func requestsSurviveJSON() throws {
    for request in [SplitRequest.kFold(folds: 5, seed: 3), .column("site"), .given(validationFraction: 0.1)] {
      #expect(try JSONDecoder().decode(SplitRequest.self, from: JSONEncoder().encode(request)) == request)
    }
  }

  /// Without labels there is no class to be missing.
  @Test func aPartWithoutPatientsIsRefused() {
    var images = [
      image("a.png", patient: "P1", label: .benign, site: "S1"), image("b.png", patient: "P2", label: .benign),
    ]
    for place in images.indices { images[place].label = nil }
    let held = SplitRequest(method: .holdOut(column: "site", values: ["S1"], parts: []))
    #expect(refusal(images, held) == "site other than those held out has no patient")
  }
}
