"""How much of the spread between companies is more than sampling noise; printed, never a gate."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, inf
from typing import Literal

import numpy as np
from scipy import optimize

from reports.statistics.exact import Floats

Method = Literal["dersimonian_laird", "reml"]


@dataclass(frozen=True)
class Shrunken:
    """Scores drawn towards their common mean, (G,): reliability x score + (1 - reliability) x mean.
    For display only.

    They order companies with less error on average, but are biased towards the centre: a rank set
    or a class made from them would be wrong, those come from the direct estimates.
    """

    score: Floats
    mean: float
    reliability: Floats


def between_variance(value: Floats, se: Floats, method: Method = "dersimonian_laird") -> float:
    """Return tau^2, the variance of true means between G companies, at least 0, from estimates and
    standard errors.

    "dersimonian_laird": the moment estimator of DerSimonian and Laird 1986. "reml": restricted
    maximum likelihood under normal true means (Fay and Herriot 1979 without covariates; Rao and
    Molina 2015, 6.1.2); less noisy where standard errors differ much. Both take the estimates as
    independent and the standard errors as known.
    """
    if len(value) < 2:
        return 0.0
    if (se == 0).any():  # known exactly (a census): the plain spread is all there is
        return max(0.0, float(np.var(value, ddof=1) - (se**2).mean()))
    if method == "reml":
        return _reml(value, se**2)
    w = 1 / se**2
    mean = (w * value).sum() / w.sum()
    q = (w * (value - mean) ** 2).sum()
    return max(0.0, float((q - (len(value) - 1)) / (w.sum() - (w**2).sum() / w.sum())))


def reliability(value: Floats, se: Floats, method: Method = "dersimonian_laird") -> Floats:
    """Return tau^2 / (tau^2 + se^2) of each company, (G,): 0 is all noise, 1 none.

    Printed, never a gate: one very bad company raises it for all the others (design D8).
    """
    tau2 = between_variance(value, se, method)
    return np.divide(tau2, tau2 + se**2, out=np.ones(len(se)), where=se > 0)


def overall_reliability(value: Floats, se: Floats, method: Method = "dersimonian_laird") -> float:
    """Return tau^2 / (tau^2 + mean se^2): the share of the spread between all companies that is no
    noise.

    With equal answers per company this is what Spearman and Brown's formula gives for the mean of
    so many answers. Scores known exactly (every se 0) have 1; no company has NaN.
    """
    if not len(se):
        return np.nan
    tau2, noise = between_variance(value, se, method), float((se**2).mean())
    return tau2 / (tau2 + noise) if noise > 0 else 1.0


def shrunken(value: Floats, se: Floats, method: Method = "dersimonian_laird") -> Shrunken:
    """Return empirical-Bayes scores (Efron and Morris 1975), drawn to the mean weighted by 1 /
    (tau^2 + se^2).

    Raises ValueError without a company.
    """
    if not len(value):
        raise ValueError("there is no score to shrink")
    variance = between_variance(value, se, method) + se**2
    # a company with no variance at all is known exactly and outweighs every other
    exact = variance == 0
    w = exact.astype(np.float64) if exact.any() else 1 / variance
    mean = float((w * value).sum() / w.sum())
    share = reliability(value, se, method)
    return Shrunken(score=share * value + (1 - share) * mean, mean=mean, reliability=share)


def answers_needed(target: float, *, within: float, between: float, deff: float = 1.0) -> float:
    """Return the answers per company that give a reliability of `target`: n = target / (1 - target)
    x deff s^2 / tau^2.

    within: s^2, variance of respondents' scores in a company; between: tau^2. A whole number, at
    least 1, or inf where companies do not differ at all. Raises ValueError for a target outside 0-1
    and for negative variances.
    """
    if not 0 < target < 1 or within < 0 or between < 0 or deff <= 0:
        raise ValueError(
            "the target must lie between 0 and 1, variances must not be negative, deff must be"
            " positive"
        )
    if between == 0:
        return inf
    # 100.00000000000001 answers are 100
    return float(max(1, ceil(target / (1 - target) * deff * within / between * (1 - 1e-12))))


def _reml(value: Floats, noise: Floats) -> float:
    """Return the tau^2 of the highest restricted likelihood: 0, or a root at which its score falls
    through 0.

    Unequal noise can give the likelihood two hills, so roots are bracketed on a grid and the
    highest is taken. At `top` the score is negative: there weights differ by less than a factor of
    2 and are below (G - 1) / (2 Q).
    """
    top = float(noise.max() + 2 * ((value - value.mean()) ** 2).sum() / (len(value) - 1))
    grid = np.concatenate([[0.0], np.geomspace(1e-6 * noise.min(), top, 200)])
    slope = [_reml_score(tau2, value, noise) for tau2 in grid]
    roots = [
        float(optimize.brentq(_reml_score, low, high, args=(value, noise), xtol=1e-14, rtol=1e-14))
        for low, high, a, b in zip(grid[:-1], grid[1:], slope[:-1], slope[1:], strict=True)
        if a > 0 >= b
    ]
    return max([0.0, *roots], key=lambda tau2: _reml_likelihood(tau2, value, noise))


def _reml_score(tau2: float, value: Floats, noise: Floats) -> float:
    """Twice the derivative of the restricted log-likelihood in tau^2."""
    w = 1 / (tau2 + noise)
    mean = (w * value).sum() / w.sum()
    return float(((w * (value - mean)) ** 2).sum() - w.sum() + (w**2).sum() / w.sum())


def _reml_likelihood(tau2: float, value: Floats, noise: Floats) -> float:
    w = 1 / (tau2 + noise)
    mean = (w * value).sum() / w.sum()
    return float((np.log(w).sum() - np.log(w.sum()) - (w * (value - mean) ** 2).sum()) / 2)
