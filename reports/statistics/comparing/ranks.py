"""Confidence sets for ranks: which places a company may hold, allowing for all comparisons at once.

The method is that of Mogstad, Romano, Shaikh and Wilhelm, "Inference for ranks with applications to mobility across
neighbourhoods and academic achievement across countries", Review of Economic Studies 91 (2024), 476-518, written
from the paper. Bootstrap percentiles of ranks are not used anywhere: with equal true scores they cover jointly almost
never.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, stats

from reports.statistics.exact import Floats, Ints

Family = Literal["simultaneous", "marginal"]
Bools = NDArray[np.bool_]
Progress = Callable[[int, int], None]

# below this many degrees of freedom the covariance is too uncertain to be treated as known; measured joint coverage
# for 30 equal companies at df 22: normal .716, mapped to t .919, Šidák-t .949 (nominal .95)
FEW = 100


@dataclass(frozen=True)
class RankSet:
    """Ranks that cannot be excluded, 1 = largest value. Arrays (G,), `better` (G, G).

    low, high: first and last place of the set; simultaneous: with probability `level` the sets of all companies hold
    at once; marginal: of one company picked beforehand only. better[j, k]: j is shown to be above k (always jointly
    over all pairs). `best(tau)` is the set that contains all true members of the first tau with probability `level`.
    """

    low: Ints
    high: Ints
    better: Bools
    level: float
    family: Family

    def best(self, tau: int) -> Ints:
        """Return the companies that may be among the first `tau`."""
        return np.flatnonzero(1 + self.better.sum(axis=0) <= tau)

    def worst(self, tau: int) -> Ints:
        """Return the companies that may be among the last `tau`."""
        g = len(self.low)
        return np.flatnonzero(g - self.better.sum(axis=1) >= g - tau + 1)

    def lines(self, order: Ints) -> tuple[int, ...]:
        """Return after how many companies of `order` every one above is shown to be above every one below."""
        better = self.better[np.ix_(order, order)]
        return tuple(i for i in range(1, len(order)) if better[:i, i:].all())


def rank_sets(
    value: Floats,
    covariance: Floats,
    *,
    level: float,
    draws: int,
    seed: int,
    df: float = np.inf,
    family: Family = "simultaneous",
    progress: Progress = lambda done, all_: None,
) -> RankSet:
    """Compute stepwise confidence sets for the ranks of G companies from estimates and their full covariance.

    For every ordered pair H_jk: mu_j <= mu_k is tested by T_jk = (x_j - x_k) / sd_jk against one critical value c;
    pairs that are rejected leave, c is computed anew for the rest, until nothing is rejected any more. Then
    low_j = 1 + #{k: H_kj rejected} and high_j = G - #{k: H_jk rejected}.

    c is the `level` quantile of the largest (Z_j - Z_k) / sd_jk over the pairs still in, Z ~ N(0, covariance), from
    `draws` draws under `seed`, mapped to Student's t with `df`; below 100 degrees of freedom it is the Šidák-t bound
    instead, which needs no draws. Equal companies (sd = 0) are parted only where their values differ.

    Companies are put in order of their value before anything is drawn, so the sets do not depend on the order in which
    they come. `progress(done, all)` is called along the way, in every step anew. Raises ValueError for shapes that do
    not fit and for a covariance with negative eigenvalues.
    """
    g = len(value)
    _check(value, covariance, level, draws)
    order = np.argsort(-value, kind="stable")
    x, v = value[order], covariance[np.ix_(order, order)]

    sd = np.sqrt(np.maximum(np.diag(v)[:, None] + np.diag(v)[None, :] - 2 * v, 0.0))
    scale = np.sqrt(np.diag(v).max(initial=0.0))
    sd[sd <= 1e-9 * scale] = 0.0
    gap = x[:, None] - x[None, :]
    ratio = np.divide(gap, sd, out=np.where(gap > 1e-9 * max(scale, 1e-300), np.inf, -np.inf), where=sd > 0)
    critical = _sidak(df) if df < FEW else _simulated(_draw(v, draws, seed), sd, df, progress)

    everyone = ~np.eye(g, dtype=bool)
    better = _step_down(ratio, everyone, level, critical)
    above, below = better.sum(axis=0), better.sum(axis=1)
    if family == "marginal":
        for j in range(g):
            pairs = np.zeros((g, g), dtype=bool)
            pairs[j, :] = pairs[:, j] = True
            own = _step_down(ratio, pairs & everyone, level, critical)
            above[j], below[j] = own[:, j].sum(), own[j, :].sum()

    back = np.argsort(order)
    return RankSet(
        low=(1 + above)[back],
        high=(g - below)[back],
        better=better[np.ix_(back, back)],
        level=level,
        family=family,
    )


Critical = Callable[[Bools, float], float]


def _step_down(ratio: Floats, pairs: Bools, level: float, critical: Critical) -> Bools:
    """Return the rejected pairs; `pairs` are the hypotheses of the family."""
    rejected = np.zeros_like(pairs)
    while (left := pairs & ~rejected).any():
        new = left & (ratio > critical(left, level))
        if not new.any():
            break
        rejected |= new
    return rejected


def _draw(v: Floats, draws: int, seed: int) -> Floats:
    """Draw (draws, G) from N(0, v) through the symmetric square root, which unlike a factor is unique."""
    size, axes = np.linalg.eigh(v)
    if len(size) and size.min() < -1e-8 * max(size.max(), 1e-300):
        raise ValueError("the covariance has a negative eigenvalue")
    root = (axes * np.sqrt(np.maximum(size, 0.0))) @ axes.T
    return np.asarray(np.random.default_rng(seed).standard_normal((draws, len(v))) @ root)


def _simulated(z: Floats, sd: Floats, df: float, progress: Progress) -> Critical:
    def critical(pairs: Bools, level: float) -> float:
        largest = np.full(len(z), -np.inf)
        for j in np.flatnonzero(pairs.any(axis=1)):
            k = np.flatnonzero(pairs[j] & (sd[j] > 0))
            if len(k):
                np.maximum(largest, ((z[:, [j]] - z[:, k]) / sd[j, k]).max(axis=1), out=largest)
            progress(int(j) + 1, len(sd))
        c = float(np.quantile(largest, level, method="higher"))
        return float(stats.t.isf(stats.norm.sf(c), df)) if np.isfinite(df) else c

    return critical


def _sidak(df: float) -> Critical:
    """Return the bound c with prod P(|t| <= c) prod P(t <= c) = level over unordered pairs with both or one side in."""

    def critical(pairs: Bools, level: float) -> float:
        both = int((pairs & pairs.T).sum()) // 2
        one = int(pairs.sum()) - 2 * both

        def excess(c: float) -> float:
            tail = stats.t.sf(c, df)
            return float(both * np.log1p(-2 * tail) + one * np.log1p(-tail) - np.log(level))

        # c = 0 would make the two-sided tail 1; the answer lies far above
        return float(optimize.brentq(excess, 1e-6, float(stats.t.isf((1 - level) / max(4 * (both + one), 4), df))))

    return critical


def _check(value: Floats, covariance: Floats, level: float, draws: int) -> None:
    if covariance.shape != (len(value), len(value)):
        raise ValueError(f"{len(value)} values need a covariance of that size; did you pass variances only?")
    if not (np.isfinite(value).all() and np.isfinite(covariance).all()):
        raise ValueError("values and covariance must be finite")
    if not 0.5 < level < 1 or draws < 100:
        raise ValueError("level must lie between 0.5 and 1, draws must be at least 100")
