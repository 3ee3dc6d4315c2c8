/// What a run did, without anything of the people in it: for `deidentification.json`, which goes with the files.
public struct DeidentificationReport: Sendable, Encodable {
  public let profile = "DICOM PS3.15 Annex E, Basic Application Level Confidentiality Profile"
  /// Codes and meanings of CID 7050 of what was done to every header.
  public let methods: [String]
  public let options: DeidentificationOptions
  public let files: Int
  public let written: Int
  public let duplicates: Int
  public let failed: Int
  public let failuresByKind: [String: Int]
  public let needReview: Int
  /// By attribute: its name, and how often what was done to it.
  public let actions: [Action]
  /// In the order of their paths.
  public let images: [Image]
  /// Pseudonyms of ids that were met with more than one name or birth date: perhaps two people each.
  public let doubtfulPatients: [String]

  public struct Action: Sendable, Encodable {
    public let attribute: String
    public let name: String?
    public let counts: [String: Int]
  }

  public struct Image: Sendable, Encodable {
    public let file: String
    /// Whether text in the pixels was looked for.
    public let pixelsInspected: Bool
    public let blankedPixels: Int
    public let findings: [String]
    public let notes: [String]
    public let needsReview: Bool
  }
}

/// What a command tells of a run: the report, and which input became which output. Holds names of input files, which may hold
/// names of people; it is not written into the output.
public struct DeidentificationSummary: Sendable, Encodable {
  public let report: DeidentificationReport
  public let outputs: [Output]
  public let failures: [Failure]

  public struct Output: Sendable, Encodable {
    public let input: String
    public let output: String
    public let needsReview: Bool
  }

  public struct Failure: Sendable, Encodable {
    public let file: String
    public let reason: String
  }
}
