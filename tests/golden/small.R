# Makes small.json: intervals of shares, adjusted p-values, 2 x 2 tables, funnel, "most named", agreement; base R and survey.
#   Rscript small.R          in this folder
suppressPackageStartupMessages(library(survey))
number <- function(x) if (is.matrix(x)) paste0("[", paste(apply(x, 1, number), collapse = ", "), "]") else
  paste0("[", paste(ifelse(is.finite(x), format(x, digits = 17, trim = TRUE), "null"), collapse = ", "), "]")
entry <- function(name, x) sprintf('  "%s": %s', name, number(unname(x)))
one <- function(name, x) sprintf('  "%s": %s', name, format(unname(x), digits = 17))

# shares of a stratified cluster sample, weighted; the rare one a second time
set.seed(20261124)
n <- 90
d <- data.frame(stratum = rep(1:3, each = 30), psu = rep(1:18, each = 5), w = round(runif(n, 0.5, 3), 2))
d$often <- rbinom(n, 1, plogis(rnorm(18, 0.3, 0.8))[d$psu]); d$rare <- rbinom(n, 1, 0.06)
design <- svydesign(ids = ~psu, strata = ~stratum, weights = ~w, data = d)
shares <- t(sapply(c("often", "rare"), function(v) {
  f <- reformulate(v); m <- svymean(f, design)
  ci <- function(method, level) unname(attr(svyciprop(f, design, method = method, level = level), "ci"))
  c(coef(m), SE(m), n, degf(design), ci("logit", .95), ci("beta", .95), ci("logit", .9), ci("beta", .9))
}))
cp <- rbind(binom.test(81, 263)$conf.int, binom.test(1, 29)$conf.int, binom.test(0, 20)$conf.int)

# adjusted p-values, with ties, 0 and 1
p <- c(.01, .02, .02, .04, 0, .3, 1, .049, .0125)

# 2 x 2 tables in reading order: Fisher's p, conditional odds ratio, bounds; chi-square plain and Yates
tables <- rbind(c(3, 1, 1, 3), c(12, 5, 29, 2), c(30, 83, 35, 52), c(0, 5, 4, 3), c(10, 20, 10, 20))
tests <- t(apply(tables, 1, function(x) {
  m <- matrix(x, 2, byrow = TRUE); f <- fisher.test(m)
  chi <- suppressWarnings(list(chisq.test(m, correct = FALSE), chisq.test(m, correct = TRUE)))
  c(f$p.value, f$estimate, f$conf.int, chi[[1]]$statistic, chi[[1]]$p.value, chi[[2]]$statistic, chi[[2]]$p.value)
}))

# McNemar: b, c, exact p; conditional on b + c a sign test
changes <- rbind(c(1, 7), c(6, 16), c(5, 5), c(0, 9), c(13, 4))
mcnemar <- apply(changes, 1, function(x) binom.test(x[1], sum(x))$p.value)

# funnel: Winsorised phi and tau^2 about the pooled mean
y <- c(71.2, 80.5, 64.9, 77.3, 90.1, 74.4, 69.8, 76.0, 58.3, 75.5, 79.9, 72.6)
se <- c(2.1, 3.3, 1.8, 2.6, 4.0, 1.5, 2.2, 3.0, 3.6, 1.2, 2.4, 1.9)
mu <- weighted.mean(y, 1 / se^2); z <- (y - mu) / se; q <- quantile(z, c(.1, .9))
zw <- pmin(pmax(z, q[1]), q[2]); phi <- mean(zw^2); w <- 1 / se^2
tau2 <- max(0, (12 * phi - 11) / (sum(w) - sum(w^2) / sum(w)))

# most named: exact pair tests, Holm over all ordered pairs, and over the pairs of each company
named <- c(120, 84, 61, 60, 33, 12, 3, 0, 0); g <- length(named)
test <- function(j, k) if (named[j] + named[k] == 0) 1 else
  binom.test(named[j], named[j] + named[k], alternative = "greater")$p.value
pairs <- subset(expand.grid(k = 1:g, j = 1:g), j != k)
pairs$p <- mapply(test, pairs$j, pairs$k); pairs$rejected <- p.adjust(pairs$p, "holm") <= .05
own <- t(sapply(1:g, function(i) {
  mine <- subset(pairs, j == i | k == i); r <- p.adjust(mine$p, "holm") <= .05
  c(1 + sum(r & mine$k == i), g - sum(r & mine$j == i))
}))
joint <- t(sapply(1:g, function(i) c(1 + sum(pairs$rejected & pairs$k == i), g - sum(pairs$rejected & pairs$j == i))))

# intraclass: mean squares of Shrout and Fleiss's data by aov, limits from F (McGraw and Wong 1996, table 7)
sf <- matrix(c(9, 2, 5, 8, 6, 1, 3, 2, 8, 4, 6, 8, 7, 1, 2, 6, 10, 5, 6, 9, 6, 2, 4, 7), 6, byrow = TRUE)
long <- data.frame(y = c(t(sf)), s = factor(rep(1:6, each = 4)), r = factor(rep(1:4, 6)))
ms <- summary(aov(y ~ s + r, long))[[1]][["Mean Sq"]]; msw <- summary(aov(y ~ s, long))[[1]][["Mean Sq"]][2]
limits <- function(F0, d1, d2) { L <- F0 / qf(.975, d1, d2); U <- F0 * qf(.975, d2, d1)
  c((c(F0, L, U) - 1) / (c(F0, L, U) + 3), 1 - 1 / c(F0, L, U)) }
r <- (ms[1] - ms[3]) / (ms[1] + 3 * ms[3] + 4 * (ms[2] - ms[3]) / 6)
a <- 4 * r / (6 * (1 - r)); b <- 1 + 4 * r * 5 / (6 * (1 - r))
v <- (a * ms[2] + b * ms[3])^2 / ((a * ms[2])^2 / 3 + (b * ms[3])^2 / 15)
F1 <- qf(.975, 5, v); F2 <- qf(.975, v, 5)
A1 <- c(r, 6 * (ms[1] - F1 * ms[3]) / (F1 * (4 * ms[2] + 14 * ms[3]) + 6 * ms[1]),
        6 * (F2 * ms[1] - ms[3]) / (4 * ms[2] + 14 * ms[3] + 6 * F2 * ms[1]))
Ak <- c((ms[1] - ms[3]) / (ms[1] + (ms[2] - ms[3]) / 6),
        6 * (ms[1] - F1 * ms[3]) / (F1 * (ms[2] - ms[3]) + 6 * ms[1]),
        6 * (F2 * ms[1] - ms[3]) / (ms[2] - ms[3] + 6 * F2 * ms[1]))

writeLines(c("{", paste0('  "made_by": "', R.version.string, ', survey ', packageVersion("survey"), '",'), paste(c(
  entry("shares", shares), entry("clopper_pearson", cp),
  entry("p", p), entry("holm", p.adjust(p, "holm")), entry("bh", p.adjust(p, "BH")),
  entry("tables", tables), entry("tests", tests), entry("changes", changes), entry("mcnemar", mcnemar),
  entry("y", y), entry("se", se), one("pooled", mu), one("phi", phi), one("tau2", tau2),
  entry("named", named), entry("joint", joint), entry("own", own),
  entry("shrout_fleiss", sf), entry("one_way", limits(ms[1] / msw, 5, 18)),
  entry("consistency", limits(ms[1] / ms[3], 5, 15)), entry("agreement", c(A1, Ak))
), collapse = ",\n"), "}"), "small.json")
