# What is compared of every design: shares, means, totals, domains, intervals, a test.
source(file.path(commandArgs(trailingOnly = TRUE)[1], "wave.R"))

both <- function(found) {
  list(estimate = unname(coef(found)), std_error = unname(SE(found)))
}

with_deff <- function(found) c(both(found), list(deff = unname(deff(found))))

# Estimates by region, one row for each domain.
by_region <- function(formula, design, statistic) {
  found <- svyby(formula, ~region, design, statistic, keep.names = FALSE)
  count <- (ncol(found) - 1) / 2
  list(
    domain = found$region,
    estimate = unname(as.matrix(found[, 1 + seq_len(count)])),
    std_error = unname(as.matrix(found[, 1 + count + seq_len(count)]))
  )
}

region_degrees <- function(design) {
  regions <- sort(unique(design$variables$region))
  vapply(regions, function(r) degf(subset(design, region == r)), 1)
}

share_ends <- function(design, degrees) {
  ends <- lapply(c("no", "planned", "yes"), function(level) {
    design$variables$chosen <- as.numeric(design$variables$uses == level)
    found <- svyciprop(~chosen, design, method = "xlogit", df = degrees)
    as.vector(confint(found))
  })
  do.call(rbind, ends)
}

rao_scott <- function(formula, design) {
  test <- svychisq(formula, design, statistic = "F")
  list(
    statistic = test$statistic[[1]], ndf = test$parameter[[1]],
    ddf = test$parameter[[2]], p_value = test$p.value[[1]]
  )
}

measures <- function(design, degrees = NULL) {
  answered <- subset(design, !is.na(uses))
  priced <- subset(design, !is.na(cost))
  # A calibrated design keeps the rows outside, with weight 0 and a missing answer.
  answered$variables$uses[is.na(answered$variables$uses)] <- "no"
  priced$variables$cost[is.na(priced$variables$cost)] <- 0
  free <- function(design) if (is.null(degrees)) degf(design) else degrees
  t_ends <- function(found) as.vector(confint(found, df = free(priced)))
  average <- svymean(~cost, priced, deff = "replace")
  whole <- svytotal(~cost, priced, deff = "replace")
  list(
    share = c(with_deff(svymean(~uses, answered, deff = "replace")),
              list(degrees_of_freedom = free(answered))),
    mean = with_deff(average),
    total = with_deff(whole),
    count = both(svytotal(~uses, answered)),
    share_by = c(by_region(~uses, answered, svymean),
                 if (is.null(degrees)) {
                   list(degrees_of_freedom = region_degrees(answered))
                 }),
    mean_by = by_region(~cost, priced, svymean),
    total_by = by_region(~cost, priced, svytotal),
    count_by = by_region(~uses, answered, svytotal),
    interval = list(share = share_ends(answered, free(answered)),
                    mean = t_ends(average), total = t_ends(whole)),
    test = rao_scott(~ uses + region, design)
  )
}
