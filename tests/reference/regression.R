# Regression: coefficients, term tests and average marginal effects.
source(file.path(commandArgs(trailingOnly = TRUE)[1], "wave.R"))

# glm() stops when the deviance stands still, and the covariance takes the weights of
# the step before: fitted again from its own end, both are those of the last digit.
fit <- function(formula, design, family) {
  run <- function(start) {
    suppressWarnings(svyglm(
      formula, design, family = family, start = start,
      control = glm.control(epsilon = 1e-15, maxit = 100)
    ))
  }
  run(coef(run(NULL)))
}

# Average of a change of the mean over respondents, from its gradient by the
# coefficients, with both parts of its influence.
average <- function(model, change, gradient) {
  design <- model$survey.design
  w <- weights(design, "sampling")
  value <- sum(w * change) / sum(w)
  slope <- colSums(w * gradient) / sum(w)
  x <- model.matrix(model)
  mu <- fitted(model)
  v <- model$family$variance(mu)
  beta <- (x * (model$y - mu)) %*% solve(crossprod(x, x * w * v)) # canonical links
  influence <- (change - value) / sum(w) + as.vector(beta %*% slope)
  c(value, SE(svytotal(~u, update(design, u = influence)))[[1]])
}

at <- function(model, data) {
  x <- model.matrix(delete.response(terms(model)), data, xlev = model$xlevels)
  eta <- as.vector(x %*% coef(model))
  list(mean = model$family$linkinv(eta), slope = x * model$family$mu.eta(eta))
}

difference <- function(model, name, to, from) {
  ends <- lapply(list(to, from), function(value) {
    data <- model.frame(model)
    data[[name]] <- if (is.numeric(value)) value else
      factor(value, levels = levels(data[[name]]))
    at(model, data)
  })
  average(model, ends[[1]]$mean - ends[[2]]$mean, ends[[1]]$slope - ends[[2]]$slope)
}

# `columns` is the derivative of the model matrix by the number.
slope <- function(model, columns) {
  eta <- as.vector(model.matrix(model) %*% coef(model))
  inner <- as.vector(columns %*% coef(model))
  first <- model$family$mu.eta(eta)
  second <- if (model$family$link == "logit") {
    first * (1 - 2 * model$family$linkinv(eta))
  } else {
    0 * eta
  }
  average(model, first * inner, model.matrix(model) * (second * inner) + columns * first)
}

numbers <- function(model, terms) {
  table <- unname(coef(summary(model)))
  # confint() takes the quantile through the normal distribution and loses digits.
  half <- qt(0.975, model$df.residual) * table[, 2]
  ends <- cbind(table[, 1] - half, table[, 1] + half)
  stopifnot(all.equal(ends, unname(confint(model)), tolerance = 1e-8))
  tests <- lapply(terms, function(term) {
    found <- regTermTest(model, term, method = "Wald")
    list(statistic = found$Ftest[[1]], ndf = found$df, ddf = found$ddf,
         p_value = found$p[[1]])
  })
  list(
    estimate = table[, 1], std_error = table[, 2], statistic = table[, 3],
    p_value = table[, 4], conf_low = ends[, 1], conf_high = ends[, 2],
    covariance = unname(vcov(model)), degrees_of_freedom = model$df.residual,
    used = sum(weights(model$survey.design, "sampling") > 0), tests = tests
  )
}

# Derivative of the model matrix by cost, where it stands alone or times size.
by_cost <- function(model) {
  x <- model.matrix(model)
  columns <- 0 * x
  columns[, "cost"] <- 1
  for (name in grep(":cost$", colnames(x), value = TRUE)) {
    columns[, name] <- x[, sub(":cost$", "", name)]
  }
  columns
}

SIZE <- c("(Intercept)" = 2500, sizemedium = 850, sizesmall = 1400)
designs$calibrated <- calibrate(designs$clustered, ~size, SIZE)
designs$domain <- subset(designs$clustered, stratum != "w")

values <- lapply(designs, function(design) {
  # Calibrated designs keep the rows outside a domain, with weight 0.
  design <- subset(design, !is.na(uses) & !is.na(cost))
  design <- update(
    design, region = factor(region), size = factor(size),
    yes = as.numeric(!is.na(uses) & uses == "yes"),
    cost = ifelse(is.na(cost), 1, cost)
  )
  linear <- fit(cost ~ size + yes, design, gaussian())
  plain <- fit(yes ~ region + cost, design, quasibinomial())
  crossed <- fit(yes ~ size * cost, design, quasibinomial())
  curved <- fit(yes ~ log(cost + 1) + I(cost^2), design, quasibinomial())
  curves <- with(model.frame(curved), {
    cost <- exp(`log(cost + 1)`) - 1
    cbind(0, 1 / (cost + 1), 2 * cost)
  })
  mixed <- fit(cost ~ size * yes, design, gaussian())
  regions <- sort(unique(wave$region))
  list(
    linear = numbers(linear, c("size", "yes")),
    linear_effects = rbind(
      difference(linear, "size", "medium", "large"),
      difference(linear, "size", "small", "large"),
      difference(linear, "yes", 1, 0)
    ),
    mixed = numbers(mixed, c("size", "yes", "size:yes")),
    mixed_effects = rbind(
      difference(mixed, "size", "medium", "large"),
      difference(mixed, "size", "small", "large"),
      difference(mixed, "yes", 1, 0)
    ),
    plain = numbers(plain, c("region", "cost")),
    plain_effects = rbind(
      difference(plain, "region", regions[2], regions[1]),
      difference(plain, "region", regions[3], regions[1]),
      difference(plain, "region", regions[4], regions[1]),
      difference(plain, "region", regions[5], regions[1]),
      slope(plain, by_cost(plain))
    ),
    crossed = numbers(crossed, c("size", "cost", "size:cost")),
    crossed_effects = rbind(
      difference(crossed, "size", "medium", "large"),
      difference(crossed, "size", "small", "large"),
      slope(crossed, by_cost(crossed))
    ),
    curved = numbers(curved, c("log(cost + 1)", "I(cost^2)")),
    curved_effects = rbind(slope(curved, curves))
  )
})

# With replicates, everything is fitted again with every set of weights.
again <- as.svrepdesign(designs$clustered, type = "JKn", compress = FALSE)
again <- update(again, yes = as.numeric(uses == "yes"), size = factor(size))
crossed <- fit(yes ~ size * cost, again, quasibinomial())
effects <- withReplicates(
  subset(again, !is.na(uses) & !is.na(cost)),
  # Not called w: glm() would find that in the data first.
  function(replicate, data) {
    model <- suppressWarnings(glm(
      yes ~ size * cost, data = data, weights = replicate / mean(replicate),
      family = quasibinomial(),
      control = glm.control(epsilon = 1e-15, maxit = 100)
    ))
    mean_if <- function(...) {
      weighted.mean(predict(model, transform(data, ...), type = "response"), replicate)
    }
    beta <- coef(model)
    slope <- beta["cost"] + ifelse(data$size == "medium", beta["sizemedium:cost"], 0) +
      ifelse(data$size == "small", beta["sizesmall:cost"], 0)
    mu <- fitted(model)
    c(mean_if(size = "medium") - mean_if(size = "large"),
      mean_if(size = "small") - mean_if(size = "large"),
      weighted.mean(mu * (1 - mu) * slope, replicate))
  }
)
values$jackknife <- list(
  crossed = numbers(crossed, c("size", "cost", "size:cost")),
  crossed_effects = cbind(unname(coef(effects)), unname(SE(effects)))
)
values$jackknife$crossed$used <- sum(!is.na(wave$uses) & !is.na(wave$cost))
save_reference("regression", values)
