# Golden numbers of the Statistics tests, from R and pROC. Writes Tests/StatisticsTests/Golden.swift:
#   Rscript Tools/golden/statistics.R > Tests/StatisticsTests/Golden.swift
# Needs pROC (Debian: r-cran-proc). The data are drawn here and written along, so that no random generator must agree.
suppressMessages(library(pROC))

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
cat(sprintf("// Written by Tools/golden/statistics.R (%s, pROC %s); not to be edited by hand.\n\n",
            R.version.string, packageVersion("pROC")))
cat("enum Golden {\n")

set.seed(20)
n <- 60
positives <- seq_len(n) %% 3 == 0
first <- round(rnorm(n, ifelse(positives, 1, 0)), 1)          # with ties
second <- round(rnorm(n, ifelse(positives, 0.6, 0)) + 0.4 * first, 1)
patients <- rep(1:24, length.out = n)
series("positives", positives, "Bool"); series("first", first); series("second", second)
series("patients", as.double(patients))

a <- roc(positives, first, direction = "<", levels = c(FALSE, TRUE), quiet = TRUE)
b <- roc(positives, second, direction = "<", levels = c(FALSE, TRUE), quiet = TRUE)
number("auc", as.numeric(auc(a)))
number("variance", var(a, method = "delong"))
limits <- as.numeric(ci.auc(a, method = "delong"))
number("lower", limits[1]); number("upper", limits[3])
paired <- roc.test(a, b, method = "delong", paired = TRUE)
number("pairedZ", as.numeric(paired$statistic)); number("pairedP", paired$p.value)
half <- seq_len(n) <= 30
ha <- roc(positives[half], first[half], direction = "<", levels = c(FALSE, TRUE), quiet = TRUE)
hb <- roc(positives[!half], first[!half], direction = "<", levels = c(FALSE, TRUE), quiet = TRUE)
unpaired <- suppressWarnings(roc.test(ha, hb, method = "delong", paired = FALSE))
number("unpairedT", as.numeric(unpaired$statistic)); number("unpairedDegrees", as.numeric(unpaired$parameter))
number("unpairedP", unpaired$p.value)
number("youdenMidpoint", max(coords(a, "best", best.method = "youden", transpose = FALSE)$threshold))

# Obuchowski 1997 from its definition, by the full kernel.
x <- first[positives]; y <- first[!positives]
kernel <- outer(x, y, function(u, v) (u > v) + 0.5 * (u == v))
theta <- mean(kernel); m <- length(x); k <- length(y)
cx <- patients[positives]; cy <- patients[!positives]; ids <- unique(patients)
dx <- sapply(ids, function(i) sum(rowMeans(kernel)[cx == i] - theta))
dy <- sapply(ids, function(i) sum(colMeans(kernel)[cy == i] - theta))
ix <- length(unique(cx)); iy <- length(unique(cy)); all <- length(ids)
number("clusteredVariance",
       ix / ((ix - 1) * m) * sum(dx^2) / m + iy / ((iy - 1) * k) * sum(dy^2) / k
       + 2 / (m * k) * all / (all - 1) * sum(dx * dy))

for (size in c(3, 5, 10, 40)) {
  test <- shapiro.test(first[1:size] + (1:size) / 100)
  number(sprintf("shapiroW%d", size), as.numeric(test$statistic)); number(sprintf("shapiroP%d", size), test$p.value)
}

table <- matrix(c(3, 8, 5, 2, 1, 9, 4, 0, 7, 2, 2, 6), nrow = 3, byrow = TRUE)
number("fisher3x4", fisher.test(table)$p.value)
number("fisher2x2", fisher.test(matrix(c(12, 30, 25, 18), 2, byrow = TRUE))$p.value)

model <- glm(positives ~ first + second, family = binomial, control = list(epsilon = 1e-14, maxit = 50))
series("logisticValues", as.numeric(coef(model)))
# glm's own standard errors use the weights of the step before the last; these are at the estimate.
design <- model.matrix(model); weight <- fitted(model) * (1 - fitted(model))
series("logisticErrors", as.numeric(sqrt(diag(solve(t(design) %*% (weight * design))))))
number("logisticAIC", AIC(model))

wilcox <- suppressWarnings(wilcox.test(first[positives], first[!positives], exact = FALSE, correct = TRUE))
number("mannWhitneyU", as.numeric(wilcox$statistic)); number("mannWhitneyP", wilcox$p.value)
welch <- t.test(first[positives], first[!positives])
number("welchT", as.numeric(welch$statistic)); number("welchP", welch$p.value)

# Spiegelhalter's z from its definition.
p <- as.numeric(fitted(model)); o <- as.numeric(positives)
series("probabilities", p)
number("spiegelhalter", sum((o - p) * (1 - 2 * p)) / sqrt(sum((1 - 2 * p)^2 * p * (1 - p))))

several <- c(0.001, 0.04, 0.03, 0.2, 0.0004, 0.04, 0.9)
series("several", several); series("holm", p.adjust(several, "holm")); series("hochberg", p.adjust(several, "BH"))

area <- function(range, focus, corrected) as.numeric(auc(a, partial.auc = range, partial.auc.focus = focus,
                                                        partial.auc.correct = corrected))
number("partialSpecificity", area(c(1, 0.8), "specificity", FALSE))
number("partialSpecificityStandardised", area(c(1, 0.8), "specificity", TRUE))
number("partialMiddle", area(c(0.9, 0.35), "specificity", FALSE))
number("partialSensitivity", area(c(1, 0.75), "sensitivity", FALSE))
number("partialSensitivityStandardised", area(c(1, 0.75), "sensitivity", TRUE))
number("utilityCut", max(coords(a, "best", best.method = "youden", best.weights = c(5, 0.1), transpose = FALSE)$threshold))

# Recalibration of the probabilities raised to a power, so that there is something to correct.
off <- p^1.7; l <- qlogis(off)
series("offProbabilities", off)
shift <- glm(o ~ offset(l), family = binomial, control = list(epsilon = 1e-14, maxit = 50))
number("recalibratedShift", as.numeric(coef(shift)))
both <- glm(o ~ l, family = binomial, control = list(epsilon = 1e-14, maxit = 50))
series("recalibratedLine", as.numeric(coef(both)))
stretch <- glm(o ~ 0 + l, family = binomial, control = list(epsilon = 1e-14, maxit = 50))
number("temperature", 1 / as.numeric(coef(stretch)))
steps <- isoreg(off, o)
series("isotonic", steps$yf[order(order(off))])

# Rao & Scott's ratio estimate from its definition.
called <- first >= 0.5
size <- tapply(called, patients, length); hit <- tapply(called, patients, sum); share <- sum(hit) / sum(size)
number("designEffect", length(size) / (length(size) - 1) * sum((hit - share * size)^2) / sum(size)^2 /
       (share * (1 - share) / sum(size)))
cat("}\n")
