import Foundation
import GRDB
import Imaging
import Testing

@testable import Cohort

/// A search for new images only finds what a search for all finds.
struct ContinuedSearchTests {
  /// Scans of eight patients, each with a copy under another's name or nobody's, and one file twice.
  private static let looks: [NearDuplicates.Look] = {
    let originals = (0..<12).map { specklePicture(seed: UInt64($0)) }
    let copies = originals.enumerated().map { place, image in
      let kind = PlantedCopy.allCases[place % PlantedCopy.allCases.count]
      return (try? kind.applied(to: image, seed: UInt64(place))) ?? image
    }
    let looks = (originals + copies).enumerated().map { place, image in
      let picture = PictureLook(image)
      let patient: Int64? = place % 3 == 0 ? nil : Int64(place % 8)
      return NearDuplicates.Look(
        hash: picture.hash, thumbnail: picture.thumbnail, content: "\(place * 7 % 24)", isPatientKnown: patient != nil,
        patient: patient, picture: picture.picture)
    }
    return looks + [looks[5]]
  }()

  /// `looks` with what a search of those that are not new made of them.
  private func afterSearch(
    of earlier: [Bool], _ looks: [NearDuplicates.Look], exactUpTo limit: Int
  ) -> [NearDuplicates.Look] {
    let places = looks.indices.filter { earlier[$0] }
    var looks = looks
    let groups = NearDuplicates.groups(of: places.map { looks[$0] }, exactUpTo: limit).groups
    for place in places { looks[place].earlier = NearDuplicates.Earlier(patient: looks[place].patient) }
    for (number, group) in groups.enumerated() {
      for member in group { looks[places[member]].earlier?.group = "\(number)" }
    }
    return looks
  }

  @Test(arguments: 1...6) func anyPartSearchedBeforeChangesNothing(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let all = NearDuplicates.groups(of: Self.looks)
    #expect(all.groups.count == 12 && !all.isContinued)
    let earlier = Self.looks.map { _ in random.next(below: 6) < seed }
    let found = NearDuplicates.groups(of: afterSearch(of: earlier, Self.looks, exactUpTo: 256))
    #expect(found.groups == all.groups && found.isContinued == earlier.contains(true))
  }

  @Test func nothingNewIsNothingToSearchFor() {
    let looks = afterSearch(of: Self.looks.map { _ in true }, Self.looks, exactUpTo: 256)
    let found = NearDuplicates.groups(of: looks)
    #expect(found.groups.count == 12 && found.isContinued && found.copies == CopySearch.Tally())
  }

  /// Copies that are found only in windows of the earlier, or by windows of the new, in tables too.
  @Test(arguments: [false, true], [0, 256]) func aCropIsFoundWhicheverCameFirst(isCropNew: Bool, limit: Int) {
    let originals = (0..<6).map { specklePicture(seed: UInt64($0)) }
    let crops = originals.map { $0.kept(left: 0.1, top: 0.1, part: 0.8) }
    let pictures = (originals + crops).map(LocalContrast.shrunk)
    var sets = DisjointSets(count: 12)
    let fresh = pictures.indices.map { ($0 >= 6) == isCropNew }
    _ = CopySearch(pictures, fresh: fresh, exactUpTo: limit).join(Array(pictures.indices), in: &sets)
    #expect(sets.sets() == (0..<6).map { [$0, $0 + 6] })
  }

  @Test func aPatientWhoHasBecomeKnownHasAllSearchedAgain() {
    var looks = afterSearch(of: Self.looks.map { _ in true }, Self.looks, exactUpTo: 256)
    (looks[0].patient, looks[0].isPatientKnown) = (70, true)
    #expect(!NearDuplicates.groups(of: looks).isContinued)
  }

  @Test func moreTablesHaveAllSearchedAgain() {
    var random = SplitMix64(seed: 1)
    let looks = (0..<258).map { place in
      NearDuplicates.Look(
        hash: NearDuplicates.Hash(words: (0..<4).map { _ in random.next() }),
        thumbnail: Thumbnail(pixels: [UInt8](repeating: 0, count: 1024)), content: "\(place)", isPatientKnown: false,
        picture: (0..<48 * 48).map { _ in UInt8(random.next(below: 256)) })
    }
    func isContinued(after count: Int) -> Bool {
      NearDuplicates.groups(of: afterSearch(of: looks.indices.map { $0 < count }, looks, exactUpTo: 0)).isContinued
    }
    #expect(isContinued(after: 257) && !isContinued(after: 256))
  }

  @Test(arguments: [["first", "second"], ["second", "first"]]) func twoImportsMakeTheCohortOfOne(parts: [String]) throws
  {
    let folder = try TemporaryFolder()
    for place in 0..<6 {
      let image = specklePicture(seed: UInt64(place))
      let copy = try PlantedCopy.allCases[place * 2].applied(to: image, seed: 1)
      for root in ["all", "first"] { try folder.write(PNG.encode(image.rgb()), to: "\(root)/a/\(place).png") }
      for root in ["all", "second"] {
        try folder.write(PNG.encode(place == 1 ? image.rgb() : copy.rgb()), to: "\(root)/b/\(place).png")
        try folder.write(PNG.encode(specklePicture(seed: 100 + UInt64(place)).rgb()), to: "\(root)/c/\(place).png")
      }
    }
    _ = try Importer.run(source: folder("all"), into: folder("one.cohort"))
    for part in parts { _ = try Importer.run(source: folder(part), into: folder("two.cohort")) }
    let (one, two) = (try Catalogue.open(folder("one.cohort")), try Catalogue.open(folder("two.cohort")))
    #expect(try one.contentHash() == two.contentHash())
    #expect(try two.summary().nearDuplicateGroups == 6)
    #expect(try two.refreshLikeness().images == 18)
    // All that is searched is known for the next time.
    let members = try two.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM likeness_member") }
    #expect(members == 18)
  }
}
