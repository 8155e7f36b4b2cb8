# Replicate weights: every type made by R and handed over, and those we make too.
source(file.path(commandArgs(trailingOnly = TRUE)[1], "measures.R"))

wave$pair <- mix(i, 5, 3, 7)
wave$side <- mix(i, 3, 7, 2)
wave$psu_of_pair <- paste(wave$pair, wave$side)
wave$psu_of_stratum <- paste(wave$stratum, wave$psu)
wave$psu_of_lonely <- paste(wave$lonely, wave$psu)
# Two strata that were counted in full: one has a single PSU, the other twelve.
wave$in_full <- c(n = 40, s = 60, w = 35, e = 12, lone = 1)[wave$lonely]

paired <- svydesign(ids = ~psu_of_pair, strata = ~pair, weights = ~w, data = wave)
stratified <- svydesign(ids = ~psu_of_stratum, strata = ~stratum, weights = ~w, data = wave)
corrected <- svydesign(
  ids = ~psu_of_stratum, strata = ~stratum, weights = ~w, data = wave, fpc = ~n_psu
)
in_full <- svydesign(
  ids = ~psu_of_lonely, strata = ~lonely, weights = ~w, data = wave, fpc = ~in_full
)
plain <- svydesign(ids = ~psu, weights = ~w, data = wave)
plain_corrected <- svydesign(ids = ~psu, weights = ~w, data = wave, fpc = ~population)

# The factors of every PSU, with the scales: what a file would document.
stored <- function(design, psu) {
  list(
    psu = wave[[psu]][!duplicated(wave[[psu]])], factor = design$repweights$weights,
    scale = design$scale, rscales = design$rscales
  )
}

combined <- function(design, type, ..., mse = FALSE) {
  given <- as.matrix(design$repweights) * wave$w
  suppressWarnings(svrepdesign(
    data = wave, repweights = given, weights = wave$w, type = type,
    combined.weights = TRUE, ..., mse = mse
  ))
}

set.seed(31)
jk1 <- as.svrepdesign(plain, type = "JK1")
jkn <- as.svrepdesign(stratified, type = "JKn")
brr <- as.svrepdesign(paired, type = "BRR")
fay <- as.svrepdesign(paired, type = "Fay", fay.rho = 0.3)
bootstrap <- as.svrepdesign(stratified, type = "subbootstrap", replicates = 30)

# Successive differences of the 12 PSUs, in their order, by two rows of a Hadamard
# matrix each.
signs <- 2 * survey:::hadamard(15) - 1
by_psu <- 1 + 2^-1.5 * (signs[1 + 1:12, ] - signs[1 + c(2:12, 1), ])
sdr_factor <- by_psu[match(wave$psu, unique(wave$psu)), ]
sdr <- svrepdesign(
  data = wave, repweights = sdr_factor, weights = wave$w,
  type = "successive-difference", combined.weights = FALSE
)
own <- list(scale = 0.7, rscales = seq(0.5, 1.5, length.out = 30))

save_reference("replicates", list(
  given = list(
    jk1 = stored(jk1, "psu"), jkn = stored(jkn, "psu_of_stratum"),
    brr = stored(brr, "psu_of_pair"), fay = stored(fay, "psu_of_pair"),
    bootstrap = stored(bootstrap, "psu_of_stratum"),
    sdr = list(psu = unique(wave$psu), factor = by_psu, scale = 4 / ncol(by_psu)),
    own = c(stored(bootstrap, "psu_of_stratum")[c("psu", "factor")], own)
  ),
  measures = list(
    jk1 = measures(jk1), jkn = measures(jkn), brr = measures(brr),
    fay = measures(fay), bootstrap = measures(bootstrap), sdr = measures(sdr),
    own = measures(combined(bootstrap, "bootstrap", scale = own$scale,
                            rscales = own$rscales))
  ),
  mse = list(
    jkn = measures(combined(jkn, "JKn", scale = 1, rscales = jkn$rscales, mse = TRUE)),
    bootstrap = measures(combined(bootstrap, "bootstrap", mse = TRUE))
  ),
  made = list(
    jk1_corrected = measures(as.svrepdesign(plain_corrected, type = "JK1")),
    jkn_corrected = measures(as.svrepdesign(corrected, type = "JKn")),
    jkn_in_full = measures(as.svrepdesign(in_full, type = "JKn"))
  ),
  lonely = sapply(c("remove", "certainty", "adjust", "average"), function(rule) {
    options(survey.lonely.psu = rule)
    design <- svydesign(
      ids = ~psu_of_lonely, strata = ~lonely, weights = ~w, data = wave, fpc = ~n_psu
    )
    measures(as.svrepdesign(design, type = "JKn"))
  }, simplify = FALSE)
))
