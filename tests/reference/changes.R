# Differences between two waves: independent samples, a panel, partial overlap.
source(file.path(commandArgs(trailingOnly = TRUE)[1], "wave.R"))

# The second wave: other answers and weights for the same kind of respondents.
later <- function(rows) {
  found <- wave[rows, ]
  found$uses <- wave$uses[1 + (rows * 7) %% n]
  found$cost <- wave$cost[1 + (rows * 7) %% n]
  # Units of both waves answer alike, so that there is something to share.
  same <- mix(rows, 5, 2, 7) > 2
  found$uses[same] <- wave$uses[rows][same]
  found$cost[same] <- wave$cost[rows][same] + 1
  found$w <- wave$w[1 + (rows * 11) %% n]
  found
}

stack <- function(first, second, shared = TRUE) {
  both <- rbind(cbind(wave[first, ], time = "1"), cbind(later(second), time = "2"))
  both$id <- both$i
  both$cluster <- paste(both$stratum, both$psu)
  if (!shared) {
    both$id <- paste(both$time, both$id)
    both$cluster <- paste(both$time, both$cluster)
    both$stratum <- paste(both$time, both$stratum)
  }
  both$time <- factor(both$time)
  both$v <- 1 + mix(seq_len(nrow(both)), 7, 5, 13) / 10
  both
}

# A share is a ratio of totals, so that covariances are there for every design.
one <- function(design, inside, degrees) {
  v <- design$variables
  counted <- function(time, hit) as.numeric(inside & v$time == time & hit)
  answered <- !is.na(v$uses)
  number <- ifelse(is.na(v$cost), 0, v$cost)
  fill <- function(level) {
    design$variables$a1 <- counted("1", answered & v$uses %in% level)
    design$variables$b1 <- counted("1", answered)
    design$variables$a2 <- counted("2", answered & v$uses %in% level)
    design$variables$b2 <- counted("2", answered)
    svytotal(~ a1 + b1 + a2 + b2, design)
  }
  totals <- lapply(c("no", "planned", "yes"), fill)
  design$variables$a1 <- counted("1", !is.na(v$cost)) * number
  design$variables$b1 <- counted("1", !is.na(v$cost))
  design$variables$a2 <- counted("2", !is.na(v$cost)) * number
  design$variables$b2 <- counted("2", !is.na(v$cost))
  totals <- c(totals, list(svytotal(~ a1 + b1 + a2 + b2, design)))
  found <- lapply(totals, svycontrast, quote(a2 / b2 - a1 / b1))
  difference <- vapply(found, function(each) unname(coef(each)), 1)
  error <- vapply(found, function(each) unname(SE(each)[1]), 1)
  list(difference = difference, std_error = error, degrees = degrees,
       half = error * qt(0.975, degrees))
}

changes <- function(design, plain = design) {
  regions <- c("north", "south", "west", "east", "far")
  v <- design$variables
  degrees <- function(inside, answered) {
    min(degf(plain[which(inside & answered & v$time == "1"), ]),
        degf(plain[which(inside & answered & v$time == "2"), ]))
  }
  each <- lapply(c("Total", regions), function(region) {
    inside <- region == "Total" | v$region == region
    shares <- degrees(inside, !is.na(v$uses))
    one(design, inside, c(shares, shares, shares, degrees(inside, !is.na(v$cost))))
  })
  names(each) <- c("Total", regions)
  each
}

raked <- function(design, data) {
  formula <- ~ time / (size + region)
  population <- colSums(model.matrix(formula, data) * data$v)
  calibrate(design, formula, population, calfun = "raking", epsilon = 1e-12, maxit = 200)
}

samples <- list(
  independent = stack(1:240, 121:360, shared = FALSE),
  panel = stack(1:360, 1:360),
  partial = stack(1:240, 121:360)
)
values <- lapply(samples, function(data) {
  weighted <- if (identical(data$id, as.character(data$id))) {
    svydesign(ids = ~id, strata = ~time, weights = ~w, data = data)
  } else {
    svydesign(ids = ~id, weights = ~w, data = data)
  }
  stratified <- svydesign(ids = ~id, strata = ~stratum, weights = ~w, data = data)
  clustered <- svydesign(ids = ~cluster, strata = ~stratum, weights = ~w, data = data)
  corrected <- svydesign(
    ids = ~cluster, strata = ~stratum, weights = ~w, data = data, fpc = ~n_psu
  )
  list(
    weighted = changes(weighted),
    stratified = changes(stratified),
    clustered = changes(clustered),
    corrected = changes(corrected),
    raked = changes(raked(stratified, data), stratified),
    raked_clustered = changes(raked(clustered, data), clustered)
  )
})
save_reference("changes", values)
