# Designs on real data; second argument: the folder with their CSV files.
suppressPackageStartupMessages({
  library(survey)
  library(jsonlite)
})
arguments <- commandArgs(trailingOnly = TRUE)
read <- function(name) read.csv(file.path(arguments[2], paste0(name, ".csv")))

found <- function(estimates) {
  list(estimate = unname(coef(estimates)), std_error = unname(SE(estimates)),
       deff = unname(deff(estimates)))
}

by <- function(formula, domain, design, statistic) {
  table <- svyby(formula, domain, design, statistic, keep.names = FALSE)
  list(domain = as.character(table[[1]]), estimate = table[[2]], std_error = table[[3]])
}

# Mean and total of a number, shares of an answer, both by domain, and their test.
describe <- function(design, number = NULL, share = NULL, domain = NULL) {
  held <- function(name) design[!is.na(design$variables[[name]]), ]
  result <- list(degrees_of_freedom = degf(design))
  if (!is.null(number)) {
    formula <- reformulate(number)
    result$mean <- found(svymean(formula, held(number), deff = "replace"))
    result$total <- found(svytotal(formula, held(number), deff = "replace"))
  }
  if (!is.null(number) && !is.null(domain)) {
    result$mean_by <- by(formula, reformulate(domain), held(number), svymean)
    result$total_by <- by(formula, reformulate(domain), held(number), svytotal)
  }
  if (is.null(share)) return(result)
  design$variables[[share]] <- factor(design$variables[[share]])
  formula <- reformulate(share)
  result$share <- found(svymean(formula, held(share), deff = "replace"))
  result$count <- found(svytotal(formula, held(share), deff = "replace"))
  if (is.null(domain)) return(result)
  test <- svychisq(reformulate(c(share, domain)), design, statistic = "F")
  result$test <- list(statistic = test$statistic[[1]], ndf = test$parameter[[1]],
                      ddf = test$parameter[[2]], p_value = test$p.value[[1]])
  result
}

strat <- read("apistrat")
clus1 <- read("apiclus1")
clus2 <- read("apiclus2")
clus2$f1 <- 40 / 757
schools <- ave(clus2$snum, clus2$dnum, FUN = length)
clus2$f2 <- schools / clus2$fpc2
nhanes <- read("nhanes")
nhanes$agecat <- factor(nhanes$agecat)

api_strat <- svydesign(ids = ~1, strata = ~stype, weights = ~pw, fpc = ~fpc, data = strat)
api_clus1 <- svydesign(ids = ~dnum, weights = ~pw, fpc = ~fpc, data = clus1)
api_jk1 <- as.svrepdesign(api_clus1)
raked <- function(design) {
  # Schools of the state by type, and by whether they met their target.
  totals <- c("(Intercept)" = 6194, stypeH = 755, stypeM = 1018, sch.wideYes = 5122)
  calibrate(design, ~ stype + sch.wide, totals, calfun = "raking", epsilon = 1e-12,
            maxit = 100)
}
population <- data.frame(stype = c("E", "H", "M"), Freq = c(4421, 755, 1018))

# Ambulances in three areas, two in each: half-samples of Levy and Lemeshow (1991).
half <- 2 * cbind(c(1, 0, 1, 0, 1, 0), c(1, 0, 0, 1, 0, 1),
                  c(0, 1, 1, 0, 0, 1), c(0, 1, 0, 1, 1, 0))
scd <- suppressWarnings(svrepdesign(
  data = read("scd"), repweights = half, type = "BRR", combined.weights = FALSE
))

values <- list(
  strat = describe(api_strat, "api00", "sch.wide", "stype"),
  strat_jkn = describe(as.svrepdesign(api_strat), "api00", "sch.wide", "awards"),
  clus1 = describe(api_clus1, "api00", "sch.wide", "stype"),
  clus1_jk1 = describe(api_jk1, "api00", "sch.wide", "stype"),
  clus1_raked = describe(raked(api_clus1), "enroll", "awards", "stype"),
  clus1_jk1_raked = describe(raked(api_jk1), "enroll", "awards", "yr.rnd"),
  clus1_stratified = describe(
    postStratify(api_clus1, ~stype, population), "enroll", "awards", "stype"
  ),
  clus2 = describe(
    svydesign(ids = ~ dnum + snum, weights = ~pw, fpc = ~ fpc1 + fpc2, data = clus2),
    "api00", "sch.wide", "stype"
  ),
  clus2_fractions = describe(
    svydesign(ids = ~ dnum + snum, weights = ~pw, fpc = ~ f1 + f2, data = clus2),
    "enroll", "awards", "stype"
  ),
  nhanes = describe(
    svydesign(ids = ~SDMVPSU, strata = ~SDMVSTRA, weights = ~WTMEC2YR, nest = TRUE,
              data = nhanes),
    "HI_CHOL", "agecat", "race"
  ),
  yrbs = describe(
    svydesign(ids = ~psu, strata = ~stratum, weights = ~weight, nest = TRUE,
              data = read("yrbs")),
    "qn8", "qn8"
  ),
  scd = describe(scd, "alive", domain = "ESA"),
  fpc = describe(
    svydesign(ids = ~psuid, strata = ~stratid, weights = ~weight, fpc = ~Nh,
              nest = TRUE, data = read("fpc")),
    "x"
  ),
  hospital = describe(
    svydesign(ids = ~1, strata = ~oblevel, weights = ~weighta, fpc = ~tothosp,
              data = read("hospital")),
    "births", domain = "oblevel"
  ),
  mu284 = describe(svydesign(ids = ~ id1 + id2, fpc = ~ n1 + n2, data = read("mu284")), "y1")
)
text <- toJSON(values, digits = I(17), auto_unbox = TRUE, na = "null", pretty = TRUE)
writeLines(text, file.path(arguments[1], "exports.json"))
