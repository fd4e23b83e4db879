"""The keys of a plan that say what becomes of the weights of the design."""

from __future__ import annotations

from collections.abc import Mapping
from math import isclose

from config.language.problems import say
from config.tabular.yaml_nodes import Value
from reports.plans.plan import Margin, Nonresponse, Weighting

WEIGHTING = ("base", "nonresponse", "trim", "margins", "bounds")
MOST_CELLS = 10_000  # crossings of all margins: every sum of the ranking is kept for each

Keys = Mapping[str, Value]


def read_weighting(keys: Keys) -> Weighting:
    """Read `weights`; its `base` is read with `weight`, which it may stand for."""
    if "weights" not in keys:
        return Weighting()
    part = keys["weights"].mapping(allowed=WEIGHTING)
    if "base" in part and "weight" in keys:
        part["base"].problem(say("stands beside weight, which says the same; keep one of them"))
    if "bounds" in part and "margins" not in part:
        part["bounds"].problem(say("needs margins, whose factors it bounds"))
    margins = _margins(part["margins"]) if "margins" in part else ()
    return Weighting(
        margins=margins,
        bounds=_around_one(part["bounds"]) if "bounds" in part else None,
        trim=_around_one(part["trim"]) if "trim" in part else None,
        nonresponse=_nonresponse(part["nonresponse"]) if "nonresponse" in part else None,
    )


def _margins(value: Value) -> tuple[Margin, ...]:
    margins, cells = [], 1
    for column, given in value.mapping().items():
        numbers = {name: v.number(low=0, high=1e12) or 0.0 for name, v in given.mapping().items()}
        total = sum(numbers.values())
        if len(numbers) < 2 or total <= 0:
            given.problem(say("needs two categories at least, each with its share or its number"))
            continue
        if max(numbers.values()) < 1 and not isclose(total, 1, abs_tol=0.005):
            given.problem(say("adds up to {total:g}; shares add up to 1"), total=total)
        cells *= len(numbers)
        margins.append(Margin(column, {name: n / total for name, n in numbers.items()}))
    if cells > MOST_CELLS:
        value.problem(say("crosses in {cells} cells; at most {most}"), cells=cells, most=MOST_CELLS)
    return tuple(margins)


def _around_one(value: Value) -> tuple[float, float] | None:
    """Read the lowest and the highest multiple of a mean."""
    ends = [end.number(low=0, high=1e6) for end in value.items()]
    if len(ends) == 2 and ends[0] is not None and ends[1] is not None and ends[0] < 1 < ends[1]:
        return ends[0], ends[1]
    value.problem(say("must be two multiples of the mean around 1, such as [0.3, 3]"))
    return None


def _nonresponse(value: Value) -> Nonresponse | None:
    part = value.mapping(allowed=("class", "answered"), required=("class", "answered"))
    if len(part) < 2:
        return None
    answered = part["answered"].mapping(allowed=("column", "in"), required=("column", "in"))
    if len(answered) < 2:
        return None
    cells = tuple(cell.cell() for cell in answered["in"].items())
    return Nonresponse(part["class"].text() or "", answered["column"].text() or "", cells)
