/// Mean squares of figures by treatment and reader.
struct MeanSquares {
  let treatmentMeans: [Double]
  let treatment: Double
  let reader: Double?
  let interaction: Double
  let interactionDegrees: Double
  /// Readers a treatment, the harmonic mean of unequal numbers.
  let readers: Double

  /// - Parameter table: [treatments][readers], every reader under every treatment.
  init(crossed table: [[Double]]) {
    let (t, r) = (Double(table.count), Double(table[0].count))
    let rows = table.map { $0.reduce(0, +) / r }
    let columns = table[0].indices.map { j in table.reduce(0) { $0 + $1[j] } / t }
    let grand = rows.reduce(0, +) / t
    treatmentMeans = rows
    treatment = r * rows.reduce(0) { $0 + ($1 - grand) * ($1 - grand) } / (t - 1)
    reader = t * columns.reduce(0) { $0 + ($1 - grand) * ($1 - grand) } / (r - 1)
    var squares = 0.0
    for (i, row) in table.enumerated() {
      for (j, value) in row.enumerated() {
        let residual = value - rows[i] - columns[j] + grand
        squares += residual * residual
      }
    }
    interactionDegrees = (t - 1) * (r - 1)
    interaction = squares / interactionDegrees
    readers = r
  }

  /// - Parameter table: [treatments][its own readers]. Means of treatments weigh alike however many readers they have.
  init(nested table: [[Double]]) {
    let t = Double(table.count)
    let rows = table.map { $0.reduce(0, +) / Double($0.count) }
    let grand = rows.reduce(0, +) / t
    readers = t / table.reduce(0) { $0 + 1 / Double($1.count) }
    treatmentMeans = rows
    treatment = readers * rows.reduce(0) { $0 + ($1 - grand) * ($1 - grand) } / (t - 1)
    reader = nil
    var squares = 0.0
    for (row, mean) in zip(table, rows) { squares += row.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } }
    interactionDegrees = table.reduce(0) { $0 + Double($1.count - 1) }
    interaction = squares / interactionDegrees
  }
}

/// Variances and covariances of the figures, averaged by what two figures share. Treatments weigh alike.
struct ErrorCovariances {
  let variance: Double
  let sameReader: Double
  let sameTreatment: Double
  let neither: Double
  let treatmentVariances: [Double]
  let treatmentCovariances: [Double]

  /// - Parameter places: cells of each treatment, two or more.
  init(_ figures: ReaderFigures, _ places: [[Int]]) {
    var (variances, within): ([Double], [Double]) = ([], [])
    for cells in places {
      let r = Double(cells.count)
      variances.append(cells.reduce(0) { $0 + figures.covariances[$1, $1] } / r)
      var sum = 0.0
      for a in cells {
        for b in cells where a != b { sum += figures.covariances[a, b] }
      }
      within.append(sum / (r * (r - 1)))
    }
    var (same, other) = ((sum: 0.0, count: 0.0), (sum: 0.0, count: 0.0))
    for (treatment, cells) in places.enumerated() {
      for another in places.indices where another != treatment {
        var (own, rest) = ((sum: 0.0, count: 0.0), (sum: 0.0, count: 0.0))
        for a in cells {
          for b in places[another] {
            let value = figures.covariances[a, b]
            if figures.cells[a].reader == figures.cells[b].reader {
              own = (own.sum + value, own.count + 1)
            } else {
              rest = (rest.sum + value, rest.count + 1)
            }
          }
        }
        if own.count > 0 { same = (same.sum + own.sum / own.count, same.count + 1) }
        if rest.count > 0 { other = (other.sum + rest.sum / rest.count, other.count + 1) }
      }
    }
    let t = Double(places.count)
    treatmentVariances = variances
    treatmentCovariances = within
    variance = variances.reduce(0, +) / t
    sameTreatment = within.reduce(0, +) / t
    sameReader = same.count > 0 ? same.sum / same.count : 0
    neither = other.count > 0 ? other.sum / other.count : 0
  }
}
