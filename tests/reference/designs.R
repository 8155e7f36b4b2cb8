# Several stages, fractions, zero weights, and lonely PSUs at either stage.
source(file.path(commandArgs(trailingOnly = TRUE)[1], "measures.R"))

wave$area <- wave$psu %% 5
wave$unit <- mix(i, 17, 6, 3)
wave$half <- i %% 2
wave$n_unit <- 16 + wave$area
wave$n_person <- 40 + wave$unit
wave$f_area <- c(n = 0.2, s = 0.15, w = 0.3, e = 0.1)[wave$stratum]
wave$f_unit <- 0.25 + 0.05 * wave$area
wave$single <- ifelse(wave$stratum == "n" & wave$area == 1, 0, wave$unit)
wave$in_full <- ifelse(wave$area == 2, 3, 6)
wave$apart <- ifelse(wave$stratum == "w" & wave$area == 2, "lone", wave$stratum)
wave$n_apart <- ifelse(wave$apart == "lone", 1, wave$n_psu)
wave$zero <- ifelse(mix(i, 5, 1, 13) < 3, 0, wave$w)

design <- function(ids, strata = ~stratum, fpc = NULL, weights = ~w) {
  svydesign(ids = ids, strata = strata, fpc = fpc, weights = weights, data = wave,
            nest = TRUE)
}

found <- list(
  counts = measures(design(~ area + unit, fpc = ~ n_psu + n_unit)),
  fractions = measures(design(~ area + unit, fpc = ~ f_area + f_unit)),
  uncorrected = measures(design(~ area + unit)),
  nested = measures(design(~ area + psu, fpc = ~ n_psu + n_unit)),
  three = measures(design(~ area + unit + i, fpc = ~ n_psu + n_unit + n_person)),
  in_full = measures(design(~ area + unit, fpc = ~ n_psu + in_full)),
  unstratified = measures(
    design(~ area + unit, strata = NULL, fpc = ~ population + n_unit)
  ),
  census = measures(design(~ area + unit, ~apart, ~ n_apart + n_unit)),
  # R counts respondents with weight 0 in n; we do not, so they are a subset here.
  zero_weights = measures(subset(design(~psu, weights = ~zero), zero > 0)),
  zero_weights_alone = measures(subset(design(~1, weights = ~zero), zero > 0))
)
for (rule in c("remove", "certainty", "adjust", "average")) {
  options(survey.lonely.psu = rule)
  add <- function(name, ...) {
    found[[paste0(name, "_", rule)]] <<- measures(design(...))
  }
  add("one_stage", ~area, ~apart, ~n_psu)
  add("first", ~ area + unit, ~apart, ~ n_psu + n_unit)
  if (rule == "average") next
  add("second", ~ area + single, fpc = ~ n_psu + n_unit)
  add("inner", ~ area + psu, ~ stratum + half, ~ n_psu + n_unit)
}
save_reference("designs", found)
