"""The companies of a column of names: spellings that are one name are joined, and it is said which;
spellings that only may be one are proposed, and a person decides.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from config.language.problems import InvalidInput, Problem, say
from config.language.spelling import INVISIBLE
from config.tabular.tables import TextTable
from reports.data.sources.distinct import distinct, mapped
from reports.plans.plan import EMPTY, CompanyColumn
from surveys.companies.name_matching import Why, likely, plain, same

IN_BRACKETS = re.compile(r"[(（](.*?)[)）]")


@dataclass(frozen=True)
class Likeness:
    """Two names of a file that may be one company: the rarer one, the other, and why."""

    spelling: str
    name: str
    why: Why


def companies(table: TextTable, company: CompanyColumn) -> pd.Series[str]:
    """Return the name of each row's company, "" where there is none.

    A spelling that the plan names as an alias leads to its name; any other to the name it is the
    same as. Of spellings that are the same and that no alias names, the most frequent one is the
    name. Raises InvalidInput for a spelling that is the same as aliases of two companies.
    """
    written = mapped(table.frame[company.column], trimmed)
    return mapped(written, _names(table, company, written).__getitem__)


def joined(table: TextTable, company: CompanyColumn, names: pd.Series[str]) -> dict[str, list[str]]:
    """Return the spellings that were joined by name, without the name itself and what the plan
    names as an alias.
    """
    aliases = {trimmed(spelling) for spelling in company.aliases}
    written = mapped(table.frame[company.column], trimmed)
    both = pd.DataFrame({"name": names.to_numpy(), "written": written.to_numpy()})
    pairs = {
        (name, spelling)
        for name, spelling in both.drop_duplicates().itertuples(index=False)
        if spelling not in aliases and spelling != name
    }
    found: dict[str, list[str]] = {}
    for name, spelling in sorted(pairs):
        found.setdefault(name, []).append(spelling)
    return found


def proposed(names: Mapping[str, int], aliases: Mapping[str, str]) -> list[Likeness]:
    """Return names that may be one company; `names` with their number of rows. Two that the plan
    names are told apart already, as are two branches, 晴岚（太原） and 晴岚（大同）.
    """
    settled = {trimmed(name) for pair in aliases.items() for name in pair}
    order = list(names)
    found = []
    for a, b, why in likely({i: [name] for i, name in enumerate(order)}):
        one, two = order[a], order[b]
        if {one, two} <= settled or _are_branches(one, two):
            continue
        rarer, other = (one, two) if names[one] < names[two] else (two, one)
        reason: Why = "same" if plain(one) == plain(two) else why
        found.append(Likeness(rarer, other, reason))
    return found


def trimmed(text: str) -> str:
    """Return a name without blanks around it, in one Unicode form."""
    return unicodedata.normalize("NFC", " ".join(text.split()))


def _names(table: TextTable, company: CompanyColumn, written: pd.Series[str]) -> dict[str, str]:
    """Return the name that every spelling leads to."""
    aliases = {trimmed(spelling): trimmed(name) for spelling, name in company.aliases.items()}
    alike: dict[str, set[str]] = {}
    for spelling, name in aliases.items():
        alike.setdefault(same(spelling), set()).add(name)
        alike.setdefault(same(name), set()).add(name)
    chosen: dict[str, str] = {}
    problems = []
    for spelling in _by_frequency(written):
        form = same(spelling)
        if spelling in EMPTY or not form:
            name = spelling if spelling in EMPTY else ""
        elif spelling in aliases or spelling in alike.get(form, ()):
            name = aliases.get(spelling, spelling)
        elif len(alike.get(form, ())) > 1:
            problems.append(_ambiguous(table, company, written, spelling, alike[form]))
            continue
        else:
            name = next(iter(alike.setdefault(form, {INVISIBLE.sub("", spelling)})))
        chosen[spelling] = name
    if problems:
        raise InvalidInput(*problems)
    return chosen


def _by_frequency(written: pd.Series[str]) -> Iterator[str]:
    """Yield every spelling once, the most frequent first, of equally frequent ones the first."""
    codes, different = distinct(written)
    yield from (different[at] for at in np.argsort(-np.bincount(codes), kind="stable"))


def _ambiguous(
    table: TextTable,
    company: CompanyColumn,
    written: pd.Series[str],
    spelling: str,
    names: set[str],
) -> Problem:
    message = say(
        "“{spelling}” may be each of {names}, which the plan tells apart; name it under aliases"
        " ({count} such rows)"
    )
    rows = written.index[written == spelling]
    values = {"spelling": spelling, "names": ", ".join(sorted(names)), "count": len(rows)}
    return Problem(table.place(rows[0], company.column), message, values)


def _are_branches(one: str, two: str) -> bool:
    """Say whether what two names have in brackets differs."""
    inside = [[plain(found) for found in IN_BRACKETS.findall(name)] for name in (one, two)]
    return bool(inside[0] and inside[1] and inside[0] != inside[1])
