/// Plain statistics for the tests, independent of the code under test.
func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }

func deviation(_ values: [Double]) -> Double {
  let middle = mean(values)
  return (values.reduce(0) { $0 + ($1 - middle) * ($1 - middle) } / Double(values.count - 1)).squareRoot()
}

func correlation(_ a: [Double], _ b: [Double]) -> Double {
  let (meanA, meanB) = (mean(a), mean(b))
  let product = zip(a, b).reduce(0) { $0 + ($1.0 - meanA) * ($1.1 - meanB) }
  return product / Double(a.count - 1) / (deviation(a) * deviation(b))
}

/// Share of pairs in which the malignant score is higher; ties count half.
func areaUnderCurve(_ scores: [Double], malignant: [Bool]) -> Double {
  let sorted = scores.indices.sorted { scores[$0] < scores[$1] }
  var (rankSum, place) = (0.0, 0)
  while place < sorted.count {
    var end = place
    while end + 1 < sorted.count && scores[sorted[end + 1]] == scores[sorted[place]] { end += 1 }
    let rank = Double(place + end) / 2 + 1
    for index in place...end where malignant[sorted[index]] { rankSum += rank }
    place = end + 1
  }
  let positive = Double(malignant.filter { $0 }.count)
  let negative = Double(malignant.count) - positive
  return (rankSum - positive * (positive + 1) / 2) / (positive * negative)
}

/// Pearson's chi-square of a table of counts and its degrees of freedom; empty rows and columns left out.
func chiSquare(_ pairs: [(String, String)]) -> (value: Double, freedom: Int) {
  let (rows, columns) = (Set(pairs.map(\.0)), Set(pairs.map(\.1)))
  var value = 0.0
  for row in rows {
    for column in columns {
      let observed = Double(pairs.filter { $0.0 == row && $0.1 == column }.count)
      let expected =
        Double(pairs.filter { $0.0 == row }.count) * Double(pairs.filter { $0.1 == column }.count)
        / Double(pairs.count)
      value += (observed - expected) * (observed - expected) / expected
    }
  }
  return (value, (rows.count - 1) * (columns.count - 1))
}
