"""Intraclass correlations: how much of the spread of measurements is between subjects rather than
between raters.

McGraw and Wong, "Forming inferences about some intraclass correlation coefficients", Psychological
Methods 1 (1996), 30-46, tables 4 and 7; names of Shrout and Fleiss 1979 beside theirs. Nothing here
says which kind a study needs.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy import stats

Floats = NDArray[np.float64]


Kind = Literal["one_way", "agreement", "consistency"]


@dataclass(frozen=True)
class Coefficient:
    """A coefficient with its interval; negative values mean that raters differ more within than
    between subjects.
    """

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Intraclass:
    """Of one rating (`single`) and of the mean of k ratings (`average`); one interval at `level`
    each, not joint.
    """

    kind: Kind
    single: Coefficient
    average: Coefficient
    level: float


@dataclass(frozen=True)
class _Squares:
    """Mean squares of n subjects (rows) by k raters: between rows, between columns, residual,
    within rows.
    """

    n: int
    k: int
    rows: float
    columns: float
    residual: float
    within: float


def intraclass(ratings: Floats, *, kind: Kind, level: float = 0.95) -> Intraclass:
    """Return intraclass correlations of n >= 2 subjects by k >= 2 raters, (n, k), none missing.

    "one_way": ICC(1), ICC(k), other raters for each subject; "agreement": ICC(A,1), ICC(A,k), the
    same raters, a random choice, whose levels count (Shrout and Fleiss 2,1 and 2,k); "consistency":
    ICC(C,1), ICC(C,k), levels do not count (3,1 and 3,k). Intervals from F, normal effects and
    errors, exact except for "agreement" (Satterthwaite). All NaN where subjects have equal means:
    nothing to tell apart. Raises ValueError for ratings that are not finite, a table that is too
    small, or a level outside (0, 1).
    """
    _check(ratings, level)
    squares = _squares(ratings)
    # rounding leaves a hair between equal means
    if squares.rows <= 1e-24 * max(float((ratings**2).max()), 1e-300):
        nothing = Coefficient(math.nan, math.nan, math.nan)
        return Intraclass(kind, nothing, nothing, level)
    tail = (1 - level) / 2
    if kind == "agreement":
        single, average = _agreement(squares, tail)
    elif kind == "one_way":
        single, average = _from_f(
            squares.rows, squares.within, squares.n * (squares.k - 1), squares, tail
        )
    else:
        df = (squares.n - 1) * (squares.k - 1)
        single, average = _from_f(squares.rows, squares.residual, df, squares, tail)
    return Intraclass(kind, single, average, level)


def _from_f(
    rows: float, error: float, df: int, squares: _Squares, tail: float
) -> tuple[Coefficient, Coefficient]:
    """Return (F - 1) / (F + k - 1) and 1 - 1 / F, F = rows / error, at F and at F over and times
    its quantiles.

    Multiplied by the error, so that raters who agree wholly have 1 and no division by zero.
    """
    n, k = squares.n, squares.k
    errors = [
        error,
        error * float(stats.f.isf(tail, n - 1, df)),
        error / float(stats.f.isf(tail, df, n - 1)),
    ]
    return (
        Coefficient(*((rows - e) / (rows + (k - 1) * e) for e in errors)),
        Coefficient(*((rows - e) / rows for e in errors)),
    )


def _agreement(s: _Squares, tail: float) -> tuple[Coefficient, Coefficient]:
    n, k = s.n, s.k
    value = (s.rows - s.residual) / (
        s.rows + (k - 1) * s.residual + k / n * (s.columns - s.residual)
    )
    # a MSC + b MSE of McGraw and Wong, times n (1 - value), which cancels and would be 0 for a
    # value of 1
    columns = k * value * s.columns
    residual = (n * (1 - value) + k * value * (n - 1)) * s.residual
    squared = columns**2 / (k - 1) + residual**2 / ((n - 1) * (k - 1))
    # raters who agree wholly leave no error whose degrees of freedom could matter: 0 / 0, any
    # number will do
    df = (columns + residual) ** 2 / squared if squared > 0 else 1.0
    noise = k * s.columns + (k * n - k - n) * s.residual
    down, up = float(stats.f.isf(tail, n - 1, df)), float(stats.f.isf(tail, df, n - 1))
    low = n * (s.rows - down * s.residual) / (down * noise + n * s.rows)
    high = n * (up * s.rows - s.residual) / (noise + n * up * s.rows)
    single = Coefficient(value, low, high)
    return single, Coefficient(*(_stepped_up(x, k) for x in (value, low, high)))


def _stepped_up(single: float, k: int) -> float:
    """Return the coefficient of a mean of k ratings (Spearman and Brown 1910); table 7 gives the
    same bounds.

    It falls to -inf at -1 / (k - 1), the least a true correlation can be; an estimate below that
    stays there.
    """
    room = 1 + (k - 1) * single
    return k * single / room if room > 0 else -math.inf


def _squares(x: Floats) -> _Squares:
    n, k = x.shape
    by_row, by_column = x.mean(axis=1, keepdims=True), x.mean(axis=0, keepdims=True)
    centre = x.mean()
    return _Squares(
        n,
        k,
        rows=float(k * ((by_row - centre) ** 2).sum() / (n - 1)),
        columns=float(n * ((by_column - centre) ** 2).sum() / (k - 1)),
        residual=float(((x - by_row - by_column + centre) ** 2).sum() / ((n - 1) * (k - 1))),
        within=float(((x - by_row) ** 2).sum() / (n * (k - 1))),
    )


def _check(ratings: Floats, level: float) -> None:
    if ratings.ndim != 2 or min(ratings.shape) < 2 or not np.isfinite(ratings).all():
        raise ValueError("needs two subjects and two raters at least, and every rating")
    if not 0 < level < 1:
        raise ValueError(f"a level lies between 0 and 1, not {level}")
