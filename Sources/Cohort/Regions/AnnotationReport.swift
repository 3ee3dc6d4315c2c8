/// What files of annotations brought into a cohort.
public struct AnnotationReport: Codable, Sendable, Hashable {
  /// Files that came in, by name as given or below the folder given.
  public var applied: [String] = []
  /// Files of the same content as one that came in before; they change nothing.
  public var unchanged: [String] = []
  /// JSON and XML files of folders that are no annotations.
  public var leftOut = 0
  /// Regions that came in.
  public var regions = 0
  /// Regions that the image had already, in all the same.
  public var repeated = 0
  /// Images in which they are.
  public var images = 0
  /// Images that got their lesion's box, and those that got a mask or a mask of calcifications.
  public var boxes = 0
  public var masks = 0
  public var calcificationMasks = 0
  /// Lesions that had no label and got one.
  public var labels = 0
  /// Files of which nothing came in, with the first reason; where absent pictures are allowed, also files that mark such.
  public var failures: [ImportFailure] = []
  public var notes: [String] = []
}

/// Why a file of annotations cannot be applied to a cohort.
struct AnnotationRefusal: Error, Equatable {
  var reason: String
  /// Whether a picture is simply not there.
  var isAbsence: Bool

  init(_ reason: String, isAbsence: Bool = false) { (self.reason, self.isAbsence) = (reason, isAbsence) }
}
