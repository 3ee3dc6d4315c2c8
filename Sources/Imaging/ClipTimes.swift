extension ClipReader {
  /// Passes over the next frame without making its colours.
  /// - Returns: its time in seconds on the clip's clock; nil after the last.
  public func passOver() throws(ImagingError) -> Double? { try advance().map { seconds($0.ticks) } }
}
