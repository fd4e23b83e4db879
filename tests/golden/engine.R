# Makes engine.csv (invented) and engine.json: what the statistics engine must equal, from R's survey package.
#   Rscript engine.R          in this folder; needs survey and MASS
library(survey)
set.seed(20261124)

# --- data: places are numbered anew in every stratum, one company is met at three places only, some rows name none -----
strata <- c("city", "east", "north", "south", "west"); places <- c(9, 5, 4, 7, 6); size <- c(40, 15, 12, 28, 6)
rows <- do.call(rbind, lapply(seq_along(strata), function(h) do.call(rbind, lapply(seq_len(places[h]), function(p) {
  n <- sample(6:14, 1)
  company <- sample(c(LETTERS[1:5], ""), n, TRUE, c(4, 3, 3, 2, 2, 1))
  if (h == 1 && p <= 3) company[1:2] <- "F"
  place <- rnorm(1, 0, 5)
  data.frame(stratum = strata[h], population = size[h], place = paste0("p", p), company = company,
    region = sample(c("r1", "r2", "r3", "r4"), n, TRUE, c(4, 3, 2, 1)), age = sample(c("old", "mid", "young"), n, TRUE),
    sex = sample(c("f", "m"), n, TRUE), mode = sample(c("paper", "street", "web"), n, TRUE),
    warranty = sample(c("in", "out"), n, TRUE), years = round(runif(n, 0, 15), 1),
    weight = round(rlnorm(n, 0, 0.5) + 0.2, 2), shift = place)
}))))
n <- nrow(rows)
rows$rowpopulation <- (n * c(city = 12, east = 9, north = 8, south = 15, west = 3))[rows$stratum]
rows$item1 <- round(pmin(100, pmax(0, 55 + 6 * match(rows$company, c("", LETTERS)) + rows$shift - rows$years +
  5 * (rows$mode == "web") + rnorm(n, 0, 14))), 1)
rows$item3 <- ifelse(runif(n) < 0.15, NA, round(pmin(100, pmax(0, rows$item1 + rnorm(n, 0, 20))), 1))
rows$repaired <- as.integer(runif(n) < 0.3 + 0.5 * rows$item1 / 100)
rows$hours <- round(rexp(n, 1 / 3) + 0.5, 1); rows$cost <- round(40 * rows$hours * runif(n, 0.5, 1.5), 0)
rows$wave <- sample(1:2, n, TRUE); rows$shift <- NULL
write.csv(rows, "engine.csv", row.names = FALSE, quote = FALSE, na = "")
rows$company <- factor(ifelse(rows$company == "", "none", rows$company), levels = c(LETTERS[1:6], "none"))

# --- writing ------------------------------------------------------------------------------------------------------------
digits <- function(x) ifelse(is.na(x), "null", formatC(x, digits = 17, format = "g"))
json <- function(x) if (is.list(x)) paste0("{", paste0('"', names(x), '": ', sapply(x, json), collapse = ", "), "}") else
  if (is.character(x)) paste0('"', x, '"') else if (is.matrix(x)) paste0("[", paste(apply(x, 1, json), collapse = ", "), "]") else
  if (length(x) == 1) digits(x) else paste0("[", paste(digits(x), collapse = ", "), "]")
values <- function(e, k = length(coef(e))) list(value = unname(as.vector(coef(e)))[1:k],
  covariance = matrix(vcov(e), length(coef(e)))[1:k, 1:k, drop = FALSE])
out <- list(made_by = paste0(R.version.string, ", survey ", packageVersion("survey")))

designs <- list(
  clustered = svydesign(~place, strata = ~stratum, nest = TRUE, weights = ~weight, data = rows),
  finite = svydesign(~place, strata = ~stratum, nest = TRUE, weights = ~weight, fpc = ~population, data = rows),
  rowwise = svydesign(~1, strata = ~stratum, weights = ~weight, data = rows),
  rowfinite = svydesign(~1, strata = ~stratum, weights = ~weight, fpc = ~rowpopulation, data = rows))
whole_sum <- sum(rows$weight)
margins <- function(total) list(data.frame(region = c("r1", "r2", "r3", "r4"), Freq = total * c(.35, .3, .2, .15)),
  data.frame(age = c("mid", "old", "young"), Freq = total * c(.4, .25, .35)),
  data.frame(sex = c("f", "m"), Freq = total * c(.52, .48)))

# svyby of this version stops at NA and at raked designs with covmat, so the covariance of means over answered rows is that of the totals of
# their influence values, z = (y - m_g) / W_g: what svyby does by itself where nothing is missing (checked below)
domain_means <- function(design, y) {
  w <- weights(design); known <- sapply(LETTERS[1:6], function(g) design$variables$company == g & !is.na(y))
  m <- apply(known, 2, function(k) sum(w[k] * y[k]) / sum(w[k]))
  z <- sapply(1:6, function(g) ifelse(known[, g], (y - m[g]) / sum(w[known[, g]]), 0))
  list(value = unname(m), covariance = unname(vcov(svytotal(z, design))))
}
domain_totals <- function(design, y)
  values(svytotal(sapply(LETTERS[1:6], function(g) ifelse(design$variables$company == g, y, 0)), design))
# rows that name no company are a seventh group, left out of what is written
by_company <- function(design, formula, fun, ...) values(svyby(formula, ~company, design, fun, covmat = TRUE, ...), 6)

for (name in names(designs)) {
  d <- designs[[name]]; own <- by_company(d, ~item1, svymean)
  stopifnot(all.equal(own, domain_means(d, rows$item1), tolerance = 1e-12))
  whole <- svymean(~item1, d, deff = "replace")
  change <- svyby(~item1, ~company + wave, d, svymean, covmat = TRUE)
  raked <- rake(d, list(~region, ~age, ~sex), margins(whole_sum), control = list(maxit = 500, epsilon = 1e-14, verbose = FALSE))
  # the variance is that of calibrate(calfun = "raking"), the same weights: it regresses under the design weights, as
  # Deville and Särndal do; rake() of this version without weights, which is the same where they are equal (alike, below)
  all <- whole_sum * c("(Intercept)" = 1, regionr2 = .3, regionr3 = .2, regionr4 = .15, ageold = .25, ageyoung = .35, sexm = .48)
  calibrated <- calibrate(d, ~region + age + sex, all, calfun = "raking", epsilon = 1e-12, maxit = 200)
  stopifnot(all.equal(as.vector(weights(calibrated)), as.vector(weights(raked)), tolerance = 1e-8))
  logit <- svyciprop(~repaired, d, method = "logit"); beta <- svyciprop(~repaired, d, method = "beta")
  one <- subset(d, company == "A")
  q <- svyquantile(~item1, d, c(.1, .25, .5, .75, .9), qrule = "math")$item1
  school <- svyquantile(~item1, one, c(.25, .5, .75), qrule = "school", df = degf(d))$item1
  fit <- svyglm(item1 ~ 0 + company + mode + warranty + years, d)
  mix <- with(rows, c(weighted.mean(mode == "street", weight), weighted.mean(mode == "web", weight),
    weighted.mean(warranty == "out", weight), weighted.mean(years, weight)))
  contrast <- cbind(diag(6), 0, matrix(mix, 6, 4, byrow = TRUE)); test <- regTermTest(fit, ~mode, method = "Wald")
  out[[name]] <- list(df = degf(d), item1 = own, item3 = domain_means(d, rows$item3),
    whole = list(value = unname(coef(whole)), se = unname(SE(whole)[1]), deff = unname(deff(whole)[1])),
    total = by_company(d, ~cost, svytotal), ratio = by_company(d, ~cost, svyratio, denominator = ~hours), share = by_company(d, ~repaired, svymean),
    ciprop = list(logit = as.vector(attr(logit, "ci")), beta = as.vector(attr(beta, "ci"))),
    quantile = list(value = unname(q[, "quantile"]), low = unname(q[, 2]), high = unname(q[, 3]), se = unname(q[, "se"])),
    school = list(value = unname(school[, "quantile"]), low = unname(school[, 2]), high = unname(school[, 3])),
    difference = values(svycontrast(svyby(~item1, ~company, d, svymean, covmat = TRUE), list(ab = c(1, -1, 0, 0, 0, 0, 0), rest = c(1, rep(-.2, 5), 0)))),
    waves = values(change), raked = list(weights = unname(weights(raked)), item1 = domain_means(calibrated, rows$item1),
      item3 = domain_means(calibrated, rows$item3), total = domain_totals(calibrated, rows$cost)),
    adjusted = list(value = as.vector(contrast %*% coef(fit)), covariance = contrast %*% vcov(fit) %*% t(contrast),
      coefficients = unname(coef(fit)[8:11]), f = as.vector(test$Ftest), df1 = test$df, df2 = test$ddf, p = as.vector(test$p)))
}
alike <- svydesign(~place, strata = ~stratum, nest = TRUE, weights = rep(9, n), data = rows)
out$alike <- domain_means(rake(alike, list(~region, ~age, ~sex), margins(9 * n), control = list(maxit = 500, epsilon = 1e-12)), rows$item1)
out$trimmed <- weights(trimWeights(designs$clustered, upper = 2, lower = .5, strict = TRUE))
out$kish <- n * sum(rows$weight^2) / sum(rows$weight)^2

options(survey.replicates.mse = TRUE)
for (name in c("clustered", "finite")) {
  j <- as.svrepdesign(designs[[name]], type = "JKn")
  r <- rake(j, list(~region, ~age, ~sex), margins(whole_sum), control = list(maxit = 500, epsilon = 1e-14, verbose = FALSE))
  out[[name]]$jackknife <- by_company(j, ~item1, svymean); out[[name]]$jackknife_raked <- by_company(r, ~item1, svymean)
}
options(survey.replicates.mse = FALSE)
out$clustered$jackknife_about_mean <- by_company(as.svrepdesign(designs$clustered, type = "JKn"), ~item1, svymean)

# --- strata of one place: the first place of east and of west alone ---------------------------------------------------
few <- subset(rows, company != "F" & (!(stratum %in% c("east", "west")) | place == "p1")); few$company <- droplevels(few$company)
lonely <- svydesign(~place, strata = ~stratum, nest = TRUE, weights = ~weight, data = few)
for (rule in c("certainty", "adjust", "average")) {
  options(survey.lonely.psu = rule)
  out[[paste0("lonely_", rule)]] <- list(item1 = values(svyby(~item1, ~company, lonely, svymean, covmat = TRUE), 5),
    # 'adjust' of totals is not written: this version measures the distance from 0, newer ones from the mean of all places
    total = if (rule == "adjust") 0 else values(svyby(~cost, ~company, lonely, svytotal, covmat = TRUE), 5))
}
writeLines(gsub("}, ", "},\n", json(out), fixed = TRUE), "engine.json")
