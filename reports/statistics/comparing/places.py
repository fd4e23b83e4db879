"""The places of companies as a reader sees them: printed scores, shared ranks."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

import numpy as np
from scipy import stats

from reports.statistics.exact import Floats, Ints

# relative: twice the most that 12 significant digits cut off, and far above float64 rounding
NOISE = 1e-11


def written(score: float, decimals: int) -> str:
    """Write a score as it is printed everywhere: halves away from zero, as spreadsheets do, and
    never -0.0.

    The 13th digit on is rounding noise (56.25 may be held as 56.249999999999986) and must not part
    equal companies.
    """
    exact = Decimal(f"{score:.12g}").quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    return f"{abs(exact) if exact == 0 else exact:f}"


def printed(scores: Floats, decimals: int) -> Floats:
    """Return scores of any shape as `written` writes them, equal to it in every bit; draws by the
    million are fast.

    Cutting to 12 digits moves a score by at most 5 parts in 10^12, so only one that near to a half
    can print otherwise than it rounds: these few (and NaN) are written out one by one.
    """
    units = np.abs(scores) * 10.0**decimals
    halfway = ~(np.abs(units - np.floor(units) - 0.5) > NOISE * units)
    # a whole number over a power of ten is the float nearest to the decimal text; + 0.0 turns -0.0
    # into 0.0
    shown = np.asarray(np.sign(scores) * np.floor(units + 0.5) / 10.0**decimals + 0.0)
    shown[halfway] = [float(written(score, decimals)) for score in np.asarray(scores)[halfway]]
    return shown


def point_ranks(scores: Floats, decimals: int) -> Ints:
    """Return ranks (..., G), 1 = largest, of scores as printed; equal ones share the better rank
    (1-2-2-4).
    """
    return np.asarray(stats.rankdata(-printed(scores, decimals), method="min", axis=-1)).astype(
        np.int64
    )


def decimals_of(se: Floats) -> int:
    """Return the decimals that standard errors (G,) leave a meaning: the middle one is written
    with two digits, so 1.5 gives 1, .015 gives 3, 15 gives 0 and 150 gives -1 (tens).

    They follow from the errors alone, so that a scale in percent or as a share, whose errors differ
    by 100, is rounded at the same places.
    """
    known = se[np.isfinite(se) & (se > 0)]
    if not len(known):
        return 1
    # the 1e-9 keeps errors of 0.1 and 10 from falling on either side by rounding noise
    size = int(np.floor(np.log10(float(np.median(known))) + 1e-9))
    return int(np.clip(1 - size, -12, 12))
