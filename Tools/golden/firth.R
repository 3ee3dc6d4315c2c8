# Golden numbers of Firth's regression (Tests/StatisticsTests/FirthTests.swift): the penalised likelihood maximised by a general
# optimiser, which knows nothing of Newton's steps.
#   Rscript Tools/golden/firth.R
x <- c(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 3, 7)
z <- c(0, 0, 1, 0, 0, 1, 1, 0, 1, 1, 0, 0)
y <- c(0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 0, 1)                     # x separates completely
design <- cbind(1, x, z)
penalised <- function(beta) {
  eta <- drop(design %*% beta)
  p <- plogis(eta)
  information <- t(design) %*% (design * (p * (1 - p)))
  sum(ifelse(y == 1, plogis(eta, log.p = TRUE), plogis(-eta, log.p = TRUE))) +
    0.5 * as.numeric(determinant(information)$modulus)
}
# The largest value with some coefficients held.
largest <- function(held = c(NA, NA, NA)) {
  free <- which(is.na(held))
  best <- function(start) {
    objective <- function(b) { beta <- held; beta[free] <- b; -penalised(beta) }
    for (round in 1:6) {
      start <- optim(start, objective, method = "Nelder-Mead", control = list(reltol = 1e-15, maxit = 20000))$par
      start <- optim(start, objective, method = "BFGS", control = list(reltol = 1e-15))$par
    }
    list(beta = start, value = -objective(start))
  }
  # From several places: held far out, the likelihood is flat away from its ridge.
  starts <- lapply(c(0, -2, -4, -6, -8, -12, -16, -20), function(b) replace(rep(0, length(free)), 1, b))
  fits <- lapply(starts, function(start) tryCatch(best(start), error = function(e) list(value = -Inf)))
  fits[[which.max(sapply(fits, function(fit) fit$value))]]
}
full <- largest()
cat("beta", format(full$beta, digits = 10), "value", format(full$value, digits = 10), "\n")
test <- function(held, df) {
  chi <- 2 * (full$value - suppressWarnings(largest(held))$value)
  cat("chi", format(chi, digits = 8), "p", format(pchisq(chi, df, lower.tail = FALSE), digits = 8), "\n")
}
test(c(NA, 0, NA), 1); test(c(NA, NA, 0), 1); test(c(NA, 0, 0), 2)
edge <- function(v) full$value - suppressWarnings(largest(c(NA, v, NA)))$value - qchisq(0.95, 1) / 2
lower <- uniroot(edge, c(0, full$beta[2]), tol = 1e-10)$root
upper <- uniroot(edge, c(full$beta[2], 12), tol = 1e-10)$root
cat("profile of x", format(c(lower, upper), digits = 8), "\n")
