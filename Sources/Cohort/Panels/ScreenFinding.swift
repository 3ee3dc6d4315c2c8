import Foundation
public import Imaging
import Ultrasound

/// What was found of an image: two panels that make a pair, or why it stays as it is.
public struct ScreenFinding: Sendable {
  public enum Outcome: Sendable {
    case pair(PairedPanels)
    /// One picture, or panels of which no pair can be made.
    case whole(reason: String)
    /// It cannot be read.
    case failed(reason: String)
  }

  public var image: ImageRecord
  public var outcome: Outcome

  /// Of the image that a panel becomes.
  static func name(_ image: ImageRecord, _ content: PairedPanels.Content) -> String {
    "\(image.name)#\(content.rawValue)"
  }
}

extension Catalogue {
  /// Looks for images of screens with two panels (``PanelPairing``), and changes nothing. Of a clip all frames are looked at, since
  /// contrast arrives late.
  ///
  /// - Parameters:
  ///   - names: images; nil for all that are a whole frame and belong to no pair. Errors: `picture` for one that is no such image.
  ///   - jobs: images at a time; nil for one a core.
  ///   - progress: called on the calling thread with images looked at and images there are.
  public func findPanels(
    images names: [String]? = nil, jobs: Int? = nil, progress: ((Int, Int) -> Void)? = nil
  ) throws(CohortError) -> [ScreenFinding] {
    let images = try wholeImages(names)
    let threads = max(1, min(jobs ?? ProcessInfo.processInfo.activeProcessorCount, images.count))
    var findings: [ScreenFinding] = []
    progress?(0, images.count)
    for start in stride(from: 0, to: images.count, by: 16 * threads) {
      let part = Array(images[start..<min(start + 16 * threads, images.count)])
      findings += parallelMap(part, jobs: threads) { ScreenFinding(image: $0, outcome: Self.panels(of: $0)) }
      progress?(findings.count, images.count)
    }
    return findings
  }

  private func wholeImages(_ names: [String]?) throws(CohortError) -> [ImageRecord] {
    let images = try images()
    guard let names else { return images.filter { $0.crop == nil && $0.pair == nil } }
    let byName = Dictionary(images.map { ($0.name, $0) }) { one, _ in one }
    var chosen: [ImageRecord] = []
    for name in Set(names).sorted() {
      guard let image = byName[name] else {
        throw .picture(image: name, reason: "the cohort has no image of this name")
      }
      guard image.crop == nil else { throw .picture(image: name, reason: "it is a part of a screen already") }
      if let pair = image.pair { throw .picture(image: name, reason: "it belongs to the pair \"\(pair)\" already") }
      chosen.append(image)
    }
    return chosen
  }

  private static func panels(of image: ImageRecord) -> ScreenFinding.Outcome {
    let reader = PictureReader()
    var pairing = PanelPairing(width: image.width, height: image.height)
    do throws(CohortError) {
      for frame in 0..<image.extent.frames { pairing.add(try reader.frame(frame, of: image)) }
    } catch {
      guard case .picture(_, let reason) = error else { return .failed(reason: error.description) }
      return .failed(reason: reason)
    }
    switch pairing.find(regions: image.regions) {
    case .none(let reason): return .whole(reason: reason)
    case .pair(let panels):
      guard panels.firstContent != panels.secondContent else {
        return .whole(reason: "both panels show \(panels.firstContent.rawValue), and a pair has two kinds")
      }
      return .pair(panels)
    }
  }
}
