# A column against the rest of Total, and against Total, with their covariance.
source(file.path(commandArgs(trailingOnly = TRUE)[1], "wave.R"))

contrast <- function(found) {
  list(difference = coef(found)[[1]], std_error = SE(found)[[1]])
}

# The rest is a domain: everyone else in the base, whatever their column.
against_rest <- function(design, value, column) {
  design <- update(design, value = value, column = column)
  answered <- subset(design, !is.na(value))
  means <- svyby(~value, ~column, answered, svymean, covmat = TRUE)
  contrast(svycontrast(means, c("TRUE" = 1, "FALSE" = -1)))
}

# Four totals, and the difference of their ratios by the delta method.
against_total <- function(design, value, column) {
  known <- !is.na(value)
  design <- update(
    design,
    part = ifelse(known & column, value, 0), part_base = as.numeric(known & column),
    whole = ifelse(known, value, 0), whole_base = as.numeric(known)
  )
  totals <- svytotal(~ part + part_base + whole + whole_base, design)
  contrast(svycontrast(totals, quote(part / part_base - whole / whole_base)))
}

yes <- as.numeric(wave$uses == "yes")
columns <- list(
  north = wave$region == "north", east = wave$region == "east",
  small = wave$size == "small"
)
save_reference("rest", lapply(designs, function(design) {
  lapply(columns, function(column) list(
    yes_rest = against_rest(design, yes, column),
    yes_total = against_total(design, yes, column),
    cost_rest = against_rest(design, wave$cost, column),
    cost_total = against_total(design, wave$cost, column)
  ))
}))
