"""Text columns read as what they stand for: numbers, answers on a declared scale."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np
import pandas as pd

from config.language.problems import InvalidInput, Problem, say
from config.tabular.tables import TextTable
from reports.data.sources.distinct import distinct
from reports.plans.plan import EMPTY, Drop, Item, Plan
from reports.plans.values import Values
from reports.statistics.exact import Floats

NO_VALUES = Values()


def require(plan: Plan, table: TextTable) -> None:
    """Raise InvalidInput for every column that the plan names and the file lacks."""
    there = set(table.frame.columns)
    missing = [(column, place) for column, place in plan.columns if column not in there]
    if missing:
        message = say("column {column} is missing in {file}, which has: {there}")
        values = {"file": table.file, "there": ", ".join(table.frame.columns)}
        raise InvalidInput(
            *(Problem(place, message, {"column": column, **values}) for column, place in missing)
        )


def is_among(cells: pd.Series[str], texts: Iterable[str]) -> pd.Series[bool]:
    """Say which cells are one of `texts`, as text or as the same number (0 and 0.0)."""
    texts = tuple(texts)
    stripped = cells.str.strip()
    numbers = [number for text in texts if (number := _number(text)) is not None]
    same = stripped.isin(texts)
    if numbers:
        same |= pd.to_numeric(stripped, errors="coerce").isin(numbers)
    return same


def dropped(table: TextTable, drop: Drop) -> pd.Series[bool]:
    """Say which rows a rule of the plan leaves out."""
    return is_among(table.frame[drop.column], drop.values)


def numbers(
    table: TextTable, column: str, rows: pd.Series[bool], values: Values = NO_VALUES
) -> Floats:
    """Read a column of numbers, NaN where empty or outside `rows`. Raises InvalidInput at the first
    cell that is none.
    """
    cells = table.frame[column]
    codes, different = distinct(cells)
    written = pd.Series([values.number(cell.strip()) for cell in different], dtype="str")
    empty = written.isin(EMPTY).to_numpy()
    read = pd.to_numeric(written.where(~empty), errors="coerce").to_numpy(dtype=np.float64)
    asked = rows.to_numpy() & ~empty[codes]
    found = np.where(asked, read[codes], np.nan)
    wrong = asked & ~np.isfinite(found)
    if wrong.any():
        at = int(np.flatnonzero(wrong)[0])
        message = say(
            "“{cell}” is not a number ({count} cells of this column are not); words of a rated"
            " column are named under values, cells without an answer under not_applicable"
        )
        raise InvalidInput(
            Problem(
                table.place(cells.index[at], column),
                message,
                {"cell": cells.iloc[at].strip(), "count": int(wrong.sum())},
            )
        )
    return found


def answers(table: TextTable, item: Item, rows: pd.Series[bool]) -> Floats:
    """Read one item on its own scale, NaN where unanswered or not applicable.

    Raises InvalidInput for a cell off the declared scale, and for a column that seems to hold two
    instruments.
    """
    asked = rows & ~is_among(table.frame[item.column], item.not_applicable)
    values = numbers(table, item.column, asked, item.values)
    low, high = min(item.scale), max(item.scale)
    outside = (values < low) | (values > high)
    if outside.any():
        at = int(np.flatnonzero(outside)[0])
        problem = say(
            "{value:g} is outside the scale {low:g}–{high:g}; {count} of {all} answers are (they"
            " run from {least:g} to"
            " {most:g}); correct the scale, name them in not_applicable, or drop the rows"
        )
        place = table.place(table.frame.index[at], item.column)
        raise InvalidInput(
            Problem(
                place,
                problem,
                {"value": values[at], "low": low, "high": high, **_range(values, outside)},
            )
        )
    _one_instrument(table, item, values, low, high)
    return values


def _one_instrument(table: TextTable, item: Item, values: Floats, low: float, high: float) -> None:
    """Stop where most answers keep to the lower half of the scale and some do not: 1-5 and 1-10
    forms in one column.

    A scale of two points cannot hold a second instrument.
    """
    given = values[~np.isnan(values)]
    middle = (low + high) / 2
    lower, upper = given[given <= middle], given[given > middle]
    if (
        item.single_instrument
        or high - low == 1
        or not len(upper)
        or 10 * len(lower) < 9 * len(given)
    ):
        return
    message = say(
        "seems to hold two instruments: {lower} of {all} answers lie in {l0:g}–{l1:g}, the other"
        " {upper} in"
        " {u0:g}–{u1:g}, on a declared scale of {low:g}–{high:g}; part them with drop, or confirm"
        " with"
        " single_instrument: true"
    )
    values_ = {
        "lower": len(lower),
        "upper": len(upper),
        "all": len(given),
        "l0": lower.min(),
        "l1": lower.max(),
        "u0": upper.min(),
        "u1": upper.max(),
        "low": low,
        "high": high,
    }
    raise InvalidInput(Problem(table.at_column(item.column), message, values_))


def _range(
    values: Floats, outside: np.ndarray[tuple[int], np.dtype[np.bool_]]
) -> dict[str, object]:
    given = values[~np.isnan(values)]
    return {
        "count": int(outside.sum()),
        "all": len(given),
        "least": given.min(),
        "most": given.max(),
    }


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None
