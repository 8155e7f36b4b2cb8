# The shipped study: raked weights, shares, nets, scores, differences and tests.
#
# Arguments: the folder of study.json; a folder with what study_data.py wrote.
# Only records and codes are taken from there. Bases, the class of those who gave no
# answer on a margin, nets and scores are formed here.
suppressPackageStartupMessages({
  library(survey)
  library(jsonlite)
})
arguments <- commandArgs(trailingOnly = TRUE)
targets <- read.csv(file.path(arguments[2], "targets.csv"))
BANNER <- c("size", "industry", "region")
DONT_KNOW <- "9"
OWN_CLASS <- "no answer"
# Smaller bases are not published.
MIN_BASE <- 30

read_wave <- function(id) {
  path <- file.path(arguments[2], paste0("wave-", id, ".csv"))
  wave <- read.csv(path, colClasses = "character", na.strings = "")
  alone <- is.na(wave$organisation)
  wave$organisation[alone] <- paste("record", wave$respondent_id[alone])
  for (name in grep("^barriers_", names(wave), value = TRUE)) {
    wave[[name]] <- as.numeric(wave[[name]])
  }
  for (name in c("size", "region")) {
    class <- wave[[name]]
    if (name == "size") class[class %in% DONT_KNOW] <- OWN_CLASS
    class[is.na(class)] <- OWN_CLASS
    wave[[paste0(name, "_class")]] <- factor(class)
  }
  wave
}

# Population totals in the order of the columns of the model matrix; those without a
# target category keep their share of the sample.
population <- function(wave) {
  totals <- lapply(c("size", "region"), function(name) {
    class <- wave[[paste0(name, "_class")]]
    own <- sum(class == OWN_CLASS)
    wanted <- targets[targets$margin == name, ]
    share <- setNames(wanted$share / sum(wanted$share), wanted$code)
    total <- c(share * (nrow(wave) - own), setNames(own, OWN_CLASS))[levels(class)]
    setNames(total, paste0(name, "_class", levels(class)))[-1]
  })
  c("(Intercept)" = nrow(wave), unlist(totals))
}

raked <- function(wave) {
  design <- svydesign(ids = ~organisation, data = wave, weights = rep(1, nrow(wave)))
  calibrate(design, ~ size_class + region_class, population(wave),
            calfun = "raking", epsilon = 1e-14, maxit = 200)
}

# Every indicator as one number per respondent; NA is outside the base.
code_is <- function(answer, codes) ifelse(is.na(answer), NA, answer %in% codes) * 1
net <- function(wave, codes) do.call(pmax, wave[paste0("barriers_", codes)])
score <- function(answer) code_is(answer, "1") - code_is(answer, "2")

shares <- function(wave) {
  stages <- c(1:5, 9)
  stage <- lapply(stages, function(code) code_is(wave$stage, code))
  names(stage) <- paste0("stage ", stages)
  barriers <- grep("^barriers_", names(wave), value = TRUE)
  marks <- setNames(wave[barriers], sub("_", " ", barriers))
  c(stage, marks, list(
    "stage in_production" = code_is(wave$stage, 5),
    "stage using" = code_is(wave$stage, 4:5),
    "barriers security_privacy" = net(wave, c("security", "privacy")),
    "barriers law" = net(wave, c("legal", "regulation")),
    "barriers organisation" = net(wave, c("skills", "cost"))
  ))
}

scores <- function(wave) {
  names <- grep("^preference", names(wave), value = TRUE)
  setNames(lapply(wave[names], score), paste(names, "net_preference"))
}

points <- function(wave) {
  of <- function(name) {
    lapply(sort(unique(wave[[name]])), function(code) c(name, code))
  }
  c(list(c("", "Total")), unlist(lapply(BANNER, of), recursive = FALSE))
}

interval <- function(design, method) {
  found <- svyciprop(~value, design, method = method, df = degf(design))
  as.vector(confint(found))
}

# The transformed share is exact. The model finds the same interval by iteration, and
# in one small cell it runs off without saying so; it is asked for Total only.
ends <- function(design, share, total) {
  nothing <- c(NA, NA)
  # The logit has no value there; what the analysis does instead is a rule of its own.
  if (share <= 0 || share >= 1) return(c(nothing, nothing))
  # The model warns that records outside the domain have weight 0, as they should.
  model <- if (total) suppressWarnings(interval(design, "logit")) else nothing
  c(interval(design, "xlogit"), model)
}

cell <- function(design, name, point, is_share) {
  wave <- design$variables
  inside <- !is.na(wave$value)
  if (point[1] != "") inside <- inside & wave[[point[1]]] %in% point[2]
  if (sum(inside) < MIN_BASE) return(NULL)
  # Records outside stay in a calibrated design with weight 0; R cannot take NA there.
  part <- subset(update(design, value = ifelse(inside, value, 0)), inside)
  found <- svymean(~value, part, deff = "replace")
  w <- weights(part)[weights(part) > 0]
  limits <- if (is_share) ends(part, coef(found)[[1]], point[1] == "")
            else c(confint(found, df = degf(part)), NA, NA)
  label <- strsplit(name, " ")[[1]]
  data.frame(
    question = label[1], code = label[2], banner = point[1], point = point[2],
    estimate = coef(found)[[1]], std_error = SE(found)[[1]], deff = deff(found)[[1]],
    conf_low = limits[1], conf_high = limits[2],
    model_low = limits[3], model_high = limits[4],
    base_unweighted = length(w), base_effective = sum(w)^2 / sum(w^2)
  )
}

cells <- function(design, values, is_share) {
  rows <- lapply(names(values), function(name) {
    one <- update(design, value = values[[name]])
    lapply(points(design$variables), function(point) cell(one, name, point, is_share))
  })
  do.call(rbind, unlist(rows, recursive = FALSE))
}

# A difference of two ratios of totals, so that PSUs and margins shared by two columns
# count. svyby gives no covariance for a calibrated design.
difference <- function(design, value, by, pair) {
  one <- update(design, value = value,
                a = 1 * (by %in% pair[1]), b = 1 * (by %in% pair[2]))
  totals <- svytotal(~ I(value * a) + a + I(value * b) + b, one)
  names(totals) <- c("yes_a", "all_a", "yes_b", "all_b")
  found <- svycontrast(totals, quote(yes_a / all_a - yes_b / all_b))
  degrees <- min(degf(subset(one, a == 1)), degf(subset(one, b == 1)))
  p_value <- 2 * pt(-abs(coef(found)[[1]] / SE(found)[[1]]), degrees)
  data.frame(first = pair[1], second = pair[2], difference = coef(found)[[1]],
             std_error = SE(found)[[1]], p_value = p_value)
}

differences <- function(design, value, name) {
  by <- design$variables[[name]]
  pairs <- combn(sort(unique(by)), 2, simplify = FALSE)
  rows <- lapply(pairs, function(pair) difference(design, value, by, pair))
  cbind(banner = name, do.call(rbind, rows))
}

# R refuses a table with so many empty cells that the test is not defined.
association <- function(design, name) {
  formula <- as.formula(paste("~ stage +", name))
  found <- tryCatch(svychisq(formula, design, statistic = "F"), error = function(e) NULL)
  if (is.null(found)) return(NULL)
  list(statistic = found$statistic[[1]], ndf = found$parameter[[1]],
       ddf = found$parameter[[2]], p_value = found$p.value[[1]])
}

results <- function(id) {
  wave <- read_wave(id)
  design <- raked(wave)
  w <- weights(design)
  using <- code_is(wave$stage, 4:5)
  answers <- shares(wave)
  if (id == "gaps") answers <- answers[startsWith(names(answers), "stage")]
  found <- cells(design, answers, TRUE)
  if (id != "gaps") found <- rbind(found, cells(design, scores(wave), FALSE))
  list(
    respondents = nrow(wave), degrees_of_freedom = degf(design),
    deff_kish = nrow(wave) * sum(w^2) / sum(w)^2, largest_weight = max(w) / mean(w),
    cells = found,
    differences = rbind(differences(design, using, "size"),
                        differences(design, using, "region")),
    tests = list(size = association(design, "size"),
                 industry = association(design, "industry"),
                 region = association(design, "region"))
  )
}

waves <- c("2023", "2024", "2025", "gaps")
values <- setNames(lapply(waves, results), waves)
text <- toJSON(values, digits = I(17), auto_unbox = TRUE, na = "null",
               dataframe = "columns", pretty = TRUE)
writeLines(text, file.path(arguments[1], "study.json"))
