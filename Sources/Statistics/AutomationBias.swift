/// What an aid did to readers' calls, apart where it was right and where it was wrong.
public struct AutomationBias: Sendable {
  /// One case read by one reader without and with the aid.
  public struct Reading: Sendable {
    public var reader: Int
    public var truth: Bool
    public var unaided: Bool
    public var aided: Bool
    /// The aid's own call.
    public var aid: Bool

    public init(reader: Int, truth: Bool, unaided: Bool, aided: Bool, aid: Bool) {
      (self.reader, self.truth, self.unaided, self.aided, self.aid) = (reader, truth, unaided, aided, aid)
    }
  }

  /// A share with its counts. The interval is Wilson's for one reader; pooled, Wilson's at the number of readings that the
  /// spread between readers leaves (`ClusteredProportion`). Undefined for a share of nothing.
  public struct Share: Sendable {
    public let changed: Int
    public let total: Int
    public let estimate: Estimate
  }

  /// Where the aid is wrong: unaided right calls that became wrong aided. This is automation bias.
  public let rightToWrong: Share
  /// Where the aid is wrong: unaided wrong calls that became right all the same.
  public let wrongToRightDespite: Share
  /// Where the aid is right: unaided wrong calls that became right.
  public let wrongToRight: Share
  /// Where the aid is right: unaided right calls that became wrong all the same.
  public let rightToWrongDespite: Share
  /// Readings in which the unaided call differed from the aid's: those that followed it, where it was right and where wrong.
  public let followedRight: Share
  public let followedWrong: Share
  /// Aided calls that equal the aid's, and unaided calls that did so already.
  public let adherence: Share
  public let agreementBefore: Share
  public let readings: Int
  /// Readings corrected less readings spoilt by the aid, as a share of all: the change of accuracy.
  public let netBenefit: Double
  /// The part of it from cases where the aid is right, and where it is wrong.
  public let netBenefitAidRight: Double
  public let netBenefitAidWrong: Double

  /// Over all readings; where they are of several readers, intervals allow for those.
  /// - Throws: `empty`.
  public init(_ readings: [Reading], level: Double = 0.95) throws(StatisticsError) {
    try Require.level(level)
    if readings.isEmpty { throw .empty(what: "readings with and without the aid") }
    func share(_ all: (Reading) -> Bool, _ changed: (Reading) -> Bool) -> Share {
      let rows = readings.filter(all)
      let hits = rows.map(changed)
      let count = hits.count { $0 }
      let clustered = try? ClusteredProportion(hits, clusters: rows.map(\.reader), level: level)
      return Share(
        changed: count, total: rows.count,
        estimate: clustered?.estimate ?? Proportion.wilson(successes: count, of: rows.count, level: level))
    }
    func right(_ reading: Reading) -> Bool { reading.unaided == reading.truth }
    func aidRight(_ reading: Reading) -> Bool { reading.aid == reading.truth }
    func changed(_ reading: Reading) -> Bool { reading.aided != reading.unaided }
    rightToWrong = share({ !aidRight($0) && right($0) }, changed)
    wrongToRightDespite = share({ !aidRight($0) && !right($0) }, changed)
    wrongToRight = share({ aidRight($0) && !right($0) }, changed)
    rightToWrongDespite = share({ aidRight($0) && right($0) }, changed)
    followedRight = share({ $0.unaided != $0.aid && aidRight($0) }, { $0.aided == $0.aid })
    followedWrong = share({ $0.unaided != $0.aid && !aidRight($0) }, { $0.aided == $0.aid })
    adherence = share({ _ in true }, { $0.aided == $0.aid })
    agreementBefore = share({ _ in true }, { $0.unaided == $0.aid })
    self.readings = readings.count
    let total = Double(readings.count)
    netBenefitAidRight = Double(wrongToRight.changed - rightToWrongDespite.changed) / total
    netBenefitAidWrong = Double(wrongToRightDespite.changed - rightToWrong.changed) / total
    netBenefit = netBenefitAidRight + netBenefitAidWrong
  }
}
