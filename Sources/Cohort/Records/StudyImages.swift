extension Catalogue {
  /// The images that a study is made of: those of the cohort but for what the enrolment log excludes.
  public func studyImages() throws(CohortError) -> [ImageRecord] {
    let images = try images()
    guard let enrolment = try enrolment() else { return images }
    return images.filter { !enrolment.excludes($0) }
  }
}
