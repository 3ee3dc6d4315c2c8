# Golden numbers of splines, clustered errors, nomograms, imputation and validation (Tests/StatisticsTests/ModelsGolden.swift).
#   Rscript Tools/golden/models.R > Tests/StatisticsTests/ModelsGolden.swift
suppressMessages({ library(rms); library(mice); library(sandwich) })
set.seed(20240)
n <- 160
age <- round(runif(n, 18, 85), 1)
size <- round(exp(rnorm(n, 1, 0.5)), 2)
hepatitis <- sample(c("none", "HBV", "HCV", "both"), n, TRUE, c(.5, .25, .15, .1))
patient <- sprintf("p%d", sample(1:90, n, TRUE))
effect <- c(none = 0, HBV = 0.8, HCV = 1.2, both = 1.9)
y <- rbinom(n, 1, plogis(-2.2 + 0.0012 * (age - 45)^2 + 0.35 * size + effect[hepatitis] + 0.5 * (nchar(patient) == 3)))
grade <- factor(hepatitis, c("none", "HBV", "HCV", "both"))

number <- function(x) format(x, digits = 17, trim = TRUE, scientific = FALSE)
list_of <- function(x) paste(strwrap(paste0("[", paste(x, collapse = ", "), "]"), 116, indent = 0, exdent = 4), collapse = "\n")
numbers <- function(name, x) cat(sprintf("  static let %s: [Double] = %s\n", name, list_of(number(unname(x)))))
words <- function(name, x) cat(sprintf("  static let %s: [String] = %s\n", name, list_of(sprintf("\"%s\"", x))))
cat("// swift-format-ignore-file\n")
cat(sprintf("// Written by Tools/golden/models.R (%s, rms %s, mice %s, sandwich %s); not to be edited by hand.\n\n",
  R.version.string, packageVersion("rms"), packageVersion("mice"), packageVersion("sandwich")))
cat("enum ModelsGolden {\n")
numbers("outcomes", y); numbers("age", age); numbers("size", size); words("hepatitis", hepatitis); words("patients", patient)

# Knots and columns.
for (k in 3:7) numbers(paste0("knots", k), rcspline.eval(age, nk = k, knots.only = TRUE))
numbers("knotsOfSixty", rcspline.eval(age[1:60], nk = 4, knots.only = TRUE))
tied <- c(rep(0, 20), round(age[1:80] / 3), rep(40, 15))
numbers("tied", tied); numbers("tiedKnots", rcspline.eval(tied, nk = 5, knots.only = TRUE))
few <- rep(1:6, 5)
numbers("fewKnots", suppressWarnings(rcspline.eval(few, nk = 5, knots.only = TRUE)))
numbers("basisAt", c(15, 30.5, 50, 66.6, 90))
numbers("basis", t(rcspline.eval(c(15, 30.5, 50, 66.6, 90), knots = rcspline.eval(age, nk = 5, knots.only = TRUE), inclx = TRUE)))

# A model with a spline, its tests, errors clustered by patient.
d <- data.frame(y, age, size, grade, patient)
dd <- datadist(d); options(datadist = "dd")
f <- lrm(y ~ rcs(age, 4) + size + grade, d, x = TRUE, y = TRUE, tol = 1e-14, eps = 1e-14, maxit = 50)
numbers("coefficients", f$coefficients); numbers("errors", sqrt(diag(vcov(f))))
a <- anova(f)
numbers("waldAge", c(a["age", "Chi-Square"], a["age", "d.f."], a["age", "P"]))
numbers("waldBend", c(a[" Nonlinear", "Chi-Square"], a[" Nonlinear", "d.f."], a[" Nonlinear", "P"]))
basis <- rcspline.eval(age, nk = 4, inclx = TRUE)
tight <- glm.control(1e-14, 100)
whole <- glm(y ~ basis + size + grade, binomial, control = tight)
ratio <- function(smaller) { x <- smaller$deviance - whole$deviance; k <- smaller$df.residual - whole$df.residual; c(x, k, pchisq(x, k, lower.tail = FALSE)) }
numbers("ratioAge", ratio(glm(y ~ size + grade, binomial, control = tight)))
numbers("ratioBend", ratio(glm(y ~ age + size + grade, binomial, control = tight)))
numbers("clusteredErrors", sqrt(diag(vcovCL(whole, cluster = patient, type = "HC0"))))
steps <- sapply(2:4, function(k) as.numeric(as.integer(grade) >= k)); colnames(steps) <- levels(grade)[2:4]
numbers("stepCoefficients", coef(glm(y ~ steps + size, binomial, control = tight)))
numbers("scoreCoefficients", coef(glm(y ~ I(as.integer(grade) - 1) + size, binomial, control = tight)))

# Nomogram with explicit axes.
marks <- list(age = c(20, 30, 40, 50, 60, 70, 80), size = c(1, 2, 4, 6, 8), grade = levels(grade))
nom <- nomogram(f, age = marks$age, size = marks$size, fun = plogis, fun.at = c(.2, .5, .8))
for (axis in names(marks)) numbers(paste0(axis, "Points"), nom[[axis]]$points)
numbers("nomogramTotals", nom[["total.points"]]$x); 

# Rubin's rules.
q <- c(0.81, 0.92, 0.77, 1.05, 0.88); u <- c(0.052, 0.049, 0.055, 0.047, 0.051)
numbers("rubinEstimates", q); numbers("rubinVariances", u)
p <- pool.scalar(q, u, n = 120, k = 4)
numbers("rubin", c(p$qbar, p$ubar, p$b, p$t, p$df, p$fmi, p$r))
pi <- pool.scalar(q, u, n = Inf, k = 1)
numbers("rubinUnlimited", c(pi$df, pi$fmi))

# D1 of two coefficients (Li, Raghunathan & Rubin 1991, equations 1.18 to 1.21), written out.
Q <- rbind(c(.8, .3), c(1.0, .1), c(.7, .5), c(.9, .2))
U <- lapply(1:4, function(i) matrix(c(.05 + .002 * i, .01, .01, .08 - .003 * i), 2))
numbers("jointEstimates", t(Q)); numbers("jointCovariances", unlist(U))
within <- Reduce(`+`, U) / 4; between <- cov(Q); center <- colMeans(Q)
increase <- (1 + 1 / 4) * sum(diag(between %*% solve(within))) / 2
D <- drop(center %*% solve((1 + increase) * within) %*% center) / 2
t1 <- 2 * (4 - 1)
v <- 4 + (t1 - 4) * (1 + (1 - 2 / t1) / increase)^2
numbers("joint", c(D, pf(D, 2, v, lower.tail = FALSE)))

# Imputation: size and hepatitis missing more often where the outcome is 1 and age is high.
gap <- d
gap$size[runif(n) < plogis(-1.6 + 1.0 * y)] <- NA
gap$grade[runif(n) < plogis(-1.8 + 0.02 * (age - 50))] <- NA
numbers("sizeMissing", which(is.na(gap$size)) - 1); numbers("gradeMissing", which(is.na(gap$grade)) - 1)
m <- mice(gap[c("y", "age", "size", "grade")], m = 200, maxit = 10, method = c("", "", "pmm", "polyreg"), printFlag = FALSE, seed = 7)
pooled <- summary(pool(with(m, glm(y ~ age + size + grade, family = binomial))))
numbers("pooledEstimates", pooled$estimate); numbers("pooledErrors", pooled$std.error)
numbers("pooledMissing", pool(with(m, glm(y ~ age + size + grade, family = binomial)))$pooled$fmi)
numbers("completeEstimates", coef(glm(y ~ age + size + grade, binomial, na.omit(gap))))

# Optimism.
set.seed(3)
d$score <- as.integer(grade) - 1                              # scores: no resample is separated
v <- validate(lrm(y ~ rcs(age, 4) + size + score, d, x = TRUE, y = TRUE), B = 3000)
for (index in c("Dxy", "Intercept", "Slope", "B")) numbers(paste0("validate", index), v[index, c("index.orig", "training", "test", "index.corrected")])
cat("}\n")
