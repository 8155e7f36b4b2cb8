# Rao-Scott tests, and differences of columns with their covariance.
source(file.path(commandArgs(trailingOnly = TRUE)[1], "wave.R"))

rao_scott <- function(formula, design) {
  test <- svychisq(formula, design, statistic = "F")
  list(
    statistic = test$statistic[[1]], ndf = test$parameter[[1]],
    ddf = test$parameter[[2]], p_value = test$p.value[[1]]
  )
}

# The difference of two domain shares as one linearised total over the whole design.
difference <- function(design, level, one, two) {
  w <- weights(design)
  influence <- function(region) {
    inside <- wave$region == region & !is.na(wave$uses)
    chosen <- inside & wave$uses %in% level
    share <- sum(w[chosen]) / sum(w[inside])
    list(share = share, u = inside * (chosen - share) / sum(w[inside]))
  }
  first <- influence(one)
  second <- influence(two)
  found <- svytotal(first$u - second$u, design)
  list(difference = first$share - second$share, std_error = SE(found)[[1]])
}

save_reference("tests", lapply(designs, function(design) {
  list(
    uses_region = rao_scott(~ uses + region, design),
    uses_size = rao_scott(~ uses + size, design),
    size_region = rao_scott(~ size + region, design),
    yes_north_south = difference(design, "yes", "north", "south"),
    planned_west_east = difference(design, "planned", "west", "east")
  )
}))
