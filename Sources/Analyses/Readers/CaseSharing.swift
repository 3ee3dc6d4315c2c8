/// Which readers rated the same cases.
enum CaseSharing: String {
  case crossed, skipped, nestedInReaders, nestedInTreatments, nestedInReadersAndTreatments, nestedInGroups

  init(_ ratings: [[[Double?]]]) {
    let sets = ratings.map { $0.map { scores in Set(scores.indices.filter { scores[$0] != nil }) } }
    let readers = sets.first?.indices ?? 0..<0
    func ofReader(_ reader: Int) -> Set<Int> { sets.reduce(into: []) { $0.formUnion($1[reader]) } }
    let own = readers.map(ofReader)
    let ofTreatment = sets.map { $0.reduce(into: Set<Int>()) { $0.formUnion($1) } }
    func disjoint(_ list: [Set<Int>]) -> Bool {
      list.reduce(0) { $0 + $1.count } == list.reduce(into: Set<Int>()) { $0.formUnion($1) }.count
    }
    let (readersApart, treatmentsApart) = (disjoint(own), disjoint(ofTreatment))
    var groups: [Set<Int>] = []
    for set in own {
      let met = groups.filter { !$0.isDisjoint(with: set) }
      groups.removeAll { !$0.isDisjoint(with: set) }
      groups.append(met.reduce(into: set) { $0.formUnion($1) })
    }
    if sets.joined().filter({ !$0.isEmpty }).allSatisfy({ $0 == own.first }) {
      self = .crossed
    } else if readersApart {
      self = treatmentsApart ? .nestedInReadersAndTreatments : .nestedInReaders
    } else if treatmentsApart {
      self = .nestedInTreatments
    } else {
      self = groups.count > 1 ? .nestedInGroups : .skipped
    }
  }

  var words: String {
    switch self {
    case .crossed: "all readers rated the same cases"
    case .skipped: "readers skipped cases"
    case .nestedInReaders: "every reader has cases of their own"
    case .nestedInTreatments: "every treatment has cases of its own"
    case .nestedInReadersAndTreatments: "every reader and treatment has cases of its own"
    case .nestedInGroups: "groups of readers have cases of their own (split plot)"
    }
  }
}
