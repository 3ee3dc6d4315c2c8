/// `stats calibration`, `decision-curve`, `logistic` and `nomogram`, each in its own file.
public enum ModelAnalyses {}
