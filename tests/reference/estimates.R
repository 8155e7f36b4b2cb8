# Shares, means, totals, domains, design effects and intervals.
source(file.path(commandArgs(trailingOnly = TRUE)[1], "wave.R"))

LEVELS <- c("no", "planned", "yes")

svy_share <- function(design) {
  answered <- subset(design, !is.na(uses))
  found <- svymean(~uses, answered, deff = "replace")
  list(
    estimate = unname(coef(found)), std_error = unname(SE(found)),
    deff = unname(deff(found)), degrees_of_freedom = degf(answered)
  )
}

svy_domains <- function(design) {
  answered <- subset(design, !is.na(uses))
  found <- svyby(~uses, ~ region + size, answered, svymean)
  names <- paste(found$region, found$size, sep = " x ")
  list(
    domain = names,
    estimate = unname(as.matrix(found[, 3:5])),
    std_error = unname(as.matrix(found[, 6:8]))
  )
}

svy_numbers <- function(design) {
  answered <- subset(design, !is.na(cost))
  average <- svymean(~cost, answered, deff = "replace")
  whole <- svytotal(~cost, answered, deff = "replace")
  by <- svyby(~cost, ~region, answered, svymean)
  counts <- svytotal(~uses, subset(design, !is.na(uses)))
  list(
    mean = coef(average)[[1]], mean_error = SE(average)[[1]],
    mean_deff = deff(average)[[1]],
    total = coef(whole)[[1]], total_error = SE(whole)[[1]],
    total_deff = deff(whole)[[1]],
    domain = by$region, domain_mean = by$cost, domain_error = by$se,
    count = unname(coef(counts)), count_error = unname(SE(counts))
  )
}

svy_intervals <- function(design) {
  answered <- subset(design, !is.na(uses))
  methods <- c(
    logit = "logit", xlogit = "xlogit", beta = "beta", arcsine = "asin", wald = "mean"
  )
  lapply(methods, function(method) {
    ends <- lapply(LEVELS, function(level) {
      answered$variables$chosen <- as.numeric(answered$variables$uses == level)
      unname(confint(svyciprop(~chosen, answered, method = method)))
    })
    do.call(rbind, lapply(ends, as.vector))
  })
}

save_reference("estimates", lapply(designs, function(design) {
  list(
    share = svy_share(design), domains = svy_domains(design),
    numbers = svy_numbers(design), intervals = svy_intervals(design)
  )
}))

lonely <- lapply(c("remove", "certainty", "adjust", "average"), function(rule) {
  options(survey.lonely.psu = rule)
  design <- svydesign(
    ids = ~psu, strata = ~lonely, data = wave, weights = ~w, nest = TRUE
  )
  answered <- subset(design, !is.na(uses))
  found <- svymean(~uses, answered)
  by <- svyby(~uses, ~region, answered, svymean)
  list(
    estimate = unname(coef(found)), std_error = unname(SE(found)),
    domain = by$region, domain_error = unname(as.matrix(by[, 5:7]))
  )
})
names(lonely) <- c("remove", "certainty", "adjust", "average")
save_reference("lonely", lonely)
