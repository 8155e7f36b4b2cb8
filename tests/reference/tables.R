# Cells of tables: percentages of the row and of the total, several answers, summaries
# of numbers, and differences of columns that overlap.
source(file.path(commandArgs(trailingOnly = TRUE)[1], "tables_wave.R"))

# A share of respondents inside a domain, with its interval.
share <- function(design, chosen, inside) {
  inside <- inside & !is.na(inside)
  if (!any(inside)) return(rep(NA_real_, 5))
  design <- part(design, inside, as.numeric(chosen & !is.na(chosen)))
  found <- svymean(~value, design)
  degrees <- degf(design)
  ends <- c(NA, NA)
  if (coef(found) > 0 && coef(found) < 1) {
    ends <- as.vector(confint(svyciprop(~value, design, "xlogit", df = degrees)))
  }
  c(coef(found)[[1]], SE(found)[[1]], ends, degrees)
}

# Shares of every row of a question in every column.
shares <- function(design, rows, columns, base, percent) {
  cells <- lapply(rows, function(row) {
    row <- row & !is.na(row)
    lapply(columns, function(column) {
      column <- column & !is.na(column)
      switch(percent,
        column = share(design, row, base & column),
        row = share(design, column, base & row),
        total = share(design, row & column, base)
      )
    })
  })
  cells <- lapply(cells, function(row) do.call(rbind, row))
  aperm(simplify2array(cells), c(3, 1, 2))
}

# The root of svyvar, whose error follows by the delta method, or in every replicate.
deviation <- function(design) {
  if (inherits(design, "svyrep.design")) {
    size <- nrow(design)
    found <- withReplicates(design, function(w, data) {
      average <- sum(w * data$value) / sum(w)
      sqrt(sum(w * (data$value - average)^2) / sum(w) * size / (size - 1))
    })
    return(c(coef(found)[[1]], SE(found)[[1]]))
  }
  spread <- svyvar(~value, design)
  root <- sqrt(as.vector(spread))
  c(root, as.vector(SE(spread)) / (2 * root))
}

summaries <- function(design, value, columns) {
  found <- lapply(columns, function(column) {
    inside <- part(design, column, value)
    degrees <- degf(inside)
    half <- svyquantile(~value, inside, 0.5, df = degrees)[[1]]
    average <- svymean(~value, inside)
    list(
      mean = c(coef(average)[[1]], SE(average)[[1]]),
      median = as.vector(half)[c(1, 4, 2, 3)],
      sd = deviation(inside)
    )
  })
  lapply(c(mean = "mean", median = "median", sd = "sd"), function(name) {
    do.call(rbind, lapply(found, `[[`, name))
  })
}

# A difference of two columns that may share respondents: four totals, and the
# difference of their ratios by the delta method, or in every replicate.
difference <- function(design, value, one, two) {
  inside <- !is.na(value)
  one <- one & inside
  two <- two & inside
  smaller <- min(degf(subset(design, one)), degf(subset(design, two)))
  value[!inside] <- 0
  design <- update(
    design, y1 = value * one, n1 = as.numeric(one), y2 = value * two,
    n2 = as.numeric(two)
  )
  if (inherits(design, "svyrep.design")) {
    found <- withReplicates(design, quote(
      sum(.weights * y1) / sum(.weights * n1) - sum(.weights * y2) / sum(.weights * n2)
    ))
  } else {
    totals <- svytotal(~ y1 + n1 + y2 + n2, design)
    found <- svycontrast(totals, quote(y1 / n1 - y2 / n2))
  }
  estimate <- coef(found)[[1]]
  error <- SE(found)[[1]]
  c(estimate, error, 2 * pt(-abs(estimate / error), smaller))
}

# Pairs of columns, then every column against the rest, and against Total.
differences <- function(design, value, columns) {
  pairs <- combn(length(columns), 2)
  everyone <- rep(TRUE, n)
  list(
    pairs = do.call(rbind, lapply(seq_len(ncol(pairs)), function(k) {
      difference(design, value, columns[[pairs[1, k]]], columns[[pairs[2, k]]])
    })),
    rest = do.call(rbind, lapply(columns, function(one) {
      difference(design, value, one, !one)
    })),
    total = do.call(rbind, lapply(columns, function(one) {
      difference(design, value, one, everyone)
    }))
  )
}

is_each <- function(values, levels) lapply(levels, function(level) values == level)
everyone <- rep(TRUE, n)
uses <- is_each(wave$uses, USES)
region <- is_each(wave$region, REGION)
tools <- lapply(TOOLS, function(tool) wave[[tool]] == 1)
trust <- is_each(wave$trust, c("1", "2", "3", "4", "5", "dk"))
boxes <- list(wave$trust %in% c("4", "5"), wave$trust %in% c("1", "2"))
PERCENT <- c(column = "column", row = "row", total = "total")
OTHER <- PERCENT[c("row", "total")]

save_reference("tables", lapply(designs, function(design) {
  by_percent <- function(rows, columns, base, kinds = PERCENT) {
    lapply(kinds, function(percent) shares(design, rows, columns, base, percent))
  }
  occurring <- tools[1:3]
  list(
    uses_region = by_percent(uses, region, !is.na(wave$uses), OTHER),
    region_uses = by_percent(region, uses, everyone, OTHER["row"]),
    tools_region = by_percent(tools, region, wave$asked),
    uses_tools = by_percent(uses, occurring, !is.na(wave$uses)),
    trust_size = shares(
      design, c(boxes, trust), is_each(wave$size, SIZE), !is.na(wave$trust), "column"
    ),
    cost = summaries(design, wave$cost, c(list(everyone), region)),
    trust = summaries(design, wave$score, c(list(everyone), region)),
    uses_between = differences(design, as.numeric(uses[[3]]), occurring),
    cost_between = differences(design, wave$cost, occurring)
  )
}))
