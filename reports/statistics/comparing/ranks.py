"""Confidence sets for ranks: which places a company may hold, allowing for all comparisons at once.

The method is that of Mogstad, Romano, Shaikh and Wilhelm, "Inference for ranks with applications to
mobility across neighbourhoods and academic achievement across countries", Review of Economic
Studies 91 (2024), 476-518, written from the paper. Bootstrap percentiles of ranks are not used
anywhere: with equal true scores they cover jointly almost never.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Literal

import numpy as np

from reports.statistics.comparing.critical import Critical, Progress, Sidak, Simulated, draw
from reports.statistics.comparing.differences import Ends, pairs
from reports.statistics.exact import Bools, Floats, Ints

Family = Literal["simultaneous", "marginal"]

# where some pair has fewer degrees of freedom than this, its covariance is too uncertain for draws
# from it; measured joint coverage for 30 equal companies at df 22: normal .716, drawn and mapped to
# t .919, Šidák and mapped .949 (nominal .95)
FEW = 100


@dataclass(frozen=True)
class RankSet:
    """Ranks that cannot be excluded, 1 = largest value. Arrays (G,), `better` (G, G).

    low, high: first and last place of the set; simultaneous: with probability `level` the sets of
    all companies hold at once; marginal: of one company picked beforehand only. better[j, k]: j is
    shown to be above k (always jointly over all pairs). `best(tau)` is the set that contains all
    true members of the first tau with probability `level`. drawn: whether the critical value was
    simulated.
    """

    low: Ints
    high: Ints
    better: Bools
    level: float
    family: Family
    drawn: bool = False

    def best(self, tau: int) -> Ints:
        """Return the companies that may be among the first `tau`."""
        return np.flatnonzero(1 + self.better.sum(axis=0) <= tau)

    def worst(self, tau: int) -> Ints:
        """Return the companies that may be among the last `tau`."""
        g = len(self.low)
        return np.flatnonzero(g - self.better.sum(axis=1) >= g - tau + 1)

    def lines(self, order: Ints) -> tuple[int, ...]:
        """Return after how many companies of `order` every one above is shown to be above every
        one below.
        """
        better = self.better[np.ix_(order, order)]
        return tuple(i for i in range(1, len(order)) if better[:i, i:].all())


@dataclass(frozen=True)
class Factor:
    """A covariance given as root' root, root (Q, G): the influence totals of Q units, each times
    the square root of its stratum's a_h and centred in its stratum. It may have fewer rows than
    companies.
    """

    root: Floats

    @property
    def covariance(self) -> Floats:
        """The covariance itself, (G, G)."""
        return np.asarray(self.root.T @ self.root)


def rank_sets(
    value: Floats,
    covariance: Floats | Factor,
    *,
    level: float,
    draws: int,
    seed: int,
    df: Floats | float = np.inf,
    most_df: Floats | float = np.inf,
    ends: Ends | None = None,
    floored: Bools | None = None,
    family: Family = "simultaneous",
    progress: Progress = lambda done, all_: None,
) -> RankSet:
    """Compute stepwise confidence sets for the ranks of G companies from estimates and their full
    covariance.

    For every ordered pair H_jk: mu_j <= mu_k is tested by T_jk = (x_j - x_k) / sd_jk, mapped from
    Student's t with the pair's own degrees of freedom to the normal distribution (`pairs`), against
    one critical value c; pairs that are rejected leave, c is computed anew for the rest, until
    nothing is rejected any more. Then low_j = 1 + #{k: H_kj rejected} and high_j = G - #{k: H_jk
    rejected}.

    c is the `level` quantile of the largest (Z_j - Z_k) / sd_jk over the pairs still in, Z ~ N(0,
    covariance), from `draws` draws under `seed`; where a pair has fewer than 100 degrees of
    freedom, and with two companies, it is the Šidák bound instead, which needs no draws. Equal
    companies (sd = 0) are parted only where their values differ.

    df: one number for every pair, or (G,), those of each company's own variance, which give every
    pair its own, at most `most_df`, one number or (G, G). The degrees of the whole design would
    be too many: with 12 companies of 5 sites each the sets held in .75 of surveys instead of .95.
    ends: those of the scale, where it has any; floored, (G,): whose variance is a floor already
    (`swelling`).

    covariance: (G, G), or its factor, from which draws are made without a decomposition. Companies
    are put in order of their value before anything is drawn, so the sets do not depend on the order
    in which they come. `progress(done, all)` is called along the way, in every step anew. Raises
    ValueError for shapes that do not fit and for a covariance with negative eigenvalues.
    """
    g = len(value)
    root = covariance.root if isinstance(covariance, Factor) else None
    covariance = covariance.covariance if isinstance(covariance, Factor) else covariance
    _check(value, covariance, level, draws)
    if g < 2:
        one = np.ones(g, dtype=np.int64)
        return RankSet(one, one, np.zeros((g, g), dtype=bool), level, family)
    order = np.argsort(-value, kind="stable")
    x, v = value[order], covariance[np.ix_(order, order)]

    found = pairs(
        x,
        v,
        df=df if np.ndim(df) == 0 else np.asarray(df)[order],
        most=most_df if np.ndim(most_df) == 0 else np.asarray(most_df)[np.ix_(order, order)],
        ends=ends,
        floored=None if floored is None else floored[order],
    )
    ratio = found.z
    z = partial(draw, v, draws, seed, root=None if root is None else root[:, order])
    drawn = g > 2 and _fewest(found.df) >= FEW
    critical: Critical = Simulated(z(), v, found.sd, progress) if drawn else Sidak()

    everyone = ~np.eye(g, dtype=bool)
    better = _step_down(ratio, everyone, level, critical.of_pairs)
    above, below = better.sum(axis=0), better.sum(axis=1)
    if family == "marginal":
        for j in range(g):
            # row 0: hypotheses that j is not above k; row 1: that k is not above j
            own = _step_down(
                np.stack([ratio[j], ratio[:, j]]),
                np.stack([everyone[j], everyone[j]]),
                level,
                partial(critical.of_company, j),
            )
            below[j], above[j] = own.sum(axis=1)
            progress(j + 1, g)

    back = np.argsort(order)
    return RankSet(
        low=(1 + above)[back],
        high=(g - below)[back],
        better=better[np.ix_(back, back)],
        level=level,
        family=family,
        drawn=drawn,
    )


def moved(found: RankSet, other: RankSet) -> Bools:
    """Say of each company, (G,), whether another seed, under which `other` was made, gives it
    another rank set: a bound on the edge of chance.

    More draws make such bounds rarer. Where nothing is drawn nothing moves.
    """
    return np.asarray((other.low != found.low) | (other.high != found.high))


def _fewest(df: Floats | float) -> float:
    """Return the degrees of freedom of the pair that has fewest."""
    if np.ndim(df) == 0:
        return float(df)
    return float(np.asarray(df)[~np.eye(len(np.asarray(df)), dtype=bool)].min())


def _step_down(
    ratio: Floats, pairs: Bools, level: float, critical: Callable[[Bools, float], float]
) -> Bools:
    """Return the rejected pairs; `pairs` are the hypotheses of the family."""
    rejected = np.zeros_like(pairs)
    while (left := pairs & ~rejected).any():
        new = left & (ratio > critical(left, level))
        if not new.any():
            break
        rejected |= new
    return rejected


def _check(value: Floats, covariance: Floats, level: float, draws: int) -> None:
    if covariance.shape != (len(value), len(value)):
        raise ValueError(
            f"{len(value)} values need a covariance of that size; did you pass variances only?"
        )
    if not (np.isfinite(value).all() and np.isfinite(covariance).all()):
        raise ValueError("values and covariance must be finite")
    own = np.diag(covariance)
    if own.min(initial=0.0) < -1e-8 * max(own.max(initial=0.0), 1e-300):
        raise ValueError("the covariance has a negative eigenvalue")
    if not 0.5 < level < 1 or draws < 100:
        raise ValueError("level must lie between 0.5 and 1, draws must be at least 100")
