import Foundation

/// Decides of each draft, in the order of the source, whether it comes in.
struct ImportJudge {
  private(set) var fresh: [ImportRun.Fresh] = []
  private(set) var finished: [ImportRun.Finished] = []
  private(set) var problems: [CohortProblem]
  private(set) var unchanged = 0
  private(set) var repeats = 0
  /// Files that are no picture, by kind.
  private(set) var leftOut: [String: Int] = [:]
  private(set) var people: [String: PersonHash]
  private let held: Held
  private var consistency: Consistency
  private var instances: [String: (name: String, sha256: String)]
  /// Those of `fresh`.
  private var newInstances: Set<String> = []
  /// Fingerprints of `fresh` by name.
  private var newNames: [String: String] = [:]
  /// Where each person was first met.
  private var places: [String: String] = [:]

  var lesions: [String: Consistency.Lesion] { consistency.lesions }

  private let hidesNames: Bool
  private let codebook: Codebook?

  /// - hidesNames: see ``ImageDraft/completed(by:hidesNames:)``.
  /// - codebook: the cohort's own; a cell that it cannot read is a problem.
  init(held: Held, problems: [CohortProblem], hidesNames: Bool, codebook: Codebook?) {
    (self.hidesNames, self.codebook) = (hidesNames, codebook)
    (self.held, self.problems, instances) = (held, problems, held.instances)
    people = held.people.mapValues(\.hash)
    places = held.people.mapValues(\.image)
    consistency = Consistency(catalogued: held.lesions)
    for exam in held.exams { consistency.add(exam: exam.exam, of: exam.patient, exam.date, exam.site, held.place) }
  }

  /// A draft that was not read again.
  mutating func pass(_ draft: ImageDraft, _ known: ImportRun.Finished?) {
    switch known?.state {
    case "left-out": leftOut[known?.fingerprint ?? "", default: 0] += 1
    case "repeat":
      unchanged += 1
      repeats += 1
    default:
      unchanged += 1
      if !draft.isFound { problems += consistency.add(draft) }
    }
  }

  /// A draft that was read.
  mutating func judge(
    _ draft: ImageDraft, key: String, stamp: String?, _ entry: ImportJournal.Entry?
  ) throws(CohortError) {
    var end: (state: String, fingerprint: String?)?
    switch entry {
    case nil: throw .catalogue(path: held.place, reason: "the import's journal lost \(draft.place)")
    case .problem(let message):
      // A row's contradictions are told even where its file cannot be read.
      if !draft.isFound { problems += consistency.add(draft) }
      refuse(draft, message)
    case .leftOut(let kind):
      leftOut[kind, default: 0] += 1
      end = ("left-out", kind)
    case .image(let facts): end = judge(draft.completed(by: facts, hidesNames: hidesNames), facts, key: key)
    }
    if let end, let stamp {
      finished.append(ImportRun.Finished(key: key, stamp: stamp, state: end.state, fingerprint: end.fingerprint))
    }
  }

  private mutating func refuse(_ draft: ImageDraft, _ message: String) {
    problems.append(CohortProblem(place: draft.place, message: message))
  }

  /// How it ended; nil where it is refused.
  private mutating func judge(
    _ draft: ImageDraft, _ facts: ImageFacts, key: String
  ) -> (state: String, fingerprint: String?)? {
    let instance = facts.dicom?.acquisition.sopInstance
    if let instance, let first = instances[instance] {
      let isOther = first.name != draft.name
      // A de-identified image is called by its instance: two files of one instance have one name.
      if first.sha256 != facts.file.sha256, isOther || hidesNames {
        refuse(draft, "its SOP Instance UID is that of \(first.name), which has other content")
        return nil
      }
      if draft.isFound, isOther || newInstances.contains(instance) {
        unchanged += 1
        repeats += 1
        return ("repeat", instance)
      }
    }
    if let stranger = stranger(draft, facts) {
      refuse(draft, stranger)
      return nil
    }
    let contradictions = unreadable(draft) + consistency.add(draft)
    guard contradictions.isEmpty else {
      problems += contradictions
      return nil
    }
    let fingerprint = draft.fingerprint(facts)
    // Pictures that are called by their content.
    if let other = newNames[draft.name] {
      guard other == fingerprint else {
        refuse(draft, "the same picture stands elsewhere in the source, with another mask or other data")
        return nil
      }
      unchanged += 1
      repeats += 1
      return ("image", fingerprint)
    }
    switch held.fingerprints[draft.name] {
    case nil:
      if let instance, instances[instance] == nil {
        instances[instance] = (draft.name, facts.file.sha256)
        newInstances.insert(instance)
      }
      newNames[draft.name] = fingerprint
      fresh.append(ImportRun.Fresh(key: key, draft: draft, facts: facts, fingerprint: fingerprint))
    case fingerprint: unchanged += 1
    default:
      refuse(draft, "image \"\(draft.name)\" is in the cohort already, with other content or data")
      return nil
    }
    return ("image", fingerprint)
  }

  /// Cells that are not what the cohort's codebook says.
  private func unreadable(_ draft: ImageDraft) -> [CohortProblem] {
    guard let codebook else { return [] }
    return draft.clinical.compactMap { column, text in
      guard let variable = codebook[column] else { return nil }
      do throws(CellFault) {
        _ = try variable.value(of: text)
        return nil
      } catch {
        return CohortProblem(place: draft.place, message: "column \"\(column)\": \(error.description)")
      }
    }
  }

  /// What speaks against a file's patient being who the cohort knows under that Patient ID.
  private mutating func stranger(_ draft: ImageDraft, _ facts: ImageFacts) -> String? {
    guard draft.isFound, let patient = draft.patient, let person = facts.dicom?.person else { return nil }
    if let known = people[patient], known.differs(from: person) {
      return "two patients with one id: its Patient ID is that of \(places[patient] ?? "an earlier file"), its name or "
        + "birth date is not"
    }
    people[patient] = people[patient].map { $0.filled(from: person) } ?? person
    if places[patient] == nil { places[patient] = draft.place }
    return nil
  }
}
