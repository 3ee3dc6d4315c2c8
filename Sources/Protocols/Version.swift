/// The platform's own version, in `--version`, provenance and every report.
public enum Platform {
  public static let version = "0.1.0"
  public static let notice = "For research; not a medical device."
}
