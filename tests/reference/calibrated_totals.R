# Calibration to a margin and a numeric total: weights, errors, and raked replicates.
source(file.path(commandArgs(trailingOnly = TRUE)[1], "wave.R"))

# Near the totals of the clustered design, scaled to 2500.
POPULATION <- c("(Intercept)" = 2500, sizemedium = 900, sizesmall = 1150, i = 470000)
FITS <- list(
  linear = list(calfun = "linear"),
  raking = list(calfun = "raking"),
  logit = list(calfun = "logit", bounds = c(0.4, 2.5)),
  bounded = list(calfun = "raking", bounds = c(0.75, 1.35))
)

results <- function(design) {
  found <- svymean(~uses, design, na.rm = TRUE)
  by <- svyby(~uses, ~stratum, design, svymean, na.rm = TRUE)
  average <- svymean(~cost, design, na.rm = TRUE)
  ratio <- svyratio(~cost, ~i, design, na.rm = TRUE)
  test <- svychisq(~ uses + stratum, design, statistic = "F")
  weight <- weights(design, "sampling")
  list(
    weight = weight / mean(weight),
    estimate = unname(coef(found)), std_error = unname(SE(found)),
    domain = by$stratum, domain_error = unname(as.matrix(by[, 5:7])),
    mean = coef(average)[[1]], mean_error = SE(average)[[1]],
    known = SE(svymean(~i, design))[[1]],
    ratio = coef(ratio)[[1]], ratio_error = SE(ratio)[[1]],
    statistic = test$statistic[[1]], ddf = test$parameter[[2]]
  )
}

fitted <- function(design, fit) {
  arguments <- list(design, ~ size + i, POPULATION, calfun = fit$calfun,
                    epsilon = 1e-13, maxit = 500)
  if (!is.null(fit$bounds)) arguments$bounds <- fit$bounds
  do.call(calibrate, arguments)
}

# Limits are multiples of base weights that sum to the population.
wave$scaled <- wave$w * 2500 / sum(wave$w)
clustered <- svydesign(ids = ~psu, strata = ~stratum, data = wave, weights = ~scaled,
                       nest = TRUE)
weighted <- svydesign(ids = ~1, data = wave, weights = ~scaled)
replicated <- as.svrepdesign(clustered, type = "JKn")
again <- calibrate(replicated, ~ size + i, POPULATION, calfun = "raking",
                   epsilon = 1e-13, maxit = 500)
mean_again <- svymean(~cost, again, na.rm = TRUE)
uses_again <- svymean(~uses, again, na.rm = TRUE)

# Respondents who are left out before the fit, one whole PSU among them.
wave$kept <- wave$i %% 5 != 0 & !(wave$stratum == "n" & wave$psu == 1)
some <- svydesign(ids = ~psu, strata = ~stratum, data = wave, weights = ~scaled,
                  nest = TRUE)
left <- fitted(subset(some, kept), list(calfun = "linear"))
average <- svymean(~cost, left, na.rm = TRUE)
total <- svytotal(~cost, left, na.rm = TRUE)
median <- svyquantile(~cost, left, 0.5, na.rm = TRUE)
model <- svyglm(cost ~ stratum, left)

save_reference("calibrated_totals", list(
  kept = list(
    mean = coef(average)[[1]], mean_error = SE(average)[[1]],
    total = coef(total)[[1]], total_error = SE(total)[[1]],
    median = coef(median)[[1]], median_error = SE(median)[[1]],
    terms = names(coef(model)), coefficient = unname(coef(model)),
    coefficient_error = unname(SE(model)), residual_df = model$df.residual,
    degrees = degf(left)
  ),
  clustered = lapply(FITS, function(fit) results(fitted(clustered, fit))),
  weighted = lapply(FITS, function(fit) results(fitted(weighted, fit))),
  replicated = list(
    mean = coef(mean_again)[[1]], mean_error = SE(mean_again)[[1]],
    estimate = unname(coef(uses_again)), std_error = unname(SE(uses_again))
  )
))
