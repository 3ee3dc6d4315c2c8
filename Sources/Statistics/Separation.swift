/// Does a combination of columns separate the classes? Then maximum likelihood has no finite estimate (Albert & Anderson,
/// Biometrika 1984;71:1), and what software prints for it are the numbers at which it stopped.
public enum Separation: String, Sendable {
  /// A hyperplane with every row strictly on its class's side.
  case complete
  /// A hyperplane with every row on its side or on the plane itself.
  case quasi

  /// Decided by proofs, not by the size of diverging estimates: a finite maximum, a separating plane met on the way to it, or
  /// else linear programming (Konis 2007).
  /// - Returns: nil where the classes overlap.
  public static func detect(outcomes: [Bool], terms: [Term]) throws(StatisticsError) -> Separation? {
    kind(design: try Design(terms: terms, outcomes: outcomes).matrix, outcomes: outcomes)
  }

  static func kind(design: Matrix, outcomes: [Bool]) -> Separation? {
    do {
      _ = try LogisticFit(design: design, outcomes: outcomes)
      return nil
    } catch .separated(kind: complete.rawValue) {
      return .complete
    } catch {
      return byLinearProgram(design: design, outcomes: outcomes)
    }
  }

  private static func byLinearProgram(design: Matrix, outcomes: [Bool]) -> Separation? {
    let columns = design.columns
    var scales = [Double](repeating: 0, count: columns)
    for i in 0..<design.rows {
      for j in 0..<columns { scales[j] = max(scales[j], abs(design[i, j])) }
    }
    // Rows signed by class and scaled: separation is a direction b with every row · b >= 0, not all 0.
    let signed = (0..<design.rows).map { i in
      (0..<columns).map { j in scales[j] > 0 ? (outcomes[i] ? 1 : -1) * design[i, j] / scales[j] : 0 }
    }
    // Variables: b = u - v with u, v in 0...1, and for the strict question a margin t in 0...1 to be made largest.
    func largest(withMargin: Bool) -> Double {
      let width = 2 * columns + (withMargin ? 1 : 0)
      var objective = [Double](repeating: 0, count: width)
      var constraints: [[Double]] = []
      var bounds: [Double] = []
      for row in signed {
        constraints.append(row.map { -$0 } + row + (withMargin ? [1] : []))
        bounds.append(0)
        if !withMargin {
          for j in 0..<columns {
            objective[j] += row[j]
            objective[columns + j] -= row[j]
          }
        }
      }
      if withMargin { objective[width - 1] = 1 }
      for j in 0..<width {
        constraints.append((0..<width).map { $0 == j ? 1 : 0 })
        bounds.append(1)
      }
      return LinearProgram.maximum(objective, subjectTo: constraints, atMost: bounds)
    }
    if largest(withMargin: false) < 1e-7 { return nil }
    return largest(withMargin: true) > 1e-9 ? .complete : .quasi
  }
}

/// The simplex method on a dense tableau, for few variables.
enum LinearProgram {
  /// Largest c·x with A x <= b and x >= 0, where b >= 0 (so that x = 0 is a start) and the region is bounded.
  static func maximum(_ objective: [Double], subjectTo rows: [[Double]], atMost bounds: [Double]) -> Double {
    let (m, n) = (rows.count, objective.count)
    // Row i: coefficients of the non-basic variables, then the bound. Last row: the objective, negated. Flat, row-major.
    let width = n + 1
    var tableau: [Double] = []
    tableau.reserveCapacity((m + 1) * width)
    for (row, bound) in zip(rows, bounds) {
      tableau += row
      tableau.append(bound)
    }
    tableau += objective.map { -$0 }
    tableau.append(0)
    var basic = (0..<m).map { n + $0 }
    var free = Array(0..<n)
    let tolerance = 1e-10
    var idle = 0
    for _ in 0..<20_000 {
      // The steepest column is fast; after many steps without gain Bland's rule, lowest variable first, cannot cycle.
      var entering: Int?
      for j in 0..<n where tableau[m * width + j] < -tolerance {
        guard let best = entering else {
          entering = j
          continue
        }
        let better = idle < 200 ? tableau[m * width + j] < tableau[m * width + best] : free[j] < free[best]
        if better { entering = j }
      }
      guard let column = entering else { break }
      var leaving: Int?
      var smallest = Double.infinity
      for i in 0..<m where tableau[i * width + column] > tolerance {
        let ratio = tableau[i * width + n] / tableau[i * width + column]
        let tied = abs(ratio - smallest) <= tolerance
        if ratio < smallest - tolerance || tied && basic[i] < leaving.map({ basic[$0] }) ?? .max {
          smallest = min(ratio, smallest)
          leaving = i
        }
      }
      guard let row = leaving else { return .infinity }
      idle = smallest > tolerance ? 0 : idle + 1
      tableau.withUnsafeMutableBufferPointer { pivot($0, width: width, row: row, column: column) }
      swap(&basic[row], &free[column])
    }
    return tableau[m * width + n]
  }

  private static func pivot(_ tableau: UnsafeMutableBufferPointer<Double>, width: Int, row: Int, column: Int) {
    let (start, inverse) = (row * width, 1 / tableau[row * width + column])
    for j in 0..<width { tableau[start + j] *= inverse }
    tableau[start + column] = inverse
    for other in stride(from: 0, to: tableau.count, by: width) where other != start {
      let factor = tableau[other + column]
      if factor == 0 { continue }
      for j in 0..<width { tableau[other + j] -= factor * tableau[start + j] }
      tableau[other + column] = -factor * inverse
    }
  }
}
