# Makes survey.csv (invented) and survey.json: means by company with their covariance, from R's survey package.
#   Rscript make_survey.R          in this folder
library(survey)
set.seed(20261123)
strata <- c("north", "south", "east"); size <- c(40, 25, 12)   # PSUs in the population of each stratum
rows <- do.call(rbind, lapply(1:3, function(h) do.call(rbind, lapply(1:(3 + h), function(p) {
  n <- sample(4:9, 1)
  data.frame(stratum = strata[h], population = size[h], psu = paste0("site", p), company = sample(LETTERS[1:4], n, TRUE),
             score = round(pmin(100, pmax(0, rnorm(n, 60 + 5 * h + 4 * p %% 3, 18))), 1), weight = round(runif(n, 0.5, 3), 2))
}))))
write.csv(rows, "survey.csv", row.names = FALSE, quote = FALSE)
by_company <- function(design) {
  e <- svyby(~score, ~company, design, svymean, covmat = TRUE)
  list(names = as.character(e$company), value = unname(coef(e)), covariance = unname(vcov(e)), df = degf(design))
}
number <- function(x) if (is.matrix(x)) paste0("[", paste(apply(x, 1, number), collapse = ", "), "]") else
  paste0("[", paste(format(x, digits = 17, trim = TRUE), collapse = ", "), "]")
record <- function(name, e) sprintf('  "%s": {"names": ["%s"], "value": %s, "covariance": %s, "df": %d}',
  name, paste(e$names, collapse = '", "'), number(e$value), number(e$covariance), e$df)
clustered <- svydesign(ids = ~psu, strata = ~stratum, nest = TRUE, weights = ~weight, data = rows)
finite <- svydesign(ids = ~psu, strata = ~stratum, nest = TRUE, weights = ~weight, fpc = ~population, data = rows)
rowwise <- svydesign(ids = ~1, strata = ~stratum, weights = ~weight, data = rows)
writeLines(c("{", paste0('  "made_by": "', R.version.string, ", survey ", packageVersion("survey"), '",'),
  paste(c(record("clustered", by_company(clustered)), record("finite", by_company(finite)),
          record("rowwise", by_company(rowwise))), collapse = ",\n"), "}"), "survey.json")
