# Tests of association: single response, every item of several answers, all at once.
source(file.path(commandArgs(trailingOnly = TRUE)[1], "tables_wave.R"))

STATISTICS <- c(F = "F", chisq = "Chisq", wald = "Wald", adjusted_wald = "adjWald")

one_test <- function(formula, design, statistic) {
  test <- svychisq(formula, design, statistic = statistic)
  if (statistic == "Chisq") {
    size <- test$parameter[[1]]
    # R gives Pearson's statistic as it is, and the p-value of the corrected one.
    second <- svychisq(formula, design, statistic = "F")
    return(list(
      statistic = second$statistic[[1]] * size, ndf = size, p_value = test$p.value[[1]]
    ))
  }
  list(
    statistic = as.vector(test$statistic), ndf = test$parameter[[1]],
    ddf = test$parameter[[2]], p_value = as.vector(test$p.value)
  )
}

all_tests <- function(formula, design, statistics = STATISTICS) {
  lapply(statistics, function(statistic) one_test(formula, design, statistic))
}

degrees <- function(design) {
  if (inherits(design, "svyrep.design")) return(degf(design))
  length(unique(design$cluster[, 1])) - length(unique(design$strata[, 1]))
}

# Contrasts of the interaction, as in svychisq.
contrasts_of <- function(columns) {
  cells <- expand.grid(rows = 1:2, cols = seq_len(columns))
  main <- model.matrix(~ factor(rows) + factor(cols), cells)
  full <- model.matrix(~ factor(rows) * factor(cols), cells)
  qr.resid(qr(main), full[, -seq_len(columns + 1), drop = FALSE])
}

# All items at once: the sum of Pearson's statistics of the tables item by column, with
# the second order correction from the covariance of the cells of all tables (Bilder
# and Loughin 2004).
items_test <- function(items, column, design) {
  inside <- wave$asked & !is.na(wave[[column]])
  items <- items[vapply(items, function(item) any(wave[[item]][inside] > 0), TRUE)]
  points <- sort(unique(wave[[column]][inside]))
  cell_names <- character()
  for (item in items) {
    for (point in points) {
      for (chosen in 0:1) {
        name <- paste0("cell", length(cell_names) + 1)
        cell_names <- c(cell_names, name)
        held <- wave[[item]] == chosen & wave[[column]] %in% point
        design$variables[[name]] <- as.numeric(held)
      }
    }
  }
  found <- svymean(reformulate(cell_names), subset(design, inside))
  share <- coef(found)
  size <- sum(inside)
  inverse <- ifelse(share == 0, 0, 1 / share)
  contrast <- kronecker(diag(length(items)), contrasts_of(length(points)))
  simple <- t(contrast) %*% (inverse / size * contrast)
  actual <- t(inverse * contrast) %*% vcov(found) %*% (inverse * contrast)
  delta <- solve(simple, actual)
  pearson <- 0
  for (k in seq_along(items)) {
    table <- matrix(share[(k - 1) * 2 * length(points) + seq_len(2 * length(points))], 2)
    expected <- outer(rowSums(table), colSums(table))
    pearson <- pearson + size * sum((table - expected)^2 / expected)
  }
  effects <- sum(diag(delta))
  ndf <- effects^2 / sum(diag(delta %*% delta))
  ddf <- ndf * degrees(design)
  first <- pearson / (effects / nrow(delta))
  list(
    F = list(
      statistic = pearson / effects, ndf = ndf, ddf = ddf,
      p_value = pf(pearson / effects, ndf, ddf, lower.tail = FALSE)
    ),
    chisq = list(
      statistic = first, ndf = nrow(delta),
      p_value = pchisq(first, nrow(delta), lower.tail = FALSE)
    )
  )
}

of_item <- function(item, column, design) {
  design$variables$item <- ifelse(wave$asked, wave[[item]], NA)
  design$variables$column <- wave[[column]]
  all_tests(~ item + column, design, STATISTICS[c("F", "chisq")])
}

save_reference("association", lapply(designs, function(design) {
  some_tools <- setdiff(TOOLS, "nobody")
  names(some_tools) <- some_tools
  by_column <- function(column) {
    list(
      items = lapply(some_tools, of_item, column, design),
      whole = items_test(TOOLS, column, design),
      one = items_test("code", column, design)
    )
  }
  list(
    uses_size = all_tests(~ uses + size, design),
    size_region = all_tests(~ size + region, design),
    uses_region = all_tests(~ uses + region, design),
    tools_region = by_column("region"),
    tools_uses = by_column("uses")
  )
}))
