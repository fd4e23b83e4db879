"""Ranks for "most named": confidence sets from counts of a multinomial, without any normal
approximation.

Bazylik, Mogstad, Romano, Shaikh and Wilhelm, "Finite- and large-sample inference for ranks using
multinomial data with an application to ranking political parties" (2021; NBER 29519), written from
the paper.
"""

from __future__ import annotations

import numpy as np
from scipy import stats

from reports.statistics.comparing.multiplicity import holm
from reports.statistics.comparing.ranks import Family, RankSet
from reports.statistics.exact import Bools, Floats, Ints


def plurality_ranks(counts: Ints, *, level: float, family: Family = "simultaneous") -> RankSet:
    """Compute confidence sets for the ranks of G companies from how often each was named, (G,), 1 =
    most often.

    Every respondent names one company, independently of the others. Then x_j given x_j + x_k is
    binomial with 1/2 where both are equally popular, and H_jk: pi_j <= pi_k has the exact p-value
    P(Bin(x_j + x_k, 1/2) >= x_j), which is 1 for two companies that nobody named. Holm adjusts all
    G (G - 1) p-values ("simultaneous", and `better` always) or the 2 (G - 1) that concern one
    company ("marginal"). low_j = 1 + #{k: H_kj rejected}, high_j = G - #{k: H_jk rejected}.

    Valid for any sample size: coverage is at least `level`. Not for weighted or clustered counts,
    nor where one may name several: use estimates with their covariance and `rank_sets`. Raises
    ValueError for no company, counts that are negative or not whole, and a level outside (0.5, 1).
    """
    _check(counts, level)
    g = len(counts)
    p = pair_tests(counts)
    better = np.zeros((g, g), dtype=bool)
    pairs = ~np.eye(g, dtype=bool)
    better[pairs] = _rejected(p[pairs], level)
    above, below = better.sum(axis=0), better.sum(axis=1)
    if family == "marginal":
        for j in range(g):
            others = pairs[j]
            # first half: j is not above k; second half: k is not above j
            own = _rejected(np.concatenate([p[j, others], p[others, j]]), level)
            below[j], above[j] = own[: g - 1].sum(), own[g - 1 :].sum()
    return RankSet(low=1 + above, high=g - below, better=better, level=level, family=family)


def pair_tests(counts: Ints) -> Floats:
    """Return the exact p-value of H_jk: pi_j <= pi_k for every ordered pair, (G, G), not adjusted,
    1 on the diagonal.

    Raises ValueError as `plurality_ranks` does.
    """
    _check(counts, 0.95)
    both = counts[:, None] + counts[None, :]
    p = np.asarray(stats.binom.sf(counts[:, None] - 1, both, 0.5), dtype=np.float64)
    np.fill_diagonal(p, 1.0)
    return p


def _rejected(p: Floats, level: float) -> Bools:
    return np.asarray(holm(p) <= 1 - level)


def _check(counts: Ints, level: float) -> None:
    if counts.ndim != 1 or not len(counts):
        raise ValueError("ranks need a row of counts, one for each company")
    if not np.issubdtype(counts.dtype, np.integer) or (counts < 0).any():
        raise ValueError("how often a company was named is a whole number, not negative")
    if not 0.5 < level < 1:
        raise ValueError(f"level must lie between 0.5 and 1, not {level}")
