# The api and nhanes data; second argument: the folder with their CSV files.
suppressPackageStartupMessages({
  library(survey)
  library(jsonlite)
})
arguments <- commandArgs(trailingOnly = TRUE)
read <- function(name) read.csv(file.path(arguments[2], paste0(name, ".csv")))

numbers <- function(found) list(estimate = unname(coef(found)), std_error = unname(SE(found)))
test <- function(formula, design) {
  found <- svychisq(formula, design, statistic = "F")
  list(statistic = found$statistic[[1]], ndf = found$parameter[[1]],
       ddf = found$parameter[[2]], p_value = found$p.value[[1]])
}

strat <- svydesign(ids = ~1, strata = ~stype, weights = ~pw, fpc = ~fpc,
                   data = read("apistrat"))
clus <- svydesign(ids = ~dnum, weights = ~pw, fpc = ~fpc, data = read("apiclus1"))
nhanes <- svydesign(ids = ~SDMVPSU, strata = ~SDMVSTRA, weights = ~WTMEC2YR,
                    nest = TRUE, data = read("nhanes"))
by <- svyby(~HI_CHOL, ~race, nhanes, svymean, na.rm = TRUE)

values <- list(
  strat_api00 = numbers(svymean(~api00, strat)),
  strat_enroll = numbers(svytotal(~enroll, strat)),
  strat_wide = numbers(svymean(~sch.wide, strat)),
  strat_test = test(~ stype + sch.wide, strat),
  clus_api00 = numbers(svymean(~api00, clus)),
  clus_wide = numbers(svymean(~sch.wide, clus)),
  clus_test = test(~ stype + sch.wide, clus),
  nhanes_mean = numbers(svymean(~HI_CHOL, nhanes, na.rm = TRUE)),
  nhanes_race = list(estimate = by$HI_CHOL, std_error = by$se),
  nhanes_test = test(~ HI_CHOL + race, nhanes)
)
text <- toJSON(values, digits = I(17), auto_unbox = TRUE, na = "null", pretty = TRUE)
writeLines(text, file.path(arguments[1], "api.json"))
