"""Raking: weights that give known margins back, found on the table of crossed categories, never
on rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from reports.statistics.exact import Floats, Ints


class RakingError(ValueError):
    """The margins cannot be reached. `margin` and `category` say where, -1 where it is no single
    place.
    """

    def __init__(self, words: str, margin: int = -1, category: int = -1) -> None:
        super().__init__(words)
        self.margin, self.category = margin, category


class EmptyCategory(RakingError):
    """The population has people of a category that nobody in the sample stands for."""


class NoTarget(RakingError):
    """The sample has people of a category that the margin gives no population."""


class UnequalTotals(RakingError):
    """The margins add up to different populations."""


class NotReached(RakingError):
    """The sweeps ended before the margins were met, as happens where empty cells make them
    contradict each other.
    """


@dataclass(frozen=True)
class Margins:
    """The population by each of V variables: `targets[v]` is (C_v,), counts or shares, all with the
    same sum.

    A cell is a crossing of categories, coded by mixed radix in the order of the variables, the last
    one fastest.
    """

    targets: tuple[Floats, ...]

    @property
    def cells(self) -> int:
        """The number of crossed cells, filled or not."""
        return int(np.prod([len(t) for t in self.targets], dtype=np.int64))

    def cell_of(self, categories: Sequence[Ints]) -> Ints:
        """Return the cell, (n,), of rows with a category code (n,) for every variable. Raises
        ValueError for others.
        """
        cell = np.zeros(len(categories[0]), dtype=np.int64)
        for codes, target in zip(categories, self.targets, strict=True):
            if len(codes) and (codes.min() < 0 or codes.max() >= len(target)):
                raise ValueError(
                    "a category code is out of range; every respondent needs one for every margin"
                )
            cell *= len(target)
            cell += codes
        return cell

    def categories(self, cell: Ints) -> list[Ints]:
        """Return the category of each cell for every variable: `cell_of` backwards."""
        shape = tuple(len(t) for t in self.targets)
        return [codes.astype(np.int64) for codes in np.unravel_index(cell, shape)]


@dataclass(frozen=True)
class Raked:
    """The outcome: factor, (C,), that every weight of a cell is multiplied by (1 for cells without
    anybody).

    error: the largest |margin - target| / target that is left; sweeps: passes over all margins.
    """

    factor: Floats
    error: float
    sweeps: int


def rake(
    weight: Floats,
    margins: Margins,
    *,
    tolerance: float = 1e-10,
    sweeps: int = 1000,
    bounds: tuple[float, float] = (0.0, np.inf),
) -> Raked:
    """Rake design weights summed by cell, (C,), to the margins (Deming and Stephan 1940; Deville
    and Särndal 1993).

    Every sweep scales the weights of each category to its target, margin after margin. Weights of
    one cell are multiplied by the same factor, so the table is all there is to do, and the design
    weights are kept inside a cell. Convergence is judged on the margins, not on how little the
    weights still move. With `bounds` the factors stay within [low, high] times the mean factor:
    those at a bound are held, the others take over. Weights of category 0 population must be
    absent.

    Raises EmptyCategory, NoTarget and UnequalTotals before anything is tried, NotReached after
    `sweeps`.
    """
    filled = np.flatnonzero(weight > 0)
    of_cell = margins.categories(filled)
    base = weight[filled]
    _check(base, of_cell, margins)
    mean = margins.targets[0].sum() / base.sum()
    low, high = bounds[0] * mean, bounds[1] * mean
    factor = np.ones(len(filled))
    error = np.inf
    for sweep in range(1, sweeps + 1):
        for codes, target in zip(of_cell, margins.targets, strict=True):
            have = np.bincount(codes, base * factor, minlength=len(target))
            factor *= np.divide(target, have, out=np.ones_like(have), where=have > 0)[codes]
        np.clip(factor, low, high, out=factor)
        error, where = _error(base * factor, of_cell, margins)
        if error <= tolerance:
            whole = np.ones(margins.cells)
            whole[filled] = factor
            return Raked(whole, error, sweep)
    raise NotReached(
        f"after {sweeps} sweeps category {where[1]} of margin {where[0]}"
        f" is still {error:.2%} off its target",
        *where,
    )


def _error(weight: Floats, of_cell: list[Ints], margins: Margins) -> tuple[float, tuple[int, int]]:
    worst, where = 0.0, (-1, -1)
    for v, (codes, target) in enumerate(zip(of_cell, margins.targets, strict=True)):
        have = np.bincount(codes, weight, minlength=len(target))
        off = np.abs(have - target) / np.where(target > 0, target, 1.0)
        if off.max() > worst:
            worst, where = float(off.max()), (v, int(off.argmax()))
    return worst, where


def _check(base: Floats, of_cell: list[Ints], margins: Margins) -> None:
    population = margins.targets[0].sum()
    for v, (codes, target) in enumerate(zip(of_cell, margins.targets, strict=True)):
        if not (np.isfinite(target).all() and (target >= 0).all() and target.sum() > 0):
            raise RakingError(f"margin {v} has a target that is negative or no number", v)
        if abs(target.sum() - population) > 1e-6 * population:
            raise UnequalTotals(
                f"margin {v} adds up to {target.sum():g}, margin 0 to {population:g}", v
            )
        have = np.bincount(codes, base, minlength=len(target))
        for c in np.flatnonzero((have == 0) & (target > 0)).tolist():
            raise EmptyCategory(
                f"nobody in the sample is in category {c} of margin {v}; merge it with another",
                v,
                c,
            )
        for c in np.flatnonzero((have > 0) & (target == 0)).tolist():
            raise NoTarget(f"category {c} of margin {v} has respondents but a target of 0", v, c)
