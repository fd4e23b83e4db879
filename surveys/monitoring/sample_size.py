"""How many answers it takes. Knows no Django."""

from __future__ import annotations

import math
from statistics import NormalDist


def for_share(
    half_width: float,
    *,
    share: float = 0.5,
    level: float = 0.95,
    deff: float = 1.0,
    population: int | None = None,
) -> int:
    """Return the answers needed for an interval of a share as wide as ± half_width (both from 0 to
    1).

    n = z² p (1 − p) / d² · deff, rounded up, with the finite population correction n / (1 + (n − 1)
    / N) where N is given (Cochran 1977, 4.4). 5 points with a design effect of 1.4 take 538. Raises
    ValueError outside these ranges.
    """
    if not 0 < share < 1:
        raise ValueError("a share lies between 0 and 1")
    return for_mean(
        half_width, sd=math.sqrt(share * (1 - share)), level=level, deff=deff, population=population
    )


def for_mean(
    half_width: float,
    *,
    sd: float,
    level: float = 0.95,
    deff: float = 1.0,
    population: int | None = None,
) -> int:
    """Return the answers needed for an interval of a mean as wide as ± half_width, in the units of
    sd.

    Raises ValueError for a half-width, sd or design effect that is not above 0, or a level outside
    (0, 1).
    """
    if not (
        half_width > 0
        and sd > 0
        and deff > 0
        and 0 < level < 1
        and (population is None or population > 0)
    ):
        raise ValueError(
            "half-width, spread, design effect and population are above 0, the level between 0 and"
            " 1"
        )
    # two decimals of z, as in the tables that associations quote: 1.96
    z = round(NormalDist().inv_cdf((1 + level) / 2), 2)
    n = (z * sd / half_width) ** 2 * deff
    if population is not None:
        n = n / (1 + (n - 1) / population)
    return math.ceil(n - 1e-9)
