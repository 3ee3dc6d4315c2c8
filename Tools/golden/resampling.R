# Golden numbers of loess with its band, ICI, clustered calibration, BCa, random effects and partial AUC. Writes
# Tests/StatisticsTests/ResamplingGolden.swift:
#   Rscript Tools/golden/resampling.R > Tests/StatisticsTests/ResamplingGolden.swift
# Needs pROC and sandwich (Debian: r-cran-proc, r-cran-sandwich). The data are drawn here and written along.
suppressMessages({library(pROC); library(sandwich)})

literal <- function(x) {
  if (is.logical(x)) return(ifelse(x, "true", "false"))
  text <- formatC(x, digits = 17, format = "g", width = 1)
  ifelse(grepl("[.e]", text), text, paste0(text, ".0"))
}
number <- function(name, x) cat(sprintf("  static let %s = %s\n", name, literal(x)))
series <- function(name, x, type = "Double") {
  cat(sprintf("  static let %s: [%s] = [\n", name, type))
  lines <- strwrap(paste0(paste(literal(x), collapse = ", "), ","), width = 110, prefix = "    ")
  cat(paste(c(lines, "  ]"), collapse = "\n"), "\n", sep = "")
}

cat("// swift-format-ignore-file\n")
cat(sprintf("// Written by Tools/golden/resampling.R (%s, pROC %s, sandwich %s); not to be edited by hand.\n\n",
            R.version.string, packageVersion("pROC"), packageVersion("sandwich")))
cat("enum ResamplingGolden {\n")

# Loess and what follows from it: distinct probabilities, and probabilities with many ties.
set.seed(41)
loessCase <- function(name, p, y, at) {
  series(paste0(name, "P"), p); series(paste0(name, "Y"), y == 1, "Bool"); series(paste0(name, "Places"), at)
  fit <- loess(y ~ p)
  at_places <- predict(fit, data.frame(p = at), se = TRUE)
  series(paste0(name, "Fit"), as.numeric(at_places$fit)); series(paste0(name, "Error"), as.numeric(at_places$se.fit))
  number(paste0(name, "Trace"), fit$trace.hat); number(paste0(name, "Scale"), fit$s)
  number(paste0(name, "Degrees"), at_places$df)
  distance <- abs(as.numeric(predict(fit, data.frame(p = p))) - p)
  number(paste0(name, "ICI"), mean(distance)); number(paste0(name, "E50"), median(distance))
  number(paste0(name, "E90"), as.numeric(quantile(distance, 0.9))); number(paste0(name, "EMax"), max(distance))
}
n <- 150
p <- plogis(rnorm(n, -0.3, 1.4))
y <- rbinom(n, 1, plogis(0.2 + 0.7 * qlogis(p)))
loessCase("smooth", p, y, c(min(p), 0.1, 0.2, 0.35, 0.5, 0.66, 0.8, 0.9, max(p)))
q <- round(plogis(rnorm(90, 0, 1.2)), 1); q <- pmin(pmax(q, 0.05), 0.95)
z <- rbinom(90, 1, q^1.3)
loessCase("tied", q, z, c(min(q), 0.1, 0.25, 0.3, 0.5, 0.7, 0.85, max(q)))

# Calibration of clustered rows.
patients <- rep(1:50, each = 3)
series("patients", as.double(patients))
both <- glm(y ~ qlogis(p), family = binomial, epsilon = 1e-14)
large <- glm(y ~ 1 + offset(qlogis(p)), family = binomial, epsilon = 1e-14)
clustered <- sqrt(diag(vcovCL(both, cluster = patients, type = "HC0")))
number("clusteredInterceptError", as.numeric(clustered[1])); number("clusteredSlopeError", as.numeric(clustered[2]))
number("clusteredLargeError", as.numeric(sqrt(vcovCL(large, cluster = patients, type = "HC0"))))

# BCa: the acceleration by leaving each row out, the interval from given resamples.
curve <- function(s, l) as.numeric(auc(roc(l, s, direction = "<", levels = c(FALSE, TRUE), quiet = TRUE)))
labels <- y == 1
whole <- curve(p, labels)
left <- sapply(seq_along(p), function(i) curve(p[-i], labels[-i]))
size <- ifelse(labels, sum(labels), sum(!labels))
influence <- (size - 1) * (whole - left) / size
acceleration <- sum(influence^3) / (6 * sum(influence^2)^1.5)
number("auc", whole); number("acceleration", acceleration)
resampled <- round(whole + 0.04 * rnorm(400) - 0.004 * rexp(400), 4)
series("resampled", resampled)
share <- mean(resampled < whole) + mean(resampled == whole) / 2
z0 <- qnorm(share)
place <- function(alpha) pnorm(z0 + (z0 + qnorm(alpha)) / (1 - acceleration * (z0 + qnorm(alpha))))
limits <- quantile(resampled, c(place(0.025), place(0.975)), names = FALSE)
number("bcaLower", limits[1]); number("bcaUpper", limits[2])
number("bandwidthPositives", bw.nrd0(p[labels])); number("bandwidthNegatives", bw.nrd0(p[!labels]))

# Partial areas.
r <- roc(labels, p, direction = "<", levels = c(FALSE, TRUE), quiet = TRUE)
partial <- function(range, focus, correct) {
  as.numeric(auc(r, partial.auc = range, partial.auc.focus = focus, partial.auc.correct = correct))
}
number("partialSpecificity", partial(c(1, 0.8), "spec", FALSE))
number("partialSpecificityStandardised", partial(c(1, 0.8), "spec", TRUE))
number("partialSensitivity", partial(c(0.95, 0.7), "sens", FALSE))
number("partialSensitivityStandardised", partial(c(0.95, 0.7), "sens", TRUE))

# Random effects, DerSimonian and Laird, by the formulas of their paper.
estimates <- c(1.9, 2.7, 1.2, 2.2, 3.1); variances <- c(0.05, 0.11, 0.07, 0.2, 0.09)
w <- 1 / variances
fixed <- sum(w * estimates) / sum(w)
Q <- sum(w * (estimates - fixed)^2)
tau2 <- max(0, (Q - 4) / (sum(w) - sum(w^2) / sum(w)))
ws <- 1 / (variances + tau2)
mean_re <- sum(ws * estimates) / sum(ws)
series("siteEstimates", estimates); series("siteVariances", variances)
number("siteMean", mean_re); number("siteError", sqrt(1 / sum(ws))); number("siteTau2", tau2); number("siteQ", Q)
number("siteP", pchisq(Q, 4, lower.tail = FALSE)); number("siteI2", (Q - 4) / Q)
number("sitePredictionLower", mean_re - qt(0.975, 3) * sqrt(tau2 + 1 / sum(ws)))
number("sitePredictionUpper", mean_re + qt(0.975, 3) * sqrt(tau2 + 1 / sum(ws)))
cat("}\n")
