# pROC's side of the statistics contest. Rscript peer_statistics.R WORK SCORES.csv: reads the table, then speaks the lines of the
# other programs: `ready`, and for each `go` the milliseconds of the work.
suppressMessages(library(pROC))
given <- commandArgs(trailingOnly = TRUE)
rows <- read.csv(given[2])

work <- if (given[1] == "delong") function() {
  curve <- roc(rows$label, rows$score, levels = c(0, 1), direction = "<", quiet = TRUE)
  as.numeric(ci.auc(curve, method = "delong"))
} else function() {
  curve <- roc(rows$label, rows$score, levels = c(0, 1), direction = "<", quiet = TRUE)
  as.numeric(ci.auc(curve, method = "bootstrap", boot.n = 10000, boot.stratified = TRUE, progress = "none"))
}

interval <- work()
cat(sprintf('ready {"lower": %.6f, "auc": %.6f, "upper": %.6f}\n', interval[1], interval[2], interval[3]))
lines <- file("stdin")
open(lines)
repeat {
  line <- readLines(lines, 1)
  if (length(line) == 0 || line == "quit") break
  began <- Sys.time()
  invisible(work())
  cat(sprintf("%.3f\n", 1000 * as.numeric(difftime(Sys.time(), began, units = "secs"))))
}
status <- readLines("/proc/self/status")
peak <- as.numeric(gsub("[^0-9]", "", grep("^VmHWM", status, value = TRUE))) / 1024
cat(sprintf('{"peakMebibytes": %.1f}\n', peak))
