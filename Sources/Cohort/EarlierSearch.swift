/// A search for near-duplicates that another can go on from: one that searches for the new images among all, and not for the earlier
/// among themselves, finds what a search for all finds.
///
/// That is so as long as what was decided of each earlier pair would be decided again: pairs are compared by the same tables, and
/// nobody's patient has become known or another since.
struct EarlierSearch {
  private let contents: Set<String>

  /// Nil where all must be searched for.
  ///
  /// - members: places of looks, one of each content, that stand for the others of that content.
  init?(_ looks: [NearDuplicates.Look], _ members: [Int], exactUpTo exactLimit: Int, copyLimit: Int) {
    // Beyond that what is compared depends on what else there is.
    guard members.count <= exactLimit else { return nil }
    var patients: [String: Int64?] = [:]
    var pictures = 0
    for look in looks {
      guard let earlier = look.earlier else { continue }
      guard earlier.patient == look.patient else { return nil }
      // The first of a content stands for it.
      if patients.updateValue(patients[look.content] ?? look.patient, forKey: look.content) == nil {
        pictures += look.picture.isEmpty ? 0 : 1
      }
    }
    guard !patients.isEmpty else { return nil }
    for member in members {
      if let patient = patients[looks[member].content], patient != looks[member].patient { return nil }
    }
    let now = members.count { !looks[$0].picture.isEmpty }
    let bits = [pictures, now].map { CopyIndex.bits(for: $0, exactUpTo: copyLimit) }
    guard bits[0] == bits[1] else { return nil }
    contents = Set(patients.keys)
  }

  /// Whether it saw a picture of that content.
  func holds(_ content: String) -> Bool { contents.contains(content) }
}
