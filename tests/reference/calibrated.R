# Calibrated weights: raked, linear, post-stratified, and their replicates.
source(file.path(commandArgs(trailingOnly = TRUE)[1], "measures.R"))

# Population totals in the order of the columns of the model matrix.
POPULATION <- c("(Intercept)" = 2500, sizemedium = 850, sizesmall = 1400,
                regionfar = 350, regionnorth = 700, regionsouth = 550,
                regionwest = 400)

wave$area <- wave$psu %% 5
wave$unit <- mix(i, 17, 6, 3)
wave$n_unit <- 16 + wave$area
wave$id <- paste(wave$stratum, wave$psu)

nested <- svydesign(ids = ~ area + unit, strata = ~stratum, weights = ~w, data = wave,
                    nest = TRUE, fpc = ~ n_psu + n_unit)
lonely <- svydesign(ids = ~psu, strata = ~lonely, weights = ~w, data = wave, nest = TRUE)
stratified <- svydesign(ids = ~id, strata = ~stratum, weights = ~w, data = wave)
jkn <- as.svrepdesign(stratified, type = "JKn")

raked <- function(design, population = POPULATION) {
  calibrate(design, ~ size + region, population, calfun = "raking", epsilon = 1e-12,
            maxit = 200)
}
linear <- function(design) {
  calibrate(design, ~ size + region, POPULATION, calfun = "linear", epsilon = 1e-12)
}
current <- colSums(model.matrix(~ size + region, wave) * wave$w)
cells <- expand.grid(size = c("large", "medium", "small"),
                     region = c("east", "far", "north", "south", "west"))
cells$Freq <- 100 + 10 * seq_len(nrow(cells))
jkn_stratified <- postStratify(jkn, ~ size + region, cells)
jkn_stratified$degf <- degf(jkn)
crossed <- as.data.frame(xtabs(w ~ size + region, wave))

each <- c("weighted", "clustered", "corrected")
values <- list(
  raked = lapply(designs[each], function(design) measures(raked(design))),
  linear = lapply(designs[each], function(design) measures(linear(design))),
  linear_weight = weights(linear(designs$weighted)),
  stratified = lapply(designs[each], function(design) {
    measures(postStratify(design, ~ size + region, cells))
  }),
  given = lapply(designs[each], function(design) {
    measures(calibrate(design, ~ size + region, current))
  }),
  given_crossed = measures(postStratify(designs$clustered, ~ size + region, crossed)),
  staged = measures(raked(nested)),
  # The rank of raked replicates says nothing: the degrees are those before raking.
  replicated = list(
    raked = measures(raked(jkn), degf(jkn)),
    stratified = measures(jkn_stratified, degf(jkn)),
    given = measures(raked(jkn, current), degf(jkn))
  )
)
values$lonely <- sapply(c("remove", "certainty", "adjust", "average"), function(rule) {
  options(survey.lonely.psu = rule)
  measures(raked(lonely))
}, simplify = FALSE)
save_reference("calibrated", values)
