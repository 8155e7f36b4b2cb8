# Ratios, quantiles, contrasts of domains, and the likelihood interval.
source(file.path(commandArgs(trailingOnly = TRUE)[1], "wave.R"))

staff <- 1 + mix(i, 5, 11, 37)
staff[mix(i, 19, 2, 23) == 0] <- NA
# Numbers without ties, so that every respondent moves a quantile.
wave$amount <- wave$cost + sqrt(i) / 10
designs <- lapply(designs, update, staff = staff, amount = wave$amount)
PROBABILITIES <- c(0.1, 0.25, 0.5, 0.75, 0.9)
INTERVALS <- c("mean", "beta", "xlogit", "asin")
RULES <- c("math", "school", "shahvaish", paste0("hf", 1:9))

svy_ratio <- function(design) {
  both <- subset(design, !is.na(cost) & !is.na(staff))
  whole <- svyratio(~cost, ~staff, both, deff = "replace")
  by <- svyby(~cost, ~region, both, svyratio, denominator = ~staff)
  list(
    estimate = coef(whole)[[1]], std_error = SE(whole)[[1]],
    interval = as.vector(confint(whole, df = degf(both))),
    deff = as.vector(deff(whole)), degrees_of_freedom = degf(both),
    domain = by$region, domain_estimate = unname(coef(by)),
    domain_error = unname(SE(by))
  )
}

quantile_table <- function(formula, design, interval) {
  # Columns: quantile, low, high, standard error.
  unname(svyquantile(formula, design, PROBABILITIES, interval.type = interval)[[1]])
}

svy_quantile <- function(design) {
  answered <- subset(design, !is.na(cost))
  sizes <- c("large", "medium", "small")
  by_interval <- lapply(
    INTERVALS, function(interval) quantile_table(~amount, answered, interval)
  )
  names(by_interval) <- INTERVALS
  by_domain <- lapply(
    sizes, function(one) quantile_table(~amount, subset(answered, size == one), "mean")
  )
  names(by_domain) <- sizes
  list(
    interval = by_interval, domain = by_domain,
    ties = quantile_table(~cost, answered, "mean")
  )
}

quantile_rules <- function() {
  # Rules as functions; that of Shah and Vaish takes weights of mean 1.
  answered <- wave[!is.na(wave$cost), ]
  weight <- answered$w / mean(answered$w)
  found <- lapply(RULES, function(rule) {
    quantile <- get(paste0("qrule_", rule), envir = asNamespace("survey"))
    list(
      amount = sapply(PROBABILITIES, function(p) quantile(answered$amount, weight, p)),
      # Equal weights meet some of the probabilities exactly.
      met = sapply(PROBABILITIES, function(p) quantile(1:40, rep(1, 40), p)),
      odd = sapply(PROBABILITIES, function(p) quantile(1:30, rep(1, 30), p)),
      ties = sapply(PROBABILITIES, function(p) quantile(answered$cost, weight, p))
    )
  })
  names(found) <- RULES
  found
}

tested <- function(found, degrees_of_freedom) {
  estimate <- coef(found)[[1]]
  std_error <- SE(found)[[1]]
  list(
    estimate = estimate, std_error = std_error,
    p_value = 2 * pt(-abs(estimate / std_error), degrees_of_freedom)
  )
}

# A difference of two domains as a function of four totals: the covariance of domains
# that share PSUs, or respondents, is in it.
difference <- function(design, y, one, two, total = FALSE) {
  smaller <- min(degf(design[one, ]), degf(design[two, ]))
  design <- update(
    design,
    y1 = ifelse(one, y, 0), n1 = as.numeric(one),
    y2 = ifelse(two, y, 0), n2 = as.numeric(two)
  )
  totals <- svytotal(~ y1 + n1 + y2 + n2, design)
  formula <- if (total) quote(y1 - y2) else quote(y1 / n1 - y2 / n2)
  tested(svycontrast(totals, formula), smaller)
}

svy_contrast <- function(design) {
  costs <- subset(design, !is.na(cost))
  used <- subset(design, !is.na(uses))
  size <- costs$variables$size
  cost <- costs$variables$cost
  share <- function(level, one, two) {
    chosen <- as.numeric(used$variables$uses == level)
    difference(used, chosen, one, two)
  }
  user_size <- used$variables$size
  list(
    mean = difference(costs, cost, size == "small", size == "large"),
    total = difference(costs, cost, size == "small", size == "large", total = TRUE),
    overlap = difference(
      costs, cost, size != "large", size != "small"
    ),
    share = lapply(
      c(no = "no", planned = "planned", yes = "yes"),
      share, one = user_size == "medium", two = user_size == "large"
    ),
    codes = local({
      found <- svymean(~uses, used)
      names(found) <- c("no", "planned", "yes")
      tested(svycontrast(found, c(no = -1, planned = 0.5, yes = 1)), degf(used))
    }),
    regression = {
      fitted <- svyglm(cost ~ relevel(factor(size), "large"), costs)
      list(
        estimate = coef(fitted)[[3]], std_error = SE(fitted)[[3]]
      )
    }
  )
}

domain_contrast <- function(design) {
  # svyby of this version gives domains no covariance; without strata there is none.
  by <- svyby(~cost, ~size, subset(design, !is.na(cost)), svymean, covmat = TRUE)
  found <- svycontrast(by, c(small = 0.5, medium = 0.5, large = -1))
  list(estimate = coef(found)[[1]], std_error = SE(found)[[1]])
}

# The interval of confint.svyglm, whose profile is solved here instead of interpolated.
solved <- function(model, degrees_of_freedom) {
  lambda <- model$cov.unscaled[1] / model$naive.cov[1]
  cutoff <- qt(0.975, degrees_of_freedom)^2 * lambda * summary(model)$dispersion[1]
  centre <- coef(model)[[1]]
  excess <- function(b) {
    fitted <- rep(plogis(b), length(model$y))
    deviance <- sum(binomial()$dev.resids(model$y, fitted, model$prior.weights))
    deviance - deviance(model) - cutoff
  }
  root <- function(from, to) uniroot(excess, c(from, to), tol = 1e-13)$root
  plogis(c(root(centre - 20, centre), root(centre, centre + 20)))
}

svy_likelihood <- function(design) {
  answered <- subset(design, !is.na(uses))
  ends <- lapply(c("no", "planned", "yes"), function(level) {
    answered <- update(answered, chosen = as.numeric(uses == level))
    model <- svyglm(
      chosen ~ 1, answered, family = quasibinomial,
      control = glm.control(epsilon = 1e-14)
    )
    profiled <- svyciprop(~chosen, answered, method = "likelihood")
    list(
      profiled = as.vector(confint(profiled)), solved = solved(model, degf(answered))
    )
  })
  list(
    profiled = do.call(rbind, lapply(ends, `[[`, "profiled")),
    solved = do.call(rbind, lapply(ends, `[[`, "solved"))
  )
}

svy_jackknife <- function() {
  design <- as.svrepdesign(designs$clustered, type = "JKn")
  both <- subset(design, !is.na(cost) & !is.na(staff))
  costs <- subset(design, !is.na(cost))
  ratios <- svyby(~cost, ~region, both, svyratio, denominator = ~staff)
  means <- svyby(~cost, ~size, costs, svymean, covmat = TRUE)
  contrast <- svycontrast(means, c(small = 0.5, medium = 0.5, large = -1))
  list(
    domain = ratios$region, ratio = unname(coef(ratios)), ratio_error = unname(SE(ratios)),
    quantile = unname(svyquantile(~amount, costs, PROBABILITIES, df = degf(design))[[1]]),
    contrast = list(estimate = coef(contrast)[[1]], std_error = SE(contrast)[[1]])
  )
}

found <- lapply(designs, function(design) {
  list(
    ratio = svy_ratio(design), quantile = svy_quantile(design),
    contrast = svy_contrast(design), likelihood = svy_likelihood(design)
  )
})
for (name in c("equal", "weighted")) {
  found[[name]]$contrast$domains <- domain_contrast(designs[[name]])
}
save_reference(
  "estimators", c(found, list(rules = quantile_rules(), jackknife = svy_jackknife()))
)
