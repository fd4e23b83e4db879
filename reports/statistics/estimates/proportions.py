"""Intervals for a share."""

from __future__ import annotations

import math

from scipy import stats


def wilson(x: float, n: float, *, level: float = 0.95) -> tuple[float, float]:
    """Return Wilson's score interval for x of n (Wilson 1927; Newcombe 1998, method 3), as two shares in [0, 1].

    With weights or clusters pass the effective n and x = share x n_eff. It covers the share of one item; several
    intervals side by side cover jointly less than `level`. Raises ValueError unless 0 <= x <= n and n > 0.
    """
    if not 0 <= x <= n or n <= 0:
        raise ValueError(f"a share needs 0 <= x <= n and n > 0, not {x} of {n}")
    z = float(stats.norm.isf((1 - level) / 2))
    share = x / n
    centre = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    # at the ends the bound is exactly 0 or 1; rounding must not say otherwise
    return (0.0 if x == 0 else centre - half), (1.0 if x == n else centre + half)
