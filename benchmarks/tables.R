# Time tables with R survey. Arguments: the file, items of single response separated by
# commas, 0/1 items likewise, banner questions likewise, how often to time a table, and a
# folder, into which cells and tables of each design are written as CSV.
suppressPackageStartupMessages(library(survey))
arguments <- commandArgs(trailingOnly = TRUE)
names_of <- function(place) strsplit(arguments[place], ",")[[1]]
single <- names_of(2)
items <- c(single, names_of(3))
banner <- names_of(4)
repeats <- as.integer(arguments[5])
folder <- arguments[6]

respondents <- read.csv(arguments[1])
for (name in c(single, banner)) respondents[[name]] <- factor(respondents[[name]])
designs <- list(
  weights = svydesign(ids = ~1, weights = ~w, data = respondents),
  clusters = svydesign(ids = ~psu, strata = ~stratum, weights = ~w, data = respondents)
)

# Shares with errors, design effects and intervals by banner point, and the test.
table_of <- function(design, item, name) {
  shares <- svyby(reformulate(item), reformulate(name), design, svymean,
                  deff = "replace", na.rm = TRUE)
  list(shares = shares, interval = confint(shares),
       test = svychisq(reformulate(c(item, name)), design, statistic = "F"))
}

cells_of <- function(found, item, name) {
  points <- levels(respondents[[name]])
  codes <- if (item %in% single) levels(respondents[[item]]) else item
  grid <- expand.grid(point = points, code = codes, stringsAsFactors = FALSE)
  data.frame(banner = name, grid, estimate = coef(found$shares),
             std_error = unlist(SE(found$shares)), row.names = NULL)
}

cells <- NULL
tables <- NULL
for (design in names(designs)) for (item in items) for (name in banner) {
  times <- replicate(repeats, system.time(
    found <<- table_of(designs[[design]], item, name))[["elapsed"]])
  cells <- rbind(cells, cbind(design = design, cells_of(found, item, name)))
  tables <- rbind(tables, data.frame(
    design = design, item = item, banner = name, seconds = min(times),
    statistic = found$test$statistic[[1]]))
}
exact <- function(frame) {
  numbers <- vapply(frame, is.numeric, TRUE)
  frame[numbers] <- lapply(frame[numbers], formatC, digits = 17, width = 1)
  frame
}
write.csv(exact(cells), file.path(folder, "cells.csv"), row.names = FALSE)
write.csv(exact(tables), file.path(folder, "tables.csv"), row.names = FALSE)
cat("R ", as.character(getRversion()), ", survey ",
    as.character(packageVersion("survey")), "\n", sep = "")
