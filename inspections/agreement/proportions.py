"""Intervals for a share; a point estimate and its variance come from elsewhere."""

from __future__ import annotations

import math

from scipy import stats

Interval = tuple[float, float]


def wilson(x: float, n: float, *, level: float = 0.95) -> Interval:
    """Return Wilson's score interval for x of n (Wilson 1927; Newcombe 1998, method 3), as two
    shares in [0, 1].

    With weights or clusters pass the effective n and x = share x n_eff (Dean and Pagano 2015). It
    covers the share of one item; several intervals side by side cover jointly less than `level`,
    and so do those of every function here. Raises ValueError unless 0 <= x <= n and n > 0.
    """
    _check(x, n, level)
    z = float(stats.norm.isf((1 - level) / 2))
    share = x / n
    centre = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    # at the ends the bound is exactly 0 or 1; rounding must not say otherwise
    return (0.0 if x == 0 else centre - half), (1.0 if x == n else centre + half)


def clopper_pearson(x: float, n: float, *, level: float = 0.95) -> Interval:
    """Return the exact binomial interval for x of n (Clopper and Pearson 1934), as quantiles of
    beta distributions.

    It covers at least `level` whatever the true share, usually more: where "at least" must be true
    in court. x and n may be effective counts, see `korn_graubard`. Raises ValueError unless 0 <= x
    <= n and n > 0.
    """
    _check(x, n, level)
    tail = (1 - level) / 2
    low = 0.0 if x == 0 else float(stats.beta.ppf(tail, x, n - x + 1))
    high = 1.0 if x == n else float(stats.beta.isf(tail, x + 1, n - x))
    return low, high


def jeffreys(x: float, n: float, *, level: float = 0.95) -> Interval:
    """Return the equal-tailed interval of Beta(x + 1/2, n - x + 1/2) for x of n (Brown, Cai and
    DasGupta 2001).

    A credible interval under Jeffreys' prior that covers about `level` on average over true shares.
    At x = 0 or x = n the tails stay equal, as in statsmodels: the bound lies a little inside 0 or
    1, so the interval leaves the observed share out; print Wilson's there. Raises ValueError unless
    0 <= x <= n and n > 0.
    """
    _check(x, n, level)
    tail, posterior = (1 - level) / 2, stats.beta(x + 0.5, n - x + 0.5)
    return float(posterior.ppf(tail)), float(posterior.isf(tail))


def agresti_coull(x: float, n: float, *, level: float = 0.95) -> Interval:
    """Return the interval of Agresti and Coull 1998 for x of n: Wald's, after z^2 / 2 successes and
    failures are added.

    The same centre as Wilson's and never narrower; cut off at 0 and 1. Raises ValueError unless 0
    <= x <= n and n > 0.
    """
    _check(x, n, level)
    z = float(stats.norm.isf((1 - level) / 2))
    n_more = n + z * z
    centre = (x + z * z / 2) / n_more
    half = z * math.sqrt(centre * (1 - centre) / n_more)
    return max(0.0, centre - half), min(1.0, centre + half)


def effective_n(share: float, variance: float) -> float:
    """Return share x (1 - share) / variance: the simple random sample that would know the share as
    well (Kish 1965).

    NaN where the share is 0 or 1 or the variance is 0: such a sample says nothing of its own
    efficiency, and the caller decides (the number of respondents is usual). It may exceed the
    number of respondents; cap it where that is not wanted. Raises ValueError for a share outside
    [0, 1] and a variance that is negative or not finite.
    """
    if not 0 <= share <= 1 or not 0 <= variance < math.inf:
        raise ValueError(
            f"needs a share in [0, 1] and a finite variance >= 0, not {share} and {variance}"
        )
    if share in (0, 1) or variance == 0:
        return math.nan
    return share * (1 - share) / variance


def logit(share: float, se: float, *, df: float = math.inf, level: float = 0.95) -> Interval:
    """Return expit(logit(p) -+ t se / (p (1 - p))) for a weighted share p with a design-based
    standard error.

    t is Student's with `df` degrees of freedom (PSUs minus strata): svyciprop(method = "logit") of
    R's survey package; Korn and Graubard 1999, 3.2. Never leaves (0, 1); approximate, and too
    narrow for few or clustered successes. Raises ValueError unless 0 < share < 1 (at the ends a
    logit is infinite: use `korn_graubard`), se >= 0 and df > 0.
    """
    if not 0 < share < 1 or not 0 <= se < math.inf or not df > 0:
        raise ValueError(
            f"a logit needs 0 < share < 1, se >= 0 and df > 0, not {share}, {se} and {df}"
        )
    _check_level(level)
    half = float(stats.t.isf((1 - level) / 2, df)) * se / (share * (1 - share))
    centre = math.log(share / (1 - share))
    return _expit(centre - half), _expit(centre + half)


def korn_graubard(
    share: float, n_eff: float, *, n: float, df: float, level: float = 0.95
) -> Interval:
    """Return Clopper and Pearson's interval on the effective sample, shortened for few degrees of
    freedom.

    The effective n is multiplied by (t_{n-1} / t_df)^2, n being all rows of the design, df its PSUs
    minus strata: Korn and Graubard 1998, and svyciprop(method = "beta") of R's survey package.
    `n_eff` is `effective_n(share, variance)`, not capped at n, as in R; for a share of 0 or 1,
    where R answers NaN, pass the number of respondents. Raises ValueError for a share outside [0,
    1], an n_eff that is not positive (NaN included), n < 2 or df <= 0.
    """
    _check_level(level)
    if not (2 <= n < math.inf and df > 0):
        raise ValueError(f"needs n >= 2 and df > 0, not {n} and {df}")
    tail = (1 - level) / 2
    adjusted = n_eff * (float(stats.t.isf(tail, n - 1)) / float(stats.t.isf(tail, df))) ** 2
    return clopper_pearson(share * adjusted, adjusted, level=level)


def _expit(x: float) -> float:
    # of two forms the one whose power cannot overflow
    return 1 / (1 + math.exp(-x)) if x >= 0 else math.exp(x) / (1 + math.exp(x))


def _check(x: float, n: float, level: float) -> None:
    if not 0 <= x <= n or not 0 < n < math.inf:
        raise ValueError(f"a share needs 0 <= x <= n and n > 0, not {x} of {n}")
    _check_level(level)


def _check_level(level: float) -> None:
    if not 0 < level < 1:
        raise ValueError(f"a level lies between 0 and 1, not {level}")
