import Foundation
import Imaging
import Testing

/// Real stills: all decode, and the known near-duplicates of the breast set are found.
@Suite(.enabled(if: Fixtures.hasShared, "needs ../shared"))
struct SharedDataTests {
  /// path, dataset and group of the stills in manifest.csv.
  private static func stills() throws -> [(file: URL, dataset: String, group: String)] {
    let manifest = try String(contentsOf: Fixtures.shared.appending(path: "manifest.csv"), encoding: .utf8)
    return manifest.split(whereSeparator: \.isNewline).dropFirst().compactMap { line in
      let fields = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      guard fields.count > 3, fields[0].hasSuffix(".png") || fields[0].hasSuffix(".jpg") else { return nil }
      return (Fixtures.shared.appending(path: fields[0]), fields[1], fields[3])
    }
  }

  @Test func everyStillDecodesToItsHeaderSize() throws {
    let stills = try Self.stills().enumerated().filter { $0.offset % 5 == 0 }.map(\.element)
    #expect(stills.count > 50)
    for still in stills {
      let (decoded, size) = (try Stills.decode(still.file), try Stills.size(still.file))
      #expect(decoded.width == size.width && decoded.height == size.height, "\(still.file.path)")
    }
  }

  @Test func knownNearDuplicatesAreFoundAndNoOthers() throws {
    let stills = try Self.stills().filter { $0.dataset == "breast-busi" && $0.file.path.contains("/images/") }
    let greys = try stills.map { try Stills.decode($0.file).grey() }
    let hashes = greys.map(PerceptualHash.init)
    var (known, found, wrong) = (0, 0, 0)
    for first in stills.indices {
      for second in first + 1..<stills.count {
        let same = stills[first].group == stills[second].group
        let near =
          hashes[first].distance(to: hashes[second]) <= PerceptualHash.nearDuplicateDistance
          && greys[first].similarity(to: greys[second]) >= GreyImage.nearDuplicateSimilarity
        known += same ? 1 : 0
        found += same && near ? 1 : 0
        wrong += !same && near ? 1 : 0
      }
    }
    #expect(known > 50 && found == known && wrong == 0, "found \(found) of \(known), and \(wrong) others")
  }
}
