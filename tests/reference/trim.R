# Trimmed weights, limits inside a fit, and adjustments for nonresponse.
source(file.path(commandArgs(trailingOnly = TRUE)[1], "wave.R"))
data(api)

one <- function(weight) unname(weight / mean(weight[weight > 0]))

# Trimming without a fit, as trimWeights does it. Its strict rounds never end at limits
# that differ from the inverse of their inverse, such as 0.9.
clus <- svydesign(ids = ~dnum, weights = ~pw, data = apiclus1, fpc = ~fpc)
population <- c("(Intercept)" = 6194, stypeH = 755, stypeM = 1018, api99 = 3914069)
files <- list(equal = clus, calibrated = calibrate(clus, ~ stype + api99, population),
              wave = svydesign(ids = ~1, weights = ~w, data = wave))
limits <- list(equal = list(upper = c(-Inf, 40), both = c(20, 40)),
               calibrated = list(upper = c(-Inf, 38), lower = c(29, Inf),
                                 both = c(30, 37), narrow = c(31, 34.5)),
               wave = list(upper = c(-Inf, 6), lower = c(1.5, Inf), both = c(1.25, 7),
                           tight = c(2, 5)))
trimmed <- function(name) lapply(limits[[name]], function(limit) {
  cut <- function(strict) {
    unname(weights(trimWeights(files[[name]], limit[2], limit[1], strict = strict)))
  }
  ends <- ifelse(is.finite(limit), limit, NA)
  list(lower = ends[1], upper = ends[2], once = cut(FALSE), strict = cut(TRUE))
})

# Trimming with a fit: raked, clipped, and fitted again with limits of the weights.
POPULATION <- c("(Intercept)" = n, sizemedium = 0.34 * n, sizesmall = 0.56 * n,
                regionfar = 0.14 * n, regionnorth = 0.28 * n, regionsouth = 0.22 * n,
                regionwest = 0.16 * n)
fit <- function(weight, data, ...) {
  data$weight <- one(weight)
  scaled <- POPULATION * nrow(data) / n
  design <- svydesign(ids = ~1, weights = ~weight, data = data)
  found <- calibrate(design, ~ size + region, scaled, epsilon = 1e-13, maxit = 500, ...)
  unname(weights(found))
}
refitted <- function(weight, limit, calfun, data = wave) {
  clipped <- one(pmin(pmax(weight, limit[1]), limit[2]))
  fit(clipped, data, calfun = calfun, bounds.const = TRUE,
      bounds = list(lower = limit[1], upper = limit[2]))
}
raked <- fit(wave$w, wave, calfun = "raking")
capped <- c(0, 3)
between <- c(0.1, 3.5)
median_cap <- c(0, 5 * median(raked))

# Nonresponse: classes, a logistic regression, and classes of its propensity.
wave$staff <- mix(i, 9, 7, 23)
wave$back <- as.numeric(mix(i, 19, 4, 23) < 8 + 4 * (wave$size == "small") + wave$staff / 4)
in_classes <- function(class) {
  everyone <- tapply(wave$w, class, sum)
  of_those <- tapply(wave$w * wave$back, class, sum)
  (wave$w * wave$back * (everyone / of_those)[as.character(class)])
}
back <- wave[wave$back == 1, ]
stratified <- postStratify(
  svydesign(ids = ~1, weights = ~w, data = back), ~ size + region,
  as.data.frame(xtabs(w ~ size + region, wave))
)
model <- svyglm(back ~ size + region + staff, family = quasibinomial,
                design = svydesign(ids = ~1, weights = ~w, data = wave),
                epsilon = 1e-14, maxit = 100)
propensity <- unname(fitted(model))
rounded <- round(propensity, 12)
fifth <- cut(rounded, quantile(rounded, 0:5 / 5), include.lowest = TRUE)
by_fifth <- in_classes(fifth)

# All of it: classes of propensity, raking, a cap.
after <- fit(by_fifth[wave$back == 1], back, calfun = "raking")

save_reference("trim", list(
  weights = lapply(files, function(design) unname(weights(design))),
  trimmed = sapply(names(files), trimmed, simplify = FALSE),
  raked = raked,
  refitted = list(
    capped = refitted(raked, capped, "raking"),
    between = refitted(raked, between, "raking"),
    linear = refitted(raked, between, "linear"),
    median = refitted(raked, median_cap, "raking")
  ),
  nonresponse = list(
    staff = wave$staff, back = wave$back,
    stratified = one(unname(weights(stratified))),
    propensity = propensity,
    inverse = one(wave$w * wave$back / propensity),
    fifths = one(by_fifth),
    raked = after,
    capped = refitted(after, capped, "raking", back)
  )
))
