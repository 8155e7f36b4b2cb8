# Raking and calibration, and the standard errors that follow.
source(file.path(commandArgs(trailingOnly = TRUE)[1], "wave.R"))

SIZE <- c(large = 250, medium = 850, small = 1400)
REGION <- c(east = 500, far = 350, north = 700, south = 550, west = 400)

# Population totals in the order of the columns of the model matrix.
POPULATION <- c("(Intercept)" = 2500, sizemedium = 850, sizesmall = 1400,
                regionfar = 350, regionnorth = 700, regionsouth = 550,
                regionwest = 400)

margin <- function(name, targets) {
  frame <- data.frame(names(targets), Freq = unname(targets))
  names(frame)[1] <- name
  frame
}

results <- function(design) {
  found <- svymean(~uses, design, na.rm = TRUE, deff = "replace")
  by <- svyby(~uses, ~stratum, design, svymean, na.rm = TRUE)
  average <- svymean(~cost, design, na.rm = TRUE)
  test <- svychisq(~ uses + stratum, design, statistic = "F")
  weight <- weights(design)
  list(
    weight = weight / mean(weight),
    estimate = unname(coef(found)), std_error = unname(SE(found)),
    deff = unname(deff(found)),
    domain = by$stratum, domain_error = unname(as.matrix(by[, 5:7])),
    mean = coef(average)[[1]], mean_error = SE(average)[[1]],
    statistic = test$statistic[[1]], ndf = test$parameter[[1]],
    ddf = test$parameter[[2]], p_value = test$p.value[[1]]
  )
}

calibrated <- function(design) {
  calibrate(design, ~ size + region, POPULATION, calfun = "raking",
            epsilon = 1e-14, maxit = 200)
}

raked <- function(design) {
  rake(design, list(~size, ~region),
       list(margin("size", SIZE), margin("region", REGION)),
       control = list(maxit = 1000, epsilon = 1e-13))
}

save_reference("weighting", list(
  calibrated = lapply(designs, function(design) results(calibrated(design))),
  raked = list(equal = results(raked(designs$equal)))
))
