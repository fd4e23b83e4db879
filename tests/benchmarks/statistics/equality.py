"""Numbers are compared before anything is timed: a fast wrong answer is none."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from reports.statistics.estimates.means import Estimate
from tests.benchmarks.statistics.records import Findings


class Unequal(Exception):
    """Two programs say different things of the same data."""


def equal(
    findings: Findings,
    what: str,
    ours: object,
    theirs: object,
    *,
    within: float,
    scale: object | None = None,
) -> None:
    """Note by how much two arrays differ at most, relative to `scale` (the peer's own values);
    too much is Unequal.
    """
    a, b = np.asarray(ours, dtype=float), np.asarray(theirs, dtype=float)
    if a.shape != b.shape:
        raise Unequal(f"{what}: ours has the shape {a.shape}, theirs {b.shape}")
    off = float(
        np.max(np.abs(a - b) / np.abs(b if scale is None else np.asarray(scale, dtype=float)))
    )
    if not off <= within:
        raise Unequal(
            f"{what} differ by {off:.2g}, allowed are {within:g}\nours:\n{a}\ntheirs:\n{b}"
        )
    findings.equal.append(f"{what}: largest relative difference {off:.1e} (allowed {within:g})")


def equal_estimates(
    findings: Findings,
    what: str,
    ours: Sequence[Estimate],
    theirs: Sequence[dict[str, object]],
    *,
    within: float,
) -> None:
    """Compare means, standard errors and, where the peer has them, the full covariances of some
    estimates.
    """
    se = [one.se for one in ours]
    equal(
        findings,
        f"{what}, means",
        [one.value for one in ours],
        [one["value"] for one in theirs],
        within=within,
    )
    equal(findings, f"{what}, standard errors", se, [one["se"] for one in theirs], within=within)
    if all("covariance" in one for one in theirs):
        found, other = [one.covariance for one in ours], [one["covariance"] for one in theirs]
        # some covariances are next to nothing: relative to the product of the two standard errors
        size = [np.outer(one, one) for one in se]
        equal(findings, f"{what}, covariances", found, other, within=within, scale=size)
