import Foundation
import Imaging
import Testing

@testable import Cohort

struct NearDuplicateTests {
  private static let picture = Thumbnail(pixels: (0..<1024).map { UInt8($0 % 251) })

  private func look(
    _ words: [UInt64], _ content: String, thumbnail: Thumbnail = picture, known: Bool = false
  ) -> NearDuplicates.Look {
    NearDuplicates.Look(
      hash: NearDuplicates.Hash(words: words), thumbnail: thumbnail, content: content, isPatientKnown: known)
  }

  private func flipped(_ words: [UInt64], _ count: Int, _ random: inout SplitMix64) -> [UInt64] {
    var places = Array(0..<256)
    random.shuffle(&places)
    var words = words
    for place in places.prefix(count) { words[place / 64] ^= 1 << UInt64(place % 64) }
    return words
  }

  @Test func sampledSearchFindsWhatAllPairsFind() {
    var random = SplitMix64(seed: 5)
    var hashes = (0..<600).map { _ in (0..<4).map { _ in random.next() } }
    for place in 0..<50 { hashes.append(flipped(hashes[place * 3], place + 2, &random)) }
    var looks = hashes.enumerated().map { look($1, "\($0)") }
    looks += [looks[7], looks[7]]
    let exact = NearDuplicates.groups(of: looks).groups
    #expect(exact.count == 51 && exact.contains([7, 650, 651]) && exact.contains([0, 600]))
    #expect(NearDuplicates.groups(of: looks, exactUpTo: 0).groups == exact)
  }

  @Test(arguments: [(72, false, true), (73, false, false), (60, true, true), (61, true, false)])
  func thePlaceOfTheCut(bits: Int, known: Bool, alike: Bool) {
    var random = SplitMix64(seed: 6)
    let words: [UInt64] = [1, 2, 3, 4]
    let looks = [look(words, "a", known: known), look(flipped(words, bits, &random), "b", known: known)]
    #expect(NearDuplicates.groups(of: looks).groups == (alike ? [[0, 1]] : []))
  }

  @Test func likeHashesAreConfirmedByThePictures() {
    let other = Thumbnail(pixels: (0..<1024).map { UInt8($0 * 7 % 253) })
    let flat = Thumbnail(pixels: [UInt8](repeating: 9, count: 1024))
    #expect(abs(Self.picture.similarity(to: Self.picture) - 1) < 1e-12 && abs(Self.picture.similarity(to: other)) < 0.5)
    #expect(
      NearDuplicates.groups(of: [look([1, 2, 3, 4], "a"), look([1, 2, 3, 4], "b", thumbnail: other)]).groups.isEmpty)
    // Without any contrast only the same bytes are alike.
    let flats = ["a", "b", "a"].map { look([0, 0, 0, 0], $0, thumbnail: flat) }
    #expect(NearDuplicates.groups(of: flats).groups == [[0, 2]])
    #expect(NearDuplicates.groups(of: []).groups.isEmpty)
  }

  @Test func similarityIsThatOfImaging() {
    var random = SplitMix64(seed: 3)
    let images = (0..<2).map { _ in
      GreyImage(width: 50, height: 40, pixels: (0..<2000).map { _ in UInt8(random.next(below: 256)) })
    }
    let ours = Thumbnail(images[0]).similarity(to: Thumbnail(images[1]))
    #expect(abs(ours - images[0].similarity(to: images[1])) < 1e-9)
  }
}
