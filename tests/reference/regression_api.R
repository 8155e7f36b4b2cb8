# Regression on the api and nhanes data; second argument: the folder with their files.
suppressPackageStartupMessages({
  library(survey)
  library(jsonlite)
})
arguments <- commandArgs(trailingOnly = TRUE)
read <- function(name) read.csv(file.path(arguments[2], paste0(name, ".csv")))

numbers <- function(formula, design, family, terms) {
  run <- function(start) {
    suppressWarnings(svyglm(
      formula, design, family = family, start = start,
      control = glm.control(epsilon = 1e-15, maxit = 100)
    ))
  }
  # Twice, for the reason that regression.R gives.
  model <- run(coef(run(NULL)))
  tests <- lapply(terms, function(term) {
    found <- regTermTest(model, term, method = "Wald")
    list(statistic = found$Ftest[[1]], ndf = found$df, ddf = found$ddf,
         p_value = found$p[[1]])
  })
  list(
    estimate = unname(coef(model)), std_error = unname(SE(model)),
    p_value = unname(coef(summary(model))[, 4]), used = length(fitted(model)),
    tests = tests
  )
}

strat <- svydesign(ids = ~1, strata = ~stype, weights = ~pw, fpc = ~fpc,
                   data = read("apistrat"))
clus <- svydesign(ids = ~dnum, weights = ~pw, fpc = ~fpc, data = read("apiclus1"))
nhanes <- svydesign(ids = ~SDMVPSU, strata = ~SDMVSTRA, weights = ~WTMEC2YR,
                    nest = TRUE, data = read("nhanes"))

values <- list(
  strat_linear = numbers(api00 ~ ell + meals + mobility, strat, gaussian(),
                         c("ell", "meals", "mobility")),
  strat_logistic = numbers(I(sch.wide == "Yes") ~ ell + meals + mobility, strat,
                           quasibinomial(), c("ell", "meals", "mobility")),
  strat_crossed = numbers(api00 ~ stype * ell, strat, gaussian(),
                          c("stype", "ell", "stype:ell")),
  clus_linear = numbers(api00 ~ stype + meals, clus, gaussian(), c("stype", "meals")),
  clus_logistic = numbers(I(sch.wide == "Yes") ~ ell + meals, clus, quasibinomial(),
                          c("ell", "meals")),
  nhanes_logistic = numbers(
    HI_CHOL ~ factor(race) + factor(agecat) + RIAGENDR, nhanes, quasibinomial(),
    c("factor(race)", "factor(agecat)", "RIAGENDR")
  )
)
text <- toJSON(values, digits = I(17), auto_unbox = TRUE, na = "null", pretty = TRUE)
writeLines(text, file.path(arguments[1], "regression_api.json"))
