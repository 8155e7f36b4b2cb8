# Time tables and raking with R survey. Arguments: the file, numbers of respondents.
suppressPackageStartupMessages(library(survey))
arguments <- commandArgs(trailingOnly = TRUE)
respondents <- read.csv(arguments[1])
sizes <- as.integer(arguments[-1])
BANNER <- c("size", "industry", "region")
SHARES <- list(size = c(40, 30, 20, 10) / 100, region = c(30, 25, 20, 15, 10) / 100,
               industry = 1:10 / 55)

seconds <- function(work) system.time(work)[["elapsed"]]

unweighted <- function(n) {
  frame <- head(respondents, n)
  for (name in c("q1", BANNER)) frame[[name]] <- factor(frame[[name]])
  svydesign(ids = ~organisation, data = frame, weights = rep(1, n))
}

raked <- function(design, margins) {
  n <- nrow(design)
  totals <- unlist(lapply(margins, function(name) {
    shares <- SHARES[[name]][-1] * n
    setNames(shares, paste0(name, seq_along(shares) + 1))
  }))
  calibrate(design, reformulate(margins), c("(Intercept)" = n, totals),
            calfun = "raking", epsilon = 1e-10)
}

# One question by one banner question, with the test.
table_of <- function(design, name) {
  svyby(~q1, reformulate(name), design, svymean, deff = "replace")
  svychisq(reformulate(c("q1", name)), design, statistic = "F")
}

per_table <- function(n) {
  design <- raked(unweighted(n), c("size", "region"))
  seconds(for (name in BANNER) table_of(design, name)) / length(BANNER)
}

times <- setNames(sapply(sizes, per_table), paste0("tables_", sprintf("%d", sizes)))
largest <- unweighted(max(sizes))
times["raking"] <- seconds(raked(largest, names(SHARES)))
versions <- c(r = as.character(getRversion()),
              survey = as.character(packageVersion("survey")))
values <- c(paste0('"', names(times), '": ', format(times, digits = 6, trim = TRUE)),
            paste0('"', names(versions), '": "', versions, '"'))
cat("{", paste(values, collapse = ", "), "}\n")
