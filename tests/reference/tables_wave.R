# The wave with a multiple response set and a scale, under eight designs.
source(file.path(commandArgs(trailingOnly = TRUE)[1], "wave.R"))

SIZE <- c("large", "medium", "small")
REGION <- c("east", "far", "north", "south", "west")
USES <- c("no", "planned", "yes")
TOOLS <- c("chat", "code", "search", "nobody")
POPULATION <- c("(Intercept)" = 2500, sizemedium = 850, sizesmall = 1400,
                regionfar = 350, regionnorth = 700, regionsouth = 550,
                regionwest = 400)

wave$uses <- as.character(wave$uses)
wave$area <- wave$psu %% 5
wave$unit <- mix(i, 17, 6, 3)
wave$n_unit <- 16 + wave$area
wave$id <- paste(wave$stratum, wave$psu)
# Some of those in the base chose nothing, and nobody chose the last tool.
wave$asked <- mix(i, 13, 7, 12) > 0
wave$chat <- as.numeric(mix(i, 7, 5, 10) < 4 & wave$asked)
wave$code <- as.numeric(mix(i, 3, 2, 9) < 3 & wave$asked)
wave$search <- as.numeric(mix(i, 11, 3, 8) < 5 & wave$asked)
wave$nobody <- 0
wave$trust <- c("1", "2", "3", "4", "5", "dk", NA)[1 + mix(i, 5, 9, 27) %/% 4]
wave$score <- suppressWarnings(as.numeric(wave$trust))

stratified <- svydesign(ids = ~id, strata = ~stratum, weights = ~w, data = wave)
designs <- c(lapply(designs, function(design) {
  design$variables <- wave
  design
}), list(
  raked = calibrate(
    svydesign(ids = ~psu, strata = ~stratum, weights = ~w, data = wave, nest = TRUE),
    ~ size + region, POPULATION, calfun = "raking", epsilon = 1e-12, maxit = 200
  ),
  jackknife = as.svrepdesign(stratified, type = "JKn"),
  staged = svydesign(
    ids = ~ area + unit, strata = ~stratum, weights = ~w, data = wave, nest = TRUE,
    fpc = ~ n_psu + n_unit
  )
))

# Values outside a subset are no numbers; a calibrated design keeps them with weight 0.
part <- function(design, inside, value) {
  inside <- inside & !is.na(inside) & !is.na(value)
  design <- update(design, value = ifelse(inside, value, 0))
  subset(design, inside)
}
