# Golden numbers of the tests of subgroups, several groups, standardised differences, conformal sets and deferral. Writes
# Tests/StatisticsTests/StrataGolden.swift:
#   Rscript Tools/golden/strata.R > Tests/StatisticsTests/StrataGolden.swift
# Needs pROC, rms and MASS (Debian: r-cran-proc, r-cran-rms, r-cran-mass). What R has no function for is written out from its
# definition with full matrices.
suppressMessages({library(pROC); library(rms); library(MASS)})

literal <- function(x) {
  if (is.logical(x)) return(ifelse(x, "true", "false"))
  if (is.character(x)) return(sprintf("\"%s\"", x))
  text <- formatC(x, digits = 17, format = "g", width = 1)
  ifelse(grepl("[.e]", text), text, paste0(text, ".0"))
}
number <- function(name, x) cat(sprintf("  static let %s = %s\n", name, literal(as.numeric(x))))
series <- function(name, x, type = "Double") {
  cat(sprintf("  static let %s: [%s] = [\n", name, type))
  text <- if (type == "Int") as.character(x) else literal(x)
  lines <- strwrap(paste0(paste(text, collapse = ", "), ","), width = 110, prefix = "    ")
  cat(paste(c(lines, "  ]"), collapse = "\n"), "\n", sep = "")
}

cat("// swift-format-ignore-file\n")
cat(sprintf("// Written by Tools/golden/strata.R (%s, pROC %s, rms %s); not to be edited by hand.\n\n",
            R.version.string, packageVersion("pROC"), packageVersion("rms")))
cat("enum StrataGolden {\n")

set.seed(22)
n <- 180
size <- round(exp(rnorm(n, 3.3, 0.5)))
stratum <- findInterval(size, c(20, 40), left.open = TRUE)   # (-, 20], (20, 40], (40, -)
patient <- rep(1:120, length.out = n)                        # 60 patients twice, some in two strata
effect <- rnorm(120)
positive <- rnorm(n) + 0.8 * effect[patient] > 0
score <- round(plogis(rnorm(n, ifelse(positive, 0.5 + 0.4 * stratum, -0.8)) + 0.5 * effect[patient]), 2)
score <- pmin(pmax(score, 0.01), 0.99)
series("sizes", size); series("strata", stratum, "Int"); series("patients", paste0("p", patient), "String")
series("positives", positive, "Bool"); series("scores", score)

# AUCs, rows independent.
curves <- lapply(0:2, function(s) roc(positive[stratum == s], score[stratum == s], direction = "<",
                                      levels = c(FALSE, TRUE), quiet = TRUE))
areas <- sapply(curves, auc); variances <- sapply(curves, var, method = "delong")
onlogit <- variances / (areas * (1 - areas))^2
series("areas", areas)
w <- 1 / onlogit; theta <- qlogis(areas); pooled <- sum(w * theta) / sum(w); Q <- sum(w * (theta - pooled)^2)
number("cochranQ", Q); number("cochranP", pchisq(Q, 2, lower.tail = FALSE)); number("iSquared", max(0, (Q - 2) / Q))
number("pooledLogit", pooled)
fit <- lm(theta ~ c(0, 1, 2), weights = w)
x <- cbind(1, 0:2); v <- solve(t(x) %*% diag(w) %*% x)
number("trendZ", coef(fit)[2] / sqrt(v[2, 2]))
test <- suppressWarnings(roc.test(curves[[1]], curves[[3]], method = "delong", paired = FALSE))
number("pairZ", test$statistic); number("pairSatterthwaiteP", test$p.value)

# The same with shared patients: Obuchowski's variances and the covariances between strata.
influence <- function(s) {
  rows <- stratum == s
  x <- score[rows & positive]; y <- score[rows & !positive]; k <- outer(x, y, function(u, v) (u > v) + 0.5 * (u == v))
  a <- mean(k); ids <- 1:120
  cx <- patient[rows & positive]; cy <- patient[rows & !positive]
  dx <- sapply(ids, function(i) sum((rowMeans(k) - a)[cx == i])); dy <- sapply(ids, function(i) sum((colMeans(k) - a)[cy == i]))
  m <- length(x); q <- length(y)
  inflate <- function(c) length(unique(c)) / (length(unique(c)) - 1)
  list(auc = a, d = dx / m + dy / q, ids = unique(patient[rows]),
       variance = inflate(cx) * sum(dx^2) / m^2 + inflate(cy) * sum(dy^2) / q^2 +
         2 * inflate(c(cx, cy)) * sum(dx * dy) / (m * q))
}
parts <- lapply(0:2, influence)
sigma <- diag(sapply(parts, function(p) p$variance))
for (i in 1:3) for (j in 1:3) if (i != j) {
  k <- length(union(parts[[i]]$ids, parts[[j]]$ids)); sigma[i, j] <- k / (k - 1) * sum(parts[[i]]$d * parts[[j]]$d)
}
a <- sapply(parts, function(p) p$auc); d <- diag(1 / (a * (1 - a))); omega <- d %*% sigma %*% d
contrast <- rbind(c(1, -1, 0), c(0, 1, -1))
wald <- t(contrast %*% qlogis(a)) %*% solve(contrast %*% omega %*% t(contrast)) %*% (contrast %*% qlogis(a))
number("clusteredQ", wald); number("clusteredP", pchisq(wald, 2, lower.tail = FALSE))
inverse <- solve(omega); xx <- solve(t(x <- cbind(1, 0:2)) %*% inverse %*% x)
number("clusteredTrendZ", (xx %*% t(x) %*% inverse %*% qlogis(a))[2] / sqrt(xx[2, 2]))
number("clusteredPairZ", (a[1] - a[3]) / sqrt(sigma[1, 1] + sigma[3, 3] - 2 * sigma[1, 3]))

# Sensitivity at 0.7.
right <- (score >= 0.7)[positive]; group <- stratum[positive]; who <- patient[positive]
successes <- as.vector(tapply(right, group, sum)); totals <- as.vector(table(group))
series("successes", successes, "Int"); series("totals", totals, "Int")
chi <- suppressWarnings(chisq.test(rbind(successes, totals - successes), correct = FALSE))
number("chiSquare", chi$statistic); number("chiP", chi$p.value)
number("trendChiSquare", prop.trend.test(successes, totals, score = 0:2)$statistic)
number("fisherP", fisher.test(rbind(c(3, 8, 11), c(9, 4, 1)))$p.value)
p <- mean(right); ids <- unique(who)
r <- t(sapply(ids, function(i) sapply(0:2, function(s) sum((right - p)[who == i & group == s]))))
e <- r - outer(rowSums(r), totals / sum(totals))
u <- colSums(r)
number("clusteredScore", t(u[1:2]) %*% solve(t(e[, 1:2]) %*% e[, 1:2]) %*% u[1:2])
number("clusteredScoreTrend", sum(0:2 * u)^2 / sum((e %*% 0:2)^2))

# Interactions.
l <- qlogis(score); z <- as.vector(scale(size)); g <- factor(stratum)
number("interactionNumber", anova(glm(positive ~ l + z, binomial), glm(positive ~ l * z, binomial), test = "LRT")$Deviance[2])
number("interactionFactor", anova(glm(positive ~ l + g, binomial), glm(positive ~ l * g, binomial), test = "LRT")$Deviance[2])
frame <- data.frame(positive, l, z, g); dist <- datadist(frame); options(datadist = "dist")
robust <- robcov(lrm(positive ~ l * z, frame, x = TRUE, y = TRUE, eps = 1e-12), patient)
b <- coef(robust)["l * z"]; se <- sqrt(vcov(robust)["l * z", "l * z"])
number("interactionWald", (b / se)^2); number("interactionOdds", exp(b)); number("interactionOddsLower", exp(b - qnorm(0.975) * se))
robust <- robcov(lrm(positive ~ l * g, frame, x = TRUE, y = TRUE, eps = 1e-12), patient)
k <- grep("l \\*", names(coef(robust)))
number("interactionWaldFactor", t(coef(robust)[k]) %*% solve(vcov(robust)[k, k]) %*% coef(robust)[k])

# Several groups.
values <- list(c(5.1, 4.8, 6.2, 5.5, 5.0, 4.4), c(6.1, 6.6, 5.5, 7.9, 6.0), c(5.1, 8.2, 7.7, 9.4, 6.6, 10.3, 7.0))
y <- unlist(values); f <- factor(rep(1:3, lengths(values)))
for (index in 1:3) series(paste0("group", index), values[[index]])
number("anovaF", summary(aov(y ~ f))[[1]]$`F value`[1]); number("anovaP", summary(aov(y ~ f))[[1]]$`Pr(>F)`[1])
number("welchF", oneway.test(y ~ f)$statistic); number("welchP", oneway.test(y ~ f)$p.value)
number("kruskal", kruskal.test(y ~ f)$statistic); number("kruskalP", kruskal.test(y ~ f)$p.value)

# Standardised differences.
number("smdNumber", abs(mean(values[[1]]) - mean(values[[3]])) / sqrt((var(values[[1]]) + var(values[[3]])) / 2))
first <- c(12, 30, 5, 0); second <- c(20, 18, 9, 3)
pa <- first / sum(first); pb <- second / sum(second)
cover <- function(p) diag(p) - outer(p, p)
s <- (cover(pa) + cover(pb)) / 2
number("smdCategories", sqrt(t(pa - pb) %*% ginv(s) %*% (pa - pb)))
number("smdYesNo", abs(0.4 - 0.25) / sqrt((0.4 * 0.6 + 0.25 * 0.75) / 2))

# Conformal: weights 1 / ((K + 1) rows of the patient), the rest at infinity.
cal <- 1:120; bad <- ifelse(positive, 1 - score, score)
quantileOf <- function(rows, alpha) {
  weight <- 1 / table(patient[rows])[as.character(patient[rows])] / (length(unique(patient[rows])) + 1)
  o <- order(bad[rows]); bad[rows][o][which(cumsum(weight[o]) >= 1 - alpha - 1e-12)[1]]
}
number("quantileSingle", quantileOf(cal, 0.1)); number("quantileSingleByRank", sort(bad[cal])[ceiling(121 * 0.9)])
number("quantileAll", quantileOf(1:180, 0.1))
number("quantilePositive", quantileOf(which(positive), 0.1)); number("quantileNegative", quantileOf(which(!positive), 0.1))
weight <- 1 / table(patient)[as.character(patient)] / 121
number("conformalP", sum(weight[bad >= 0.3]) + 1 / 121)

# Deferral by |p - 0.5|; equally certain cases in random order: the mean over many orders tends to this.
certainty <- round(abs(score - 0.5), 10); wrong <- (score >= 0.5) != positive
series("riskShares", sapply(c(1, 0.75, 0.5), function(share) {
  limit <- sort(certainty, decreasing = TRUE)[round(share * n)]; mean(wrong[certainty >= limit])
}))
expected <- numeric(n); levels <- sort(unique(certainty), decreasing = TRUE); done <- 0; bads <- 0
for (v in levels) {
  k <- sum(certainty == v); b <- sum(wrong[certainty == v])
  expected[done + 1:k] <- (bads + b * (1:k) / k) / (done + 1:k); done <- done + k; bads <- bads + b
}
number("aurc", mean(expected))
best <- cumsum(sort(wrong)) / 1:n
number("excessAurc", mean(expected) - mean(best))
cat("}\n")
