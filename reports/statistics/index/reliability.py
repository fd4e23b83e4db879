"""How much of the spread between companies is more than sampling noise; printed, never a gate."""

from __future__ import annotations

import numpy as np

from reports.statistics.exact import Floats


def between_variance(value: Floats, se: Floats) -> float:
    """Return tau^2, the variance of true means between G companies, at least 0, from estimates and
    standard errors: the moment estimator of DerSimonian and Laird 1986.

    It takes the estimates as independent and the standard errors as known.
    """
    if len(value) < 2:
        return 0.0
    if (se == 0).any():  # known exactly (a census): the plain spread is all there is
        return max(0.0, float(np.var(value, ddof=1) - (se**2).mean()))
    w = 1 / se**2
    mean = (w * value).sum() / w.sum()
    q = (w * (value - mean) ** 2).sum()
    return max(0.0, float((q - (len(value) - 1)) / (w.sum() - (w**2).sum() / w.sum())))


def reliability(value: Floats, se: Floats) -> Floats:
    """Return tau^2 / (tau^2 + se^2) of each company, (G,): 0 is all noise, 1 none.

    Printed, never a gate: one very bad company raises it for all the others (design D8).
    """
    tau2 = between_variance(value, se)
    return np.divide(tau2, tau2 + se**2, out=np.ones(len(se)), where=se > 0)
