public import Foundation
public import Wording

/// What a run's heat maps are worth, written to `explanations/summary.json`.
public struct ExplanationSummary: Codable, Sendable, Equatable {
  public var schema = "insonate-explanations-1"
  public var method = "Grad-CAM (Selvaraju et al. 2017) on the last feature map"
  /// Images of the test parts.
  public var testImages: Int
  /// Those measured, one row each in explanations.csv: at most `Explainer.measuredImages`, at even steps through the
  /// scores.
  public var images: Int
  public var pictures: Int

  /// Mean share of a map's energy that lies on the lesion, 0...1, and mean share of the picture that the lesion fills,
  /// which is what a map that knows nothing would reach. Over `imagesWithRegion`.
  public var energyInside: Double?
  public var areaInside: Double?
  public var imagesWithRegion: Int

  /// The part of the picture that was blurred away, 0...1.
  public var deletedShare: Double
  /// Places tried at random for each image.
  public var randomPlaces: Int
  /// Mean fall of the called class's probability when the strongest part of the map is blurred away, and when as large
  /// and alike a part is at random places (deletion check, after Samek et al. 2017 and Petsiuk et al. 2018).
  public var dropTop: Double?
  public var dropRandom: Double?
  /// Share of the images where the first fall is the larger.
  public var topAboveRandom: Double?

  /// Mean Spearman correlation, cell by cell, of the evidence with that of a network of the same design whose weights
  /// are all drawn anew: near 0 if the maps show what was learnt (model randomisation test, Adebayo et al. 2018).
  public var rankCorrelationUntrained: Double?
  /// The same with the next fold's trained network, for comparison; nil where there is one fold.
  public var rankCorrelationOtherFold: Double?

  /// The numbers in plain words for a report, one sentence a measure.
  public var sentences: [Phrase] {
    guard images > 0 else { return [] }
    var sentences: [Phrase] = []
    if let energyInside, let areaInside {
      let (inside, area) = (Self.percent(energyInside), Self.percent(areaInside))
      sentences.append(
        Phrase(
          """
          On average \(inside) of a heat map lies on the lesion, which fills \(area) of the picture \
          (\(imagesWithRegion) test images).
          """))
    }
    if let dropTop, let dropRandom, let topAboveRandom {
      let (top, random) = (Self.signed(-dropTop), Self.signed(-dropRandom))
      let (deleted, above) = (Self.percent(deletedShare), Self.percent(topAboveRandom))
      sentences.append(
        Phrase(
          """
          Blurring the strongest \(deleted) of the map changes the probability of the call by \(top) on average, as \
          large a part elsewhere by \(random); the map’s own part matters more in \(above) of \(images) images.
          """))
    }
    if let rankCorrelationUntrained { sentences.append(correlation(untrained: rankCorrelationUntrained)) }
    return sentences
  }

  private func correlation(untrained: Double) -> Phrase {
    let first = Self.signed(untrained)
    guard let rankCorrelationOtherFold else {
      return Phrase(
        """
        Rank correlation of the maps with those of an untrained network of the same design: \(first). It should be near \
        0: a map that needs no training shows the picture, not the network.
        """)
    }
    let other = Self.signed(rankCorrelationOtherFold)
    return Phrase(
      """
      Rank correlation of the maps with those of an untrained network of the same design: \(first); with those of \
      another fold’s trained network: \(other). The first should be near 0: a map that needs no training shows the \
      picture, not the network.
      """)
  }

  private static func percent(_ share: Double) -> String { String(format: "%.0f\u{202F}%%", share * 100) }

  private static func signed(_ value: Double) -> String {
    let text = String(format: "%+.2f", value)
    return text == "+0.00" || text == "-0.00" ? "0.00" : text.replacingOccurrences(of: "-", with: "\u{2212}")
  }

  /// The summary of a run; nil where it was not explained. Error: a file that is no summary.
  public static func read(folder: URL) throws(ExplanationError) -> ExplanationSummary? {
    let file = folder.appending(path: ExplanationFolder.summaryName)
    guard FileManager.default.fileExists(atPath: file.path) else { return nil }
    guard let data = try? Data(contentsOf: file),
      let summary = try? JSONDecoder().decode(ExplanationSummary.self, from: data)
    else { throw .run(folder: file.path, reason: "is no summary of explanations; make it anew with insonate explain") }
    return summary
  }
}
