# Makes index.json: consistency, drivers, concordance and tau^2 of invented data, from base R.
#   Rscript index.R          in this folder
set.seed(20261124)
n <- 60
common <- rnorm(n, 0, 10)
items <- round(cbind(a = 70 + common + rnorm(n, 0, 8), b = 62 + 0.8 * common + rnorm(n, 0, 10),
                     c = 75 + 0.5 * common + rnorm(n, 0, 12), d = 55 + rnorm(n, 0, 15)), 1)
overall <- round(0.5 * items[, "a"] + 0.3 * items[, "b"] + 0.1 * items[, "c"] + rnorm(n, 5, 6), 1)
w <- round(runif(n, 0.5, 3), 2)
holes <- items
holes[cbind(sample(n, 12), sample(4, 12, TRUE))] <- NA

number <- function(x) if (is.matrix(x)) paste0("[", paste(apply(x, 1, number), collapse = ", "), "]") else
  paste0("[", paste(ifelse(is.na(x), "null", format(x, digits = 17, trim = TRUE)), collapse = ", "), "]")
entry <- function(name, x) sprintf('  "%s": %s', name, number(unname(x)))
one <- function(name, x) sprintf('  "%s": %s', name, format(x, digits = 17))

# consistency: complete rows, weighted (ML times n / (n - 1)), and pairs of rows, unweighted
full <- complete.cases(holes)
weighted <- function(x) cov.wt(x, wt = w[full] / sum(w[full]), method = "ML", cor = TRUE)
covariance <- weighted(holes[full, ])$cov * sum(full) / (sum(full) - 1)
variance <- function(x) weighted(cbind(x))$cov[1, 1]
alpha <- function(x) ncol(x) / (ncol(x) - 1) * (1 - sum(apply(x, 2, variance)) / variance(rowSums(x)))
x <- holes[full, ]
dropped <- sapply(1:4, function(j) alpha(x[, -j]))
rest <- sapply(1:4, function(j) weighted(cbind(x[, j], rowSums(x[, -j])))$cor[1, 2])
z <- sweep(x, 2, sqrt(apply(x, 2, variance)), "/")

# drivers: R^2 of each subset at its bits, LMG over all orders, Johnson's weights by the nearest orthogonal variables
r2 <- sapply(0:15, function(s) if (s == 0) 0 else
  summary(lm(overall ~ items[, bitwAnd(s, 2^(0:3)) > 0], weights = w))$r.squared)
orders <- as.matrix(expand.grid(1:4, 1:4, 1:4, 1:4)); orders <- orders[apply(orders, 1, function(o) length(unique(o)) == 4), ]
lmg <- rowMeans(apply(orders, 1, function(o) {
  bits <- cumsum(2^(o - 1)); gain <- diff(c(0, r2[bits + 1])); gain[order(o)]
}))
all <- cov.wt(cbind(overall, items), wt = w / sum(w), method = "ML")
sd <- sqrt(diag(all$cov))
beta <- coef(lm(overall ~ items, weights = w))[-1] * sd[-1] / sd[1]
standard <- sqrt(w / sum(w)) * sweep(sweep(cbind(overall, items), 2, all$center), 2, sd, "/")
parts <- svd(standard[, -1]); nearest <- parts$u %*% t(parts$v)
johnson <- drop((t(standard[, -1]) %*% nearest)^2 %*% drop(t(nearest) %*% standard[, 1])^2)

# concordance, without ties (exact p) and with
s <- c(71, 64, 80, 58, 77, 69, 73); i <- c(60, 66, 90, 40, 55, 72, 81)
si <- rbind(c(71, 64, 64, 58, 77, 69, 73, 80, 64), c(60, 66, 90, 40, 60, 72, 81, 90, 50), c(5, 3, 4, 1, 4, 4, 5, 5, 2))
tau <- cor.test(s, i, method = "kendall", exact = TRUE); rho <- cor.test(s, i, method = "spearman", exact = TRUE)
W <- unname(friedman.test(si)$statistic) / (3 * 8)

# tau^2: the restricted likelihood from matrices
value <- c(81.2, 74.5, 78.8, 69.9, 77.1, 84.0, 72.3); se <- c(1.2, 3.5, 2.0, 4.8, 1.5, 2.7, 0.9)
restricted <- function(t2) { V <- diag(t2 + se^2); P <- solve(V); o <- rep(1, 7); i <- sum(P)
  P <- P - P %*% o %*% t(o) %*% P / i
  drop(-(determinant(V)$modulus + log(i) + t(value) %*% P %*% value) / 2) }
tau2 <- optimize(restricted, c(0, 200), maximum = TRUE, tol = 1e-12)$maximum

writeLines(c("{", paste0('  "made_by": "', R.version.string, '",'), paste(c(
  entry("items", items), entry("holes", holes), entry("overall", overall), entry("weights", w),
  entry("covariance", covariance), entry("pairwise", cov(holes, use = "pairwise.complete.obs")),
  one("alpha", alpha(x)), one("alpha_standardised", alpha(z)), entry("alpha_if_dropped", dropped),
  entry("item_rest", rest), entry("eigenvalues", eigen(weighted(x)$cor)$values),
  entry("r2", r2), entry("lmg", lmg), entry("standardised", beta), entry("johnson", johnson),
  entry("survey", s), entry("inspection", i),
  entry("kendall", c(tau$estimate, tau$p.value)), entry("spearman", c(rho$estimate, rho$p.value)),
  entry("sources", si), one("tau_b_tied", cor(si[1, ], si[2, ], method = "kendall")),
  one("rho_tied", cor(si[1, ], si[2, ], method = "spearman")), one("w", W),
  entry("value", value), entry("se", se), one("reml", tau2)), collapse = ",\n"), "}"), "index.json")
