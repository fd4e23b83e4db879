"""A first plan for somebody's own file, written by looking at its columns; every guess is a comment to be checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reports.plans.plan import EMPTY

SCALES = ((1, 5), (1, 7), (1, 10), (0, 10), (0, 100))
MOST_VALUES = 12  # more different values than this are no rating scale
NAMED = ("company", "brand", "name", "operator", "vendor", "企业", "公司", "品牌", "名称")


@dataclass(frozen=True)
class Guess:
    """What the columns look like: the company column, rated columns with their scale, and whether 0 is among them."""

    company: str | None
    items: tuple[tuple[str, tuple[int, int], bool], ...]
    weight: str | None


def infer(columns: Mapping[str, Sequence[str]]) -> Guess:
    """Guess from cells as text, by column."""
    items = tuple((name, *scale) for name, cells in columns.items() if (scale := _scale(cells)))
    rated = {name for name, _scale, _zero in items}
    weights = [name for name in columns if name.lower() in ("weight", "w", "pw", "权重")]
    named = [
        name
        for name, cells in columns.items()
        if name not in rated | set(weights) and _repeats(cells) >= 2
    ]
    likely = [name for name in named if any(word in name.lower() for word in NAMED)]
    return Guess(
        company=next(iter(likely + named), None),
        items=tuple(item for item in items if item[0] not in weights),
        weight=weights[0] if weights else None,
    )


def write(file: str, guess: Guess, date: str) -> str:
    """Return the plan as YAML with comments. `date` is printed in the ranking."""
    items = "\n".join(_item(*item) for item in guess.items)
    if not items:
        items = "  - {column: FILL IN, scale: [1, 5], label: {zh-Hans: 指标, en: Item}} # no rated column was found"
    return f"""\
# A plan for {file}. Lines with "check" are guesses from the columns; the keys are explained in docs/plan.md.
title: # check: printed on the cover
  zh-Hans: 满意度调查结果比较
  en: Satisfaction compared
date: {date} # printed; the only date in the output
sample: nonprobability # check: probability only where people were drawn at random from a list
source: {{kind: ratings, file: {_quoted(file)}}}
company: {{column: {_quoted(guess.company or "FILL IN")}}} # check; spellings: aliases: {{BOZHOU: 柏舟}}
items: # check every scale [worst, best]; not_applicable holds cells that are no answer
{items}
{_weight(guess.weight)}
# drop: [{{column: FILL IN, in: [test]}}] # rows to leave out, counted in print
# strata: FILL IN # and psu: FILL IN, where people were sampled in strata or at places
# coverage: 0.5 # share of the items that must be answered; without it one is enough
gates: {{n: 30, n_eff: 100, half_width: 5}} # fewer answers: not named; less certain: a score without rank and class
inference: {{level: 0.95, draws: 10000, seed: {date.replace("-", "")}, tau: 3, family: simultaneous}}
print: {{list_withheld: false, pages: none}} # pages: none, extremes or all
# disclosure: # 11 items, docs/plan.md; what is left out is printed as blank
#   sponsor: {{zh-Hans: , en: }}
"""


def _item(column: str, scale: tuple[int, int], zero: bool) -> str:
    empty = ", not_applicable: [0]" if zero else ""
    name = _quoted(column)
    return f"  - {{column: {name}, scale: [{scale[0]}, {scale[1]}]{empty}, label: {{zh-Hans: {name}, en: {name}}}}}"


def _weight(column: str | None) -> str:
    return (
        f"weight: {_quoted(column)} # check"
        if column
        else "# weight: FILL IN # a column of positive weights"
    )


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _scale(cells: Sequence[str]) -> tuple[tuple[int, int], bool] | None:
    """Return the smallest usual scale that holds a column of few whole numbers, and whether 0 looks like no answer."""
    given = {cell.strip() for cell in cells} - set(EMPTY)
    try:
        values = {float(cell) for cell in given}
    except ValueError:
        return None
    if not 2 <= len(values) <= MOST_VALUES or any(v != int(v) for v in values):
        return None
    if values <= {0.0, 1.0}:
        return (0, 1), False
    zero = 0.0 in values and max(values) <= 7
    for scale in SCALES:
        if all(scale[0] <= v <= scale[1] for v in values - ({0.0} if zero else set())):
            return scale, zero and scale[0] > 0
    return None


def _repeats(cells: Sequence[str]) -> float:
    """Return how often a text comes back on average; a company does, a name or a date hardly."""
    given = [cell for cell in cells if cell.strip() not in EMPTY]
    different = len(set(given))
    return len(given) / different if different > 1 else 0.0
