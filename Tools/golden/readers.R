# Golden numbers of the reader statistics (Tests/StatisticsTests/ReadersGolden.swift), from the definitions: AUCs by comparing
# every pair, the jackknife by leaving clusters out and counting anew, tests by R's own distributions; pROC and R's power
# functions where they have them.
#   Rscript Tools/golden/readers.R > Tests/StatisticsTests/ReadersGolden.swift
suppressMessages(library(pROC))
set.seed(4)
n <- 28; readers <- 4
truth <- rep(c(TRUE, FALSE), length.out = n)
patient <- (seq_len(n) - 1) %/% 3                                   # patients of up to three cases, of both classes
base <- rnorm(n) + 1.1 * truth
together <- matrix(rnorm(2 * n, sd = 0.8), 2)                           # shared by the readers of a treatment
ratings <- array(NA, c(2, readers, n))
for (t in 1:2) for (r in 1:readers) ratings[t, r, ] <- round(2 * (base + together[t, ] + rnorm(n, sd = 0.8) + 0.25 * t * truth + 0.1 * r * truth))
full <- ratings
ratings[1, 2, c(3, 8, 20)] <- NA; ratings[2, 2, 5] <- NA; ratings[2, 4, c(11, 12, 27)] <- NA
model <- round(base + rnorm(n, sd = 0.5) + 0.8 * truth, 2)

auc <- function(x, y) {
  x1 <- x[y & !is.na(x)]; x0 <- x[!y & !is.na(x)]
  mean(outer(x1, x0, ">") + 0.5 * outer(x1, x0, "=="))
}
# Deviations of a figure with each cluster left out, from their mean over the clusters it has.
deviations <- function(x, cluster, figure = auc) {
  own <- unique(cluster[!is.na(x)])
  left <- sapply(own, function(c) figure(replace(x, cluster == c, NA), truth))
  d <- rep(0, max(cluster) + 1); d[own + 1] <- left - mean(left)
  list(d = d, factor = sqrt((length(own) - 1) / length(own)))
}
jackknife <- function(a, b) a$factor * b$factor * sum(a$d * b$d)
# Placement sums by cluster (Obuchowski 1997).
sums <- function(x, cluster) {
  a <- auc(x, truth); rated <- !is.na(x)
  x1 <- x[truth & rated]; x0 <- x[!truth & rated]
  place <- sapply(seq_along(x), function(i) {
    if (!rated[i]) return(0)
    if (truth[i]) mean((x[i] > x0) + 0.5 * (x[i] == x0)) else mean((x1 > x[i]) + 0.5 * (x1 == x[i]))
  })
  clusters <- 0:max(cluster)
  of <- function(rows, count) sapply(clusters, function(c) sum((place - a)[rows & rated & cluster == c])) / count
  has <- function(rows) sapply(clusters, function(c) any(rows & rated & cluster == c))
  list(p = of(truth, length(x1)), n = of(!truth, length(x0)), hp = has(truth), hn = has(!truth), h = has(truth | !truth))
}
inflation <- function(a, b) 1 / (1 - 1 / sum(a) - 1 / sum(b) + sum(a & b) / (sum(a) * sum(b)))
placements <- function(a, b)
  inflation(a$hp, b$hp) * sum(a$p * b$p) + inflation(a$hn, b$hn) * sum(a$n * b$n) +
    inflation(a$h, b$h) * (sum(a$p * b$n) + sum(a$n * b$p))

matrixOf <- function(cells, pair) outer(seq_along(cells), seq_along(cells), Vectorize(function(i, j) pair(cells[[i]], cells[[j]])))
crossed <- function(x, cluster, method) {
  theta <- apply(x, 1:2, auc, y = truth)
  cells <- lapply(1:(2 * readers), function(k) {
    v <- x[(k - 1) %/% readers + 1, (k - 1) %% readers + 1, ]
    if (method == "jackknife") deviations(v, cluster) else sums(v, cluster)
  })
  S <- matrixOf(cells, if (method == "jackknife") jackknife else placements)
  t <- rep(1:2, each = readers); r <- rep(1:readers, 2)
  mean_of <- function(keep) mean(S[keep])
  var <- mean(diag(S)); c1 <- mean_of(outer(t, t, "!=") & outer(r, r, "=="))
  c2 <- mean_of(outer(t, t, "==") & outer(r, r, "!=")); c3 <- mean_of(outer(t, t, "!=") & outer(r, r, "!="))
  m <- rowMeans(theta); res <- theta - m - rep(colMeans(theta), each = 2) + mean(theta)
  mst <- readers * sum((m - mean(theta))^2); mstr <- sum(res^2) / (readers - 1)
  den <- mstr + readers * max(c2 - c3, 0); ddf <- den^2 / (mstr^2 / (readers - 1))
  list(S = S, theta = theta, numbers = c(var, c1, c2, c3, mst / den, ddf, pf(mst / den, 1, ddf, lower.tail = FALSE)))
}
nested <- function(x, cluster) {   # readers 1, 2, 3 under the first treatment, 4 and others under the second
  own <- list(x[1, 1, ], x[1, 2, ], x[1, 3, ], x[2, 1, ], x[2, 4, ])
  t <- c(1, 1, 1, 2, 2); theta <- sapply(own, auc, y = truth)
  S <- matrixOf(lapply(own, deviations, cluster = cluster), jackknife)
  m <- tapply(theta, t, mean); count <- table(t); rh <- 2 / sum(1 / count)
  within <- sapply(1:2, function(g) { k <- which(t == g); s <- S[k, k]; mean(s[row(s) != col(s)]) })
  c2 <- mean(within); c3 <- mean(S[t == 1, t == 2])
  ms <- sum((theta - m[t])^2) / 3
  mst <- rh * sum((m - mean(m))^2); den <- ms + rh * max(c2 - c3, 0); ddf <- den^2 / (ms^2 / 3)
  c(mst / den, ddf, pf(mst / den, 1, ddf, lower.tail = FALSE))
}
alone <- seq_len(n) - 1
against <- function(x, model, cluster, figure = auc) {
  cells <- c(lapply(1:readers, function(r) deviations(x[r, ], cluster, figure)), list(deviations(model, cluster, figure)))
  S <- matrixOf(cells, jackknife); k <- readers + 1
  psi <- apply(x, 1, figure, y = truth) - figure(model, truth)
  C <- outer(1:readers, 1:readers, Vectorize(function(a, b) S[a, b] - S[a, k] - S[b, k] + S[k, k]))
  c2 <- mean(C[row(C) != col(C)]); ms <- var(psi)
  v <- ms + readers * max(c2, 0); se <- sqrt(v / readers); ddf <- v^2 / (ms^2 / (readers - 1))
  fixed <- sqrt((mean(diag(C)) + (readers - 1) * max(c2, 0)) / readers)
  c(mean(psi), se, ddf, 2 * pt(-abs(mean(psi)) / se, ddf), 2 * pnorm(-abs(mean(psi)) / fixed))
}
accuracy <- function(x, y) mean((x[!is.na(x)] == 1) == y[!is.na(x)])
calls <- (full >= 1) * 1
modelCalls <- (model >= 0.6) * 1
change <- function(x, cluster) {
  cells <- lapply(1:(2 * readers), function(k) deviations(x[(k - 1) %/% readers + 1, (k - 1) %% readers + 1, ], cluster, accuracy))
  S <- matrixOf(cells, jackknife); m <- apply(x, 1, function(v) mean(apply(v, 1, accuracy, y = truth)))
  w <- rep(c(-1, 1), each = readers) / readers; l <- w / rep(m, each = readers)
  ratio <- log(m[2] / m[1]); e <- sqrt(drop(t(l) %*% S %*% l))
  c(m, sqrt(drop(t(w) %*% S %*% w)), exp(ratio + c(-1, 1) * qnorm(0.975) * e) - 1)
}
newcombe <- function(a, b, c, d) {  # both, first only, second only, neither; method 10 of Newcombe 1998
  n <- a + b + c + d
  wilson <- function(x) { p <- x / n; z <- qnorm(0.975); (2 * x + z^2 + c(-1, 1) * z * sqrt(z^2 + 4 * x * (1 - p))) / (2 * (n + z^2)) }
  w1 <- wilson(a + b); w2 <- wilson(a + c); p1 <- (a + b) / n; p2 <- (a + c) / n
  q <- a * d - b * c; q <- if (q > n / 2) q - n / 2 else if (q >= 0) 0 else q
  m <- (a + b) * (c + d) * (a + c) * (b + d); phi <- if (m == 0) 0 else q / sqrt(m)
  dl <- sqrt((p1 - w1[1])^2 - 2 * phi * (p1 - w1[1]) * (w2[2] - p2) + (w2[2] - p2)^2)
  du <- sqrt((w1[2] - p1)^2 - 2 * phi * (w1[2] - p1) * (p2 - w2[1]) + (p2 - w2[1])^2)
  c(p1 - p2 - dl, p1 - p2 + du)
}
clustered <- function(first, second, cluster) {
  d <- tapply(second - first, cluster, sum); size <- tapply(first, cluster, length); k <- length(d)
  m <- sum(d) / sum(size); f <- k / (k - 1)
  c(m, sqrt(f * sum((d - m * size)^2)) / sum(size), sqrt(f * sum(d^2)) / sum(size))
}
pars <- function(a1, a2, rn, ra) list(A1 = sqrt(2) * qnorm(a1), B1 = 1, A2 = sqrt(2) * qnorm(a2), B2 = 1, rn = rn, ra = ra, delta = a1 - a2)
sizing <- function(d, r, c) {  # Hillis, Obuchowski & Berbaum 2011; components as below, of 100 cases
  tr <- 3e-4; v <- 9e-4; c1 <- 4e-4; c2 <- 3.5e-4; c3 <- 2e-4; e <- 100 / c
  own <- tr + e * (v - c1 - (c2 - c3)); den <- own + r * e * (c2 - c3); l <- r * d^2 / 2
  f <- den^2 / (own^2 / (r - 1))
  c(pf(qf(0.95, 1, f), 1, f, ncp = l / den, lower.tail = FALSE),
    pchisq(qchisq(0.95, 1), 1, ncp = l / (den - tr), lower.tail = FALSE),
    pf(qf(0.95, 1, r - 1), 1, r - 1, ncp = l / own, lower.tail = FALSE))
}
exactMcNemar <- function(p1, p2, n) sum(sapply(0:n, function(m) {
  k <- 0:m; p <- pmin(1, 2 * pbinom(pmin(k, m - k), m, 0.5))
  sum(dbinom(k, m, p1 / (p1 + p2))[p <= 0.05]) * dbinom(m, n, p1 + p2)
}))
width <- function(p, n) { x <- 0:n; z <- qnorm(0.975); q <- x / n
  sum(dbinom(x, n, p) * 2 * z * sqrt(q * (1 - q) / n + z^2 / (4 * n^2)) / (1 + z^2 / n)) }

number <- function(x) ifelse(is.na(x), ".nan", format(x, digits = 17, trim = TRUE))
list1 <- function(x) paste0("[", paste(number(x), collapse = ", "), "]")
say <- function(name, x) cat("  static let ", name, ": [Double] = ", list1(x), "\n", sep = "")
cat("// swift-format-ignore-file\n// Written by Tools/golden/readers.R (", R.version.string, ", pROC ",
    as.character(packageVersion("pROC")), "); not to be edited by hand.\n\nenum ReadersGolden {\n", sep = "")
cat("  static let positives: [Bool] = [", paste(tolower(truth), collapse = ", "), "]\n", sep = "")
cat("  static let patients: [Int] = [", paste(patient, collapse = ", "), "]\n", sep = "")
table3 <- function(name, x) {
  cat("  /// [treatments][readers][cases], NaN for a gap.\n  static let ", name, ": [[[Double]]] = [\n", sep = "")
  for (t in 1:2) cat("    [", paste(apply(x[t, , ], 1, list1), collapse = ",\n     "), "],\n", sep = "")
  cat("  ]\n")
}
table3("complete", full); table3("gaps", ratings); table3("calls", calls)
say("model", model); say("modelCalls", modelCalls)
for (m in c("jackknife", "placements")) {
  name <- if (m == "jackknife") "Jackknife" else "Delong"
  cat("  // Var, Cov1, Cov2, Cov3, F, denominator degrees, p.\n")
  say(paste0("complete", name), crossed(full, alone, m)$numbers)
  say(paste0("gaps", name), crossed(ratings, alone, m)$numbers)
  say(paste0("clustered", name), crossed(full, patient, m)$numbers)
  say(paste0("clusteredGaps", name), crossed(ratings, patient, m)$numbers)
}
say("nested", nested(full, alone)); say("nestedClustered", nested(full, patient))
cat("  // Mean difference, standard error, degrees, p, p of fixed readers.\n")
say("againstModel", against(ratings[1, , ], model, alone)); say("againstModelClustered", against(ratings[1, , ], model, patient))
say("againstCalls", against(calls[1, , ], modelCalls, alone, accuracy))
cat("  // Means, standard error of the change with fixed readers, limits of the relative change.\n")
say("meanChange", change(calls, alone)); say("meanChangeClustered", change(calls, patient))
cat("  // First less second of 36, 12, 2, 0 and of 53, 8, 11, 28.\n")
say("newcombe", c(newcombe(36, 12, 2, 0), newcombe(53, 8, 11, 28)))
right <- function(t, r) ((calls[t, r, ] == 1) == truth) * 1
say("clusteredChange", clustered(right(1, 1), right(2, 1), patient))
p1 <- power.roc.test(pars(0.9, 0.8, 0.4, 0.6), power = 0.8, kappa = 2)
p2 <- power.roc.test(pars(0.9, 0.8, 0.4, 0.6), ncases = 60, ncontrols = 120)
p3 <- power.roc.test(pars(0.75, 0.83, 0, 0), power = 0.9, kappa = 1)
cat("  // pROC: positives for a power of 0.8, power of 60, positives unpaired for 0.9.\n")
say("areas", c(p1$ncases, p2$power, p3$ncases))
cat("  // power.prop.test: rows a group, power of 150.\n")
say("shares", c(power.prop.test(p1 = 0.8, p2 = 0.9, power = 0.8, tol = 1e-12)$n, power.prop.test(n = 150, p1 = 0.8, p2 = 0.9)$power))
cat("  // Exact McNemar of 0.15 against 0.05, 155 rows; mean width of Wilson's interval of 0.9 in 139 and 138 rows.\n")
say("exactMcNemar", exactMcNemar(0.15, 0.05, 155)); say("widths", c(width(0.9, 139), width(0.9, 138)))
cat("  // Power for 0.05 with 5 readers and 150 cases, for 0.03 with 12 and 80: random readers and cases, cases, readers.\n")
say("sizing", c(sizing(0.05, 5, 150), sizing(0.03, 12, 80)))
cat("}\n")
