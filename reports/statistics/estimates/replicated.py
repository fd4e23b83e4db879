"""Covariances of company means from replicates of the units' totals, raked again inside each
replicate.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from reports.statistics.exact import Bools, Floats, Ints
from reports.statistics.sampling.raking import Margins, rake_many
from reports.statistics.sampling.replicates import Centre, Replicates
from reports.statistics.sampling.totals import Totals


@dataclass(frozen=True)
class Replicated:
    """value: (G,) the estimate itself; covariance: (G, G); lost: (G,) replicates in which a company
    had no row, or (for all companies) the margins could not be met; they are left out of that
    company's figures.
    """

    value: Floats
    covariance: Floats
    lost: Ints

    @property
    def se(self) -> Floats:
        """Standard errors, (G,)."""
        return np.sqrt(np.diag(self.covariance))


def replicated_means(
    totals: Totals, replicates: Replicates, *, centre: Centre = "estimate"
) -> Replicated:
    """Return company means with their replicate covariance, from totals of a clustered design.

    Replicates multiply U unit totals, so their time does not depend on the number of rows. centre:
    deviations are taken from the estimate (mse) or from the mean of the replicates, which is R's
    default. Raises ValueError where rows are units: give each row a PSU code of its own.
    """
    w, wy = (_by_unit(totals, name) for name in ("w", "wy"))

    def estimate(factors: Floats) -> Floats:
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.asarray((factors @ wy) / (factors @ w))

    return _replicated(estimate, totals, replicates, centre)


def raked_replicated_means(
    totals: Totals, margins: Margins, replicates: Replicates, *, centre: Centre = "estimate"
) -> Replicated:
    """Return raked company means with their replicate covariance, every replicate raked to the
    margins by itself.

    totals: of `raked.reduce_for_raking`; otherwise as `replicated_means`.
    """
    w, wy = (_by_unit(totals, name) for name in ("w", "wy"))
    shape = (-1, totals.companies // margins.cells, margins.cells)

    def estimate(factors: Floats) -> Floats:
        weight, sums = (factors @ w).reshape(shape), (factors @ wy).reshape(shape)
        raking, met = rake_many(weight.sum(axis=1), margins)
        with np.errstate(invalid="ignore", divide="ignore"):
            found = np.einsum("rgc,rc->rg", sums[:, 1:], raking) / np.einsum(
                "rgc,rc->rg", weight[:, 1:], raking
            )
        found[~met] = np.nan
        return np.asarray(found)

    return _replicated(estimate, totals, replicates, centre)


def _replicated(
    estimate: Callable[[Floats], Floats], totals: Totals, replicates: Replicates, centre: Centre
) -> Replicated:
    full = estimate(np.ones((1, len(totals.unit))))[0]
    blocks = [(estimate(factors), share) for factors, share in replicates.blocks()]
    found = np.concatenate([values for values, _share in blocks])
    share = np.concatenate([share for _values, share in blocks])
    present = ~np.isnan(found)
    about = full if centre == "estimate" else _mean(found, present)
    away = np.where(present, found - about, 0.0)
    # what is lost is made up for by the others, pair by pair
    kept = present.T.astype(np.float64) @ (share[:, None] * present)
    with np.errstate(invalid="ignore", divide="ignore"):
        covariance = away.T @ (share[:, None] * away) * (share.sum() / kept)
    return Replicated(
        full + totals.grid.centre, covariance, (~present).sum(axis=0).astype(np.int64)
    )


def _mean(found: Floats, present: Bools) -> Floats:
    """Return the mean of the replicates, each by one voice."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.where(present, found, 0.0).sum(axis=0) / present.sum(axis=0))


def _by_unit(totals: Totals, name: str) -> Floats:
    """Return a moment as a plain table, (U, G)."""
    if not totals.clustered:
        raise ValueError("replicates draw sampled units; give each row a PSU code of its own")
    table = np.zeros((len(totals.unit), totals.companies))
    table[totals.place, totals.company] = totals.moment(name)
    return table
