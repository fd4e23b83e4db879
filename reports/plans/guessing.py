"""What the columns of somebody's own file seem to be, from their names and cells. Where more than
one answer is likely, all are told and none is taken. PURE.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from config.language.problems import say
from config.language.spelling import folded
from reports.plans.levels import NO_ANSWER, graded
from reports.plans.plan import EMPTY, Long
from reports.plans.values import FRACTION, WAYS, Values
from reports.plans.vocabulary import (
    ABOUT,
    ANSWER,
    COMPANY,
    ID,
    ITEM,
    PSU,
    RATING,
    STRATUM,
    WEIGHT,
    YES_OR_NO,
)

SCALES = ((1, 5), (1, 7), (1, 10), (0, 10))
PERCENT = (0, 100)
MOST_VALUES = 101  # more different values than this are no rating
MOST_ITEMS = 80  # different items of a long table
LONGEST = 60  # characters of a company's name on average
# codes by which programs write that there is no answer
CODES = frozenset(
    {-9.0, -8.0, -7.0, -3.0, -2.0, -1.0}
    | {66.0, 77.0, 88.0, 97.0, 98.0, 99.0, 777.0, 888.0, 997.0, 998.0, 999.0}
)
# 5 非常满意 · 1 - Poor · 3：一般
NUMBERED = re.compile(r"(-?\d+)(?:\s*[-–—=:：.、)）]\s*|\s+|(?=[一-鿿]))([^\W\d_].*)")
ADDRESS = re.compile(r"https?://|www\.")
MOSTLY = 0.8  # share of cells that are numbers in a column that somebody meant to be rated
DATE = re.compile(
    r"\d{4}[-/.年]\d{1,2}([-/.月]\d{1,2}日?)?([ T].*)?|\d{1,2}[/.-]\d{1,2}[/.-]\d{4}( .*)?"
    r"|\d{1,2}:\d{2}(:\d{2})?|(19|20)\d{2}[01]\d[0-3]\d"
)


YES_NO = say("yes or no; such an item may count as well")
BY_NAME = say("by its name no opinion")
UNNAMED = say("its name does not say that it is a rating")
NOT_ALL = say("some of its cells are no numbers; plan check names them")
SAME_LEVEL = say("two of its words are one level; give each its number")
CONSTANT = say("the same in all rows of a company")


@dataclass(frozen=True)
class Rated:
    """A rated column: its scale (worst, best), cells that are no answer, what stands for numbers;
    `doubt` says why it may be none.
    """

    column: str
    scale: tuple[float, float]
    not_applicable: tuple[str, ...] = ()
    values: Mapping[str, float] | str | None = None
    doubt: str = ""


@dataclass(frozen=True)
class Candidate:
    """A column that may name the company: how many different ones, and rows of each on average."""

    column: str
    different: int
    rows: float
    examples: tuple[str, ...]


@dataclass(frozen=True)
class Guess:
    """What the columns look like; `company` is None where that is not sure, `candidates` are those
    it may be, `doubtful` columns that may be rated; of several `weights` none is taken.
    """

    company: str | None
    candidates: tuple[Candidate, ...]
    items: tuple[Rated, ...]
    doubtful: tuple[Rated, ...] = ()
    weights: tuple[str, ...] = ()
    strata: str | None = None
    psu: str | None = None
    lonely: bool = False
    long: Long | None = None


Columns = Mapping[str, Sequence[str]]


def infer(columns: Columns) -> Guess:
    """Guess from cells as text, by column."""
    counts = {
        name: Counter(cell for raw in cells if (cell := raw.strip()) not in EMPTY)
        for name, cells in columns.items()
    }
    counts = {name: found for name, found in counts.items() if found}
    weights = tuple(name for name, found in counts.items() if _is_weight(name, found))
    strata, psu = (
        next((name for name, found in counts.items() if fits(name, found)), None)
        for fits in (_is_stratum, partial(_is_called, words=PSU))
    )
    design = {*weights, strata, psu}
    left = {name: found for name, found in counts.items() if name not in design}
    rated = [
        found
        for name, cells in left.items()
        if not _names_companies(name) and (found := _rated(name, cells))
    ]
    items = [item for item in rated if not item.doubt]
    asked = _item_and_answer(left, rated)
    taken = {item.column for item in rated} | set(asked or ())
    company, candidates = _company({k: v for k, v in left.items() if k not in taken})
    guess = Guess(
        company=company,
        candidates=candidates,
        items=_of_one_family(items),
        doubtful=tuple(item for item in rated if item.doubt),
        weights=weights,
        strata=strata,
        psu=psu,
        lonely=_is_lonely(columns, strata, psu),
    )
    guess = _settled(guess, columns)
    return _as_long(guess, columns, *asked) if asked else guess


def _is_called(name: str, _cells: Counter[str] | None = None, *, words: Sequence[str]) -> bool:
    """Say whether one of the words is in the name of a column."""
    plain = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
    parts = set(re.split(r"[^a-z]+", folded(plain)))
    return any(word in parts if word.isascii() else word in name for word in words)


def _names_companies(name: str) -> bool:
    return _is_called(name, words=COMPANY) and not _is_called(name, words=(*ABOUT, *RATING))


def _is_weight(name: str, cells: Counter[str]) -> bool:
    numbers = [_number(cell) for cell in cells]
    is_called = _is_called(name, words=WEIGHT) or folded(name).endswith(("weight", "wght", "wgt"))
    return is_called and all(n is not None and n >= 0 for n in numbers)


def _is_stratum(name: str, cells: Counter[str]) -> bool:
    return (_is_called(name, words=STRATUM) or name.strip() == "层") and _repeats(cells) >= 2


def _number(cell: str) -> float | None:
    try:
        number = float(Values().number(cell))
    except ValueError:
        return None
    return number if abs(number) < 1e15 else None


def _repeats(cells: Counter[str]) -> float:
    """Return how often a text comes back on average; a company does, a name or a date hardly."""
    return cells.total() / len(cells) if len(cells) > 1 else 0.0


def _is_date(cells: Counter[str]) -> bool:
    return all(DATE.fullmatch(cell) for cell in cells)


# --- the company -------------------------------------------------------------------------------


def _company(columns: Mapping[str, Counter[str]]) -> tuple[str | None, tuple[Candidate, ...]]:
    """Return the column of the company where it is sure, and every column that it may be.

    It is sure where one column alone is called like one, or where no more than one holds names that
    come back.
    """
    called = [name for name in columns if _names_companies(name)]
    called = [name for name in called if not _is_called(name, words=ID)] or called
    texts = [name for name, cells in columns.items() if _may_name(name, cells)]
    plain = [name for name in texts if not _is_called(name, words=(*ABOUT, *ID))]
    listed = list(dict.fromkeys([*called, *plain])) or texts
    sure = called if called else plain
    return (
        sure[0] if len(sure) == 1 else None,
        tuple(_candidate(name, columns[name]) for name in listed),
    )


def _may_name(name: str, cells: Counter[str]) -> bool:
    if _repeats(cells) < 2 or _is_date(cells) or sum(map(len, cells)) > LONGEST * len(cells):
        return False
    if all(ADDRESS.match(cell) for cell in cells):
        return False
    return any(_number(cell) is None and folded(cell) not in YES_OR_NO for cell in cells)


def _candidate(name: str, cells: Counter[str]) -> Candidate:
    examples = tuple(cell for cell, _n in cells.most_common(3))
    return Candidate(name, len(cells), cells.total() / len(cells), examples)


# --- what is rated -----------------------------------------------------------------------------


def _rated(name: str, cells: Counter[str]) -> Rated | None:
    """Return how a column is rated, None where it is not."""
    silent = tuple(cell for cell in cells if folded(cell) in NO_ANSWER and _number(cell) is None)
    words = [cell for cell in cells if cell not in silent]
    if not 2 <= len(words) <= MOST_VALUES or all(DATE.fullmatch(word) for word in words):
        return None
    numbers = {word: _number(word) for word in words}
    found = _numeric(name, numbers) or _worded(name, words) or _mostly(name, numbers, cells)
    if found is None:
        return None
    if _is_called(name, words=(*ABOUT, *ID)) and not _is_rating(name):
        found = replace(found, doubt=BY_NAME)
    return replace(found, not_applicable=(*found.not_applicable, *silent))


def _is_rating(name: str) -> bool:
    return _is_called(name, words=RATING)


def _worded(name: str, words: Sequence[str]) -> Rated | None:
    """Return a column of words by which people grade, or of numbers written in another way."""
    if found := graded(words):
        levels, is_clear = found
        return Rated(name, (1, 5), values=levels, doubt="" if is_clear else SAME_LEVEL)
    for way in (*WAYS, *_wholes(words)):
        read = Values(way=way)
        numbers = {word: _number(read.number(word)) for word in words}
        if rated := _numeric(name, numbers):
            scale = _out_of(rated.scale, int(way[1:])) if way.startswith("/") else rated.scale
            return replace(rated, scale=scale, values=way, doubt="")
    return _numbered(name, words)


def _numbered(name: str, words: Sequence[str]) -> Rated | None:
    """Return a column whose words begin with their number, each with words of its own."""
    levels, said = {}, set()
    for word in words:
        if not (found := NUMBERED.fullmatch(word)):
            return None
        levels[word] = float(found[1])
        said.add(found[2])
    if not len(said) == len(levels) == len(set(levels.values())):
        return None
    rated = _numeric(name, levels)
    return replace(rated, values=levels, doubt="") if rated else None


def _mostly(name: str, numbers: Mapping[str, float | None], cells: Counter[str]) -> Rated | None:
    """Return a column in which most cells are numbers of a scale and some are none."""
    given = {word: number for word, number in numbers.items() if number is not None}
    if sum(cells[word] for word in given) < MOSTLY * sum(cells[word] for word in numbers):
        return None
    rated = _numeric(name, given)
    return replace(rated, doubt=NOT_ALL) if rated and rated.scale != PERCENT else None


def _wholes(words: Sequence[str]) -> set[str]:
    """Return what the words are numbers out of, where it is one: /5 of 4/5."""
    found = {f"/{part[2]}" for word in words if (part := FRACTION.fullmatch(folded(word)))}
    return found if len(found) == 1 else set()


def _out_of(scale: tuple[float, float], most: int) -> tuple[float, float]:
    """Return a scale that ends where the words say."""
    return (0 if most == PERCENT[1] else scale[0], most)


def _numeric(name: str, numbers: Mapping[str, float | None]) -> Rated | None:
    """Return the smallest usual scale that holds a column of numbers."""
    given = {n for n in numbers.values() if n is not None}
    if len(given) < 2 or None in numbers.values():
        return None
    if min(given) == -max(given) and max(given) <= 5 and all(n.is_integer() for n in given):
        return Rated(name, (int(min(given)), int(max(given))))
    codes = given & CODES
    inside = given - codes
    if not inside or len(inside) < 2 or (codes and max(inside) > 10) or min(inside) < 0:
        codes, inside = set(), given
    silent = tuple(sorted(word for word, number in numbers.items() if number in codes))
    scale, zero = _scale(inside)
    if scale is None:
        return None
    silent += tuple(word for word, number in numbers.items() if zero and number == 0)
    return Rated(name, scale, silent, doubt=_doubt(name, scale, inside))


def _doubt(name: str, scale: tuple[int, int], numbers: set[float]) -> str:
    if scale == (0, 1) or numbers == {1, 2}:
        return YES_NO
    halves = all((2 * number).is_integer() for number in numbers)
    usual = scale != PERCENT and halves
    return "" if usual or _is_rating(name) else UNNAMED


def _scale(numbers: set[float]) -> tuple[tuple[int, int] | None, bool]:
    """Return the scale, and whether 0 looks like no answer on it."""
    if numbers <= {0.0, 1.0}:
        return (0, 1), False
    zero = 0.0 in numbers and max(numbers) <= 7 and all(n.is_integer() for n in numbers)
    for scale in SCALES:
        if all(scale[0] <= n <= scale[1] for n in numbers - ({0.0} if zero else set())):
            return scale, zero and scale[0] > 0
    return (PERCENT if all(0 <= n <= 100 for n in numbers) else None), False


def _of_one_family(items: Sequence[Rated]) -> tuple[Rated, ...]:
    """Return items on 0–10 where others of the file are: one in which nobody said 0 is too."""
    if not any(item.scale == (0, 10) for item in items):
        return tuple(items)
    return tuple(
        replace(item, scale=(0, 10), not_applicable=_without_zero(item))
        if item.scale in ((1, 10), (1, 7))
        else item
        for item in items
    )


def _without_zero(item: Rated) -> tuple[str, ...]:
    return tuple(cell for cell in item.not_applicable if _number(cell) != 0)


def _settled(guess: Guess, columns: Columns) -> Guess:
    """Take out what says the same of all rows of a company; where nothing but yes and no is rated,
    that is what is rated.
    """
    items, doubtful = list(guess.items), list(guess.doubtful)
    if guess.company:
        for item in guess.items:
            if _is_constant(columns[guess.company], columns[item.column]):
                items.remove(item)
                doubtful.append(replace(item, doubt=CONSTANT))
    if not items and not any(item.doubt == UNNAMED for item in doubtful):
        items = [replace(item, doubt="") for item in doubtful if item.doubt == YES_NO]
        doubtful = [item for item in doubtful if item.doubt != YES_NO]
    return replace(guess, items=tuple(items), doubtful=tuple(doubtful))


def _is_constant(companies: Sequence[str], cells: Sequence[str]) -> bool:
    pairs = {
        (company, cell) for company, cell in zip(companies, cells, strict=True) if cell not in EMPTY
    }
    return 1 < len(pairs) == len({company for company, _cell in pairs}) < len(cells)


# --- the sampling design, and long tables ------------------------------------------------------


def _is_lonely(columns: Columns, strata: str | None, psu: str | None) -> bool:
    """Say whether a stratum has a single sampled unit."""
    if strata is None:
        return False
    units: Sequence[object] = columns[psu] if psu else range(len(columns[strata]))
    pairs = set(zip(columns[strata], units, strict=True))
    return 1 in Counter(stratum for stratum, _unit in pairs).values()


def _item_and_answer(
    columns: Mapping[str, Counter[str]], rated: Sequence[Rated]
) -> tuple[str, str] | None:
    """Return the columns that name the item and hold its answer, where the file has a row for every
    answer.
    """
    opinions = [item.column for item in rated if item.doubt in ("", UNNAMED)]
    answers = opinions or [name for name in columns if _is_called(name, words=ANSWER)]
    named = [
        name
        for name, cells in columns.items()
        if _is_called(name, words=ITEM)
        and name not in {item.column for item in rated}
        and 2 <= len(cells) <= MOST_ITEMS
        and _repeats(cells) >= 2
    ]
    return (named[0], answers[0]) if len(named) == len(answers) == 1 else None


def _as_long(guess: Guess, columns: Columns, asked: str, answer: str) -> Guess:
    """Return the guess for a long table: an item for every name in the column `asked`."""
    companies = [guess.company] if guess.company else [c.column for c in guess.candidates]
    others = [c for c in columns if c not in (asked, answer, *companies)]
    ids = [c for c in others if _is_called(c, words=ID)]
    fitting = (
        c for c in dict.fromkeys([*ids, *others]) if _identifies(columns, c, asked, companies)
    )
    respondent = next(fitting, "")
    items = list(_by_item(columns[asked], columns[answer]))
    return replace(
        guess,
        items=_of_one_family(items),
        doubtful=(),
        long=Long(respondent, asked, answer),
    )


def _identifies(columns: Columns, respondent: str, asked: str, companies: Sequence[str]) -> bool:
    """Say whether a column tells who answered: every item once, and more than one in all."""
    keys = (columns[name] for name in dict.fromkeys((respondent, asked, *companies)))
    rows = list(zip(*keys, strict=True))
    people = set(columns[respondent])
    return len(set(rows)) == len(rows) and 1 < len(people) <= len(rows) / 2 and "" not in people


def _by_item(asked: Sequence[str], answers: Sequence[str]) -> Iterator[Rated]:
    cells: dict[str, Counter[str]] = {}
    for item, answer in zip(asked, answers, strict=True):
        if item.strip() and answer.strip() not in EMPTY:
            cells.setdefault(item.strip(), Counter())[answer.strip()] += 1
    for item, counted in cells.items():
        if found := _rated(item, counted):
            yield replace(found, doubt="")
