# A synthetic wave from a formula, the same as in tests/reference/wave.py.
#
# Weights spread over a factor of fifty, unequal PSUs, missing answers, an answer
# that nobody in one region gave, a stratum with one PSU.
suppressPackageStartupMessages({
  library(survey)
  library(jsonlite)
})

mix <- function(i, a, b, m) (i * a + (i %/% 7) * b + (i * i) %% 11) %% m

n <- 360
i <- seq_len(n)
wave <- data.frame(
  i = i,
  stratum = c("n", "s", "w", "e")[1 + mix(i, 5, 3, 4)],
  size = c("small", "medium", "large")[1 + mix(i, 7, 2, 13) %/% 5],
  region = c("north", "south", "west", "east", "far")[1 + mix(i, 3, 5, 17) %% 5],
  uses = c("yes", "no", "planned", NA)[1 + mix(i, 11, 4, 19) %/% 6],
  cost = as.numeric(mix(i, 9, 7, 23)),
  w = 0.2 + mix(i, 13, 6, 29)^2 / 80,
  stringsAsFactors = FALSE
)
wave$uses[wave$region == "far" & wave$uses == "planned"] <- "no"
wave$uses <- factor(wave$uses)
wave$cost[mix(i, 17, 3, 31) == 0] <- NA
wave$psu <- mix(i, 3, 8, 9) + 3 * (mix(i, 2, 1, 5) == 0)
wave$n_psu <- c(n = 40, s = 60, w = 35, e = 80)[wave$stratum]
wave$lonely <- wave$stratum
wave$lonely[wave$stratum == "w" & wave$psu == 2] <- "lone"
wave$population <- 2500

save_reference <- function(name, values) {
  path <- file.path(commandArgs(trailingOnly = TRUE)[1], paste0(name, ".json"))
  text <- toJSON(values, digits = I(17), auto_unbox = TRUE, na = "null", pretty = TRUE)
  writeLines(text, path)
}

designs <- list(
  equal = svydesign(ids = ~1, data = wave, weights = rep(1, n)),
  weighted = svydesign(ids = ~1, data = wave, weights = ~w),
  stratified = svydesign(ids = ~1, strata = ~stratum, data = wave, weights = ~w),
  clustered = svydesign(
    ids = ~psu, strata = ~stratum, data = wave, weights = ~w, nest = TRUE
  ),
  corrected = svydesign(
    ids = ~psu, strata = ~stratum, data = wave, weights = ~w, nest = TRUE, fpc = ~n_psu
  )
)
