"""The weight of every row: that of the design, then nonresponse, then cut; and the categories of
the margins and adjusters, as codes.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from config.language.problems import InvalidInput, Problem, say
from config.tabular.tables import TextTable
from reports.data.sources import columns
from reports.plans.plan import EMPTY, Margin, Nonresponse, Plan
from reports.statistics.exact import Bools, Floats, Ints
from reports.statistics.sampling.weights import nonresponse_classes, trim

MOST_CATEGORIES = 30  # of an adjuster; more of them are no categories but numbers or names


def answered(text: TextTable, rule: Nonresponse) -> Bools:
    """Say which rows are of people who answered."""
    return columns.is_among(text.frame[rule.column], rule.answered).to_numpy()


def after_nonresponse(
    plan: Plan, text: TextTable, weight: Floats, asked: Bools, rule: Nonresponse
) -> Floats:
    """Return the weights of all sampled people after those who answered took over the others of
    their class; nonrespondents have 0. Raises InvalidInput for a class in which nobody answered.
    """
    labels = text.frame[rule.classes].str.strip()
    codes, names = pd.factorize(labels)
    own = asked & (weight > 0)
    responded = answered(text, rule) & own
    silent = set(labels[own]) - set(labels[responded])
    if silent:
        message = say("nobody of class “{name}” answered; merge it with another")
        place = f"{plan.file}: weights.nonresponse.class"
        raise InvalidInput(Problem(place, message, {"name": min(silent)}))
    made = weight.copy()
    made[own] = nonresponse_classes(weight[own], codes[own].astype(np.int64), responded[own])
    return made


def cut(weight: Floats, counted: Bools, bounds: tuple[float, float]) -> Floats:
    """Return weights cut at multiples of their mean, (low, high) with low < 1 < high."""
    made, own = weight.copy(), counted & (weight > 0)
    if own.any():
        mean = float(weight[own].mean())
        made[own] = trim(weight[own], low=bounds[0] * mean, high=bounds[1] * mean)
    return made


def margin_codes(plan: Plan, text: TextTable, margin: Margin, standing: pd.Series[bool]) -> Ints:
    """Return the category of every row among those of a margin, -1 for rows that do not stand for
    the population. Raises InvalidInput for a cell that is none of them.
    """
    cells = text.frame[margin.column].str.strip()
    known = {name: code for code, name in enumerate(margin.shares)}
    codes = cells.map(known).fillna(-1).to_numpy(dtype=np.int64)
    wrong = standing.to_numpy() & (codes < 0)
    if wrong.any():
        at = int(np.flatnonzero(wrong)[0])
        message = say(
            "“{cell}” is no category of weights.margins.{column} ({count} such rows), which has:"
            " {known}"
        )
        values = {
            "cell": cells.iloc[at],
            "column": margin.column,
            "count": int(wrong.sum()),
            "known": ", ".join(known),
        }
        raise InvalidInput(Problem(text.place(cells.index[at], margin.column), message, values))
    return np.where(standing, codes, -1)


def adjuster_codes(text: TextTable, column: str, rows: pd.Series[bool]) -> tuple[Ints, list[str]]:
    """Return the category of every row, -1 where it is unknown, and their labels: the most common
    first, which the others are compared with. Raises InvalidInput for a column of other things.
    """
    cells = text.frame[column].str.strip()
    counts = cells[rows.to_numpy() & ~cells.isin(EMPTY)].value_counts()
    names = sorted(counts.index, key=lambda name: (-counts[name], name))
    if not 2 <= len(names) <= MOST_CATEGORIES:
        message = say(
            "has {count} different values; to adjust by it there must be 2 to {most} categories"
        )
        values = {"count": len(names), "most": MOST_CATEGORIES}
        raise InvalidInput(Problem(text.at_column(column), message, values))
    known = {name: code for code, name in enumerate(names)}
    return cells.map(known).fillna(-1).to_numpy(dtype=np.int64), [str(name) for name in names]
