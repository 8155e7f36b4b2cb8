# Time raking with R survey. Arguments: a file of respondents, a file of the targets.
suppressPackageStartupMessages(library(survey))
arguments <- commandArgs(trailingOnly = TRUE)
respondents <- read.csv(arguments[1], colClasses = "factor")
targets <- read.csv(arguments[2], colClasses = c("character", "character", "numeric"))
n <- nrow(respondents)
design <- svydesign(ids = ~1, data = respondents, weights = rep(1, n))

margins <- unique(targets$margin)
totals <- unlist(lapply(margins, function(name) {
  of_margin <- targets[targets$margin == name, ][-1, ]
  setNames(of_margin$share * n, paste0(name, of_margin$code))
}))
raked <- function() {
  calibrate(design, reformulate(margins), c("(Intercept)" = n, totals),
            calfun = "raking", epsilon = 1e-10)
}
cat(system.time(raked())[["elapsed"]], "\n")
