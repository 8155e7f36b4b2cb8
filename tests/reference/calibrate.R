# Raked, post-stratified and calibrated weights, with and without limits, of the api
# data and of the Pew excerpt. Second argument: the folder with the exports of R survey.
suppressPackageStartupMessages({
  library(survey)
  library(jsonlite)
})
arguments <- commandArgs(trailingOnly = TRUE)
read <- function(...) read.csv(file.path(arguments[2], ...), stringsAsFactors = FALSE)

EXACT <- 1e-12

# Every design has weights of mean 1 and a population of the size of the sample, so that
# the limits are multiples of weights on the scale of the population.
scaled <- function(data, weight) {
  svydesign(ids = ~1, weights = weight / mean(weight), data = data)
}
first <- function(design) {
  weight <- unname(weights(design))
  list(weight = weight[1:40], sum = sum(weight), squares = sum(weight^2),
       cubes = sum(weight^3), smallest = min(weight), largest = max(weight))
}
table_of <- function(population, columns, size) {
  if (is.null(population$.weight)) population$.weight <- 1
  formula <- as.formula(paste(".weight ~", paste(columns, collapse = " + ")))
  counts <- aggregate(formula, population, sum)
  names(counts)[ncol(counts)] <- "Freq"
  counts$Freq <- counts$Freq * size / sum(counts$Freq)
  counts
}
means_of <- function(formula, population, size) {
  weight <- if (is.null(population$.weight)) rep(1, nrow(population)) else population$.weight
  colSums(model.matrix(formula, population) * weight) * size / sum(weight)
}
raked <- function(design, population, margins) {
  tables <- lapply(margins, function(margin) table_of(population, margin, nrow(design)))
  rake(design, lapply(margins, reformulate), tables,
       control = list(maxit = 5000, epsilon = EXACT))
}
# The slope of R's cal.raking is taken to be 0 too early where limits are wide, and then
# its fit fails; the multiples themselves are R's own.
clipped <- make.calfun(cal.raking$Fm1, function(u, bounds) {
  ifelse(exp(u) < bounds$upper & exp(u) > bounds$lower, exp(u), 0)
}, "raking within limits")
calibrated <- function(design, population, formula, ...) {
  goal <- means_of(formula, population, nrow(design))
  calibrate(design, formula, goal, epsilon = EXACT, maxit = 500, ...)
}
every <- function(design, population, formula, low_high, weight_limits) {
  one <- function(...) first(calibrated(design, population, formula, ...))
  list(
    raking = one(calfun = "raking"),
    linear = one(calfun = "linear"),
    raking_limits = one(calfun = clipped, bounds = low_high),
    linear_limits = one(calfun = "linear", bounds = low_high),
    logit_limits = one(calfun = "logit", bounds = low_high),
    raking_weight_limits = one(calfun = clipped, bounds = weight_limits,
                               bounds.const = TRUE),
    linear_weight_limits = one(calfun = "linear", bounds = weight_limits,
                               bounds.const = TRUE)
  )
}

api <- read("apiclus1.csv")
schools <- read("apipop.csv")
schools <- schools[!is.na(schools$enroll), ]
pew <- read("..", "pew_pewmethods", "dec13_excerpt.csv")
pew <- pew[pew$recage != "DK/Ref" & pew$receduc != "DK/Ref", ]
acs <- read("..", "pew_pewmethods", "acs_2017_excerpt.csv")
acs$.weight <- acs$weight

MAIN <- list("stype", "sch.wide")
CROSSED <- list(c("stype", "sch.wide"))
PEW <- list("sex", "recage", "receduc")
PEW_CROSSED <- list(c("sex", "receduc"), "recage")

stratified <- function(design, population, margin) {
  counts <- table_of(population, margin, nrow(design))
  first(postStratify(design, reformulate(margin), counts))
}
api_values <- function(design) list(
  rake = first(raked(design, schools, MAIN)),
  postStratify = stratified(design, schools, c("stype", "sch.wide")),
  margins = every(design, schools, ~ stype + sch.wide, c(0.6, 2.2), c(0.3, 2.5)),
  crossed = every(design, schools, ~ stype * sch.wide, c(0.4, 6), c(0.3, 7)),
  totals = every(design, schools, ~ stype + api99 + enroll, c(0.4, 2.6), c(0.2, 4)),
  numbers = every(design, schools, ~ api99, c(0.7, 1.4), c(0.3, 2.1))
)
pew_values <- function(design) list(
  rake = first(raked(design, acs, PEW)),
  rake_crossed = first(raked(design, acs, PEW_CROSSED)),
  margins = every(design, acs, ~ sex + recage + receduc, c(0.3, 3), c(0.25, 3)),
  crossed = every(design, acs, ~ sex * receduc + recage, c(0.3, 3), c(0.25, 3))
)
values <- list(
  api_equal = api_values(scaled(api, api$pw)),
  # All schools of the sample have the same weight; these differ.
  api_unequal = api_values(scaled(api, 1 + (seq_len(nrow(api)) %% 7) / 4)),
  pew_equal = pew_values(scaled(pew, rep(1, nrow(pew)))),
  pew_weighted = pew_values(scaled(pew, pew$weight))
)
text <- toJSON(values, digits = I(17), auto_unbox = TRUE, pretty = TRUE)
writeLines(text, file.path(arguments[1], "calibrate.json"))
