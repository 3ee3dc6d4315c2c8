/// One division of a cohort: image names, each list sorted, no name in two lists.
public struct Fold: Codable, Sendable, Hashable {
  /// 0-based.
  public var index: Int
  public var train: [String]
  /// Cut from the training patients; a network is chosen on it.
  public var validation: [String]
  /// All that is tested on, ``external`` included.
  public var test: [String]
  /// Those of ``test`` that are apart from the internal test: of other sites, or the external part of the table.
  public var external: [String]
  /// Images of none of the three: without a value in the column that divides, or of a patient who is also in the test part.
  public var leftOut: [String]
  /// The column's value that is the test part; nil for k-fold and given splits.
  public var name: String?

  public init(
    index: Int, train: [String], validation: [String], test: [String], leftOut: [String] = [], name: String? = nil,
    external: [String] = []
  ) {
    (self.index, self.train, self.validation, self.test) = (index, train, validation, test)
    (self.leftOut, self.name, self.external) = (leftOut, name, external)
  }
}

extension Fold {
  /// The parts by the names that split.csv gives them; `test` without the external test.
  var parts: [(role: SplitRole, images: [String])] {
    let apart = Set(external)
    return [
      (.train, train), (.validation, validation), (.test, apart.isEmpty ? test : test.filter { !apart.contains($0) }),
      (.externalTest, external), (.leftOut, leftOut),
    ]
  }

  mutating func add(_ image: String, to role: SplitRole) {
    switch role {
    case .train: train.append(image)
    case .validation: validation.append(image)
    case .test: test.append(image)
    case .externalTest:
      test.append(image)
      external.append(image)
    case .leftOut: leftOut.append(image)
    }
  }

  /// With each list in order.
  func sorted() -> Fold {
    Fold(
      index: index, train: train.sorted(), validation: validation.sorted(), test: test.sorted(),
      leftOut: leftOut.sorted(), name: name, external: external.sorted())
  }
}

/// What an image is in a fold.
public enum SplitRole: String, Codable, Sendable, Hashable, CaseIterable {
  case train, validation, test
  case externalTest = "external-test"
  case leftOut = "left-out"
}
