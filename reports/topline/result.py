"""The topline: every question with its base, shares or mean and interval, whole and by area, mode
and company.

Computed from a snapshot and nothing else; open comments are not in it. Small groups are not
published, and never so that a hidden one could be worked out from the others.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from config.language.texts import Text
from reports.data.snapshots.answers import AnswersSnapshot, Manifest
from reports.statistics.disclosure.suppression import suppressed
from reports.statistics.estimates.shares import Mean, Sampling, Share, mean, share
from reports.statistics.exact import Bools
from reports.topline.snapshot import LEAST_OF_A_COMPANY, counted
from reports.topline.subject import about_the_company
from surveys.collection.models.response import Response
from surveys.companies.services import sound_of
from surveys.questionnaires.questionnaire import NOT_APPLICABLE, Choice, Question

By = Literal["all", "mode", "area", "company"]

# fewer respondents than this in a group: no figures (design 4, notes: disclosure control)
LEAST = 10


@dataclass(frozen=True)
class Group:
    """Some of the respondents: a mode, an area, the customers of a company, or everybody."""

    by: By
    name: str
    label: Text
    members: Bools


@dataclass(frozen=True)
class Cell:
    """One question in one group: its base, a share for each choice, a mean for numbers; None
    where it is hidden.
    """

    group: Group
    base: int | None
    shares: tuple[Share, ...] = ()
    mean: Mean | None = None


@dataclass(frozen=True)
class QuestionResult:
    """One question: who was asked, and the figures of all and of every group."""

    question: Question
    choices: tuple[Choice, ...]
    several: bool
    whole: Cell
    groups: tuple[Cell, ...]
    asked_of_all: bool

    def by(self, by: By) -> list[Cell]:
        """Return the groups of one kind that somebody is in."""
        return [cell for cell in self.groups if cell.group.by == by and cell.base != 0]


@dataclass(frozen=True)
class Returns:
    """How many sheets came back in a mode, and how many of them are valid."""

    mode: str
    returned: int
    valid: int


@dataclass(frozen=True)
class Topline:
    """The whole result, in the order of the questionnaire."""

    manifest: Manifest
    snapshot_hash: str
    returns: tuple[Returns, ...]
    results: tuple[QuestionResult, ...]
    units: int
    weighted: bool


def compute(snapshot: AnswersSnapshot) -> Topline:
    """Compute the topline of frozen answers."""
    manifest = snapshot.manifest
    psu = snapshot.numbers("_psu")
    sampling = Sampling(snapshot.numbers("_stratum"), psu, snapshot.weights())
    groups = list(_groups(snapshot))
    served = about_the_company(snapshot.questionnaire)
    english = manifest.more["companies"]
    area = snapshot.questionnaire.area_question
    return Topline(
        manifest=manifest,
        snapshot_hash=snapshot.hash,
        returns=tuple(Returns(**counts) for counts in manifest.more["returns"]),
        results=tuple(
            _result(
                q,
                snapshot.texts(q.name),
                sampling,
                [g for g in groups if g.by != "company" or q.name in served],
                area=q is area,
                english=english,
            )
            for q in counted(snapshot.questionnaire)
        ),
        units=len(np.unique(psu)),
        weighted=sampling.weight is not None,
    )


def _groups(snapshot: AnswersSnapshot) -> Iterator[Group]:
    more = snapshot.manifest.more
    modes, cities, companies = map(snapshot.texts, ("_mode", "_city", "_company"))
    for mode in Response.Mode.values:
        if (modes == mode).any():
            yield Group("mode", mode, Text(mode, mode), (modes == mode).to_numpy())
    for code, label in sorted(more["cities"].items()):
        yield Group("area", code, Text(**label), (cities == code).to_numpy())
    # in the order of names: an order by numbers would be a ranking
    for name in sorted(set(companies) - {""}, key=lambda name: (sound_of(name), name)):
        label = Text(name, more["companies"].get(name, name))
        yield Group("company", name, label, (companies == name).to_numpy())


def _result(
    question: Question,
    cells: pd.Series[str],
    sampling: Sampling,
    groups: Sequence[Group],
    *,
    area: bool,
    english: Mapping[str, str],
) -> QuestionResult:
    answered = (cells != "").to_numpy()
    choices = question.choices
    numeric = question.kind in ("integer", "decimal", "range") or _is_scale(question)
    values = pd.to_numeric(cells, errors="coerce").to_numpy(dtype=np.float64) if numeric else None
    if question.kind == "company":
        named = sorted(set(cells) - {""}, key=lambda name: (sound_of(name), name))
        choices = tuple(Choice(name, Text(name, english.get(name, name))) for name in named)
    chosen = {
        c.name: _chose(cells, c.name, several=question.kind == "select_multiple") for c in choices
    }
    everybody = Group("all", "all", Text("全部", "All"), np.ones(len(cells), dtype=np.bool_))

    def figures(group: Group) -> Cell:
        base = group.members & answered
        return Cell(
            group,
            int(base.sum()),
            tuple(share(sampling, base, chosen[c.name]) for c in choices),
            mean(sampling, base, values)
            if values is not None and (base & ~np.isnan(values)).any()
            else None,
        )

    hidden = _hidden(groups, answered)
    # a table of a thing by itself says nothing
    itself = "company" if question.kind == "company" else "area" if area else ""
    tables = [Cell(g, None) if g.name in hidden else figures(g) for g in groups if g.by != itself]
    return QuestionResult(
        question=question,
        choices=choices,
        several=question.kind == "select_multiple",
        whole=figures(everybody) if answered.any() else Cell(everybody, 0),
        groups=tuple(tables),
        asked_of_all=not question.relevant,
    )


def _is_scale(question: Question) -> bool:
    """Whether the choices are numbers: a scale has a mean."""
    names = [choice.name for choice in question.choices if choice.name != NOT_APPLICABLE]
    return (
        question.kind == "select_one"
        and len(names) > 2
        and all(name.isdecimal() and len(name) < 3 for name in names)
    )


def _chose(cells: pd.Series[str], name: str, *, several: bool) -> Bools:
    if several:
        return np.array([name in cell.split() for cell in cells], dtype=np.bool_)
    return (cells == name).to_numpy()


def _hidden(groups: Sequence[Group], answered: Bools) -> set[str]:
    """Return the groups that are too small to publish, and those that would give them away."""
    hidden: set[str] = set()
    for by in ("mode", "area", "company"):
        of = [group for group in groups if group.by == by]
        sizes = np.array([int((group.members & answered).sum()) for group in of], dtype=np.int64)
        least = LEAST_OF_A_COMPANY if by == "company" else LEAST
        hidden |= {g.name for g, gone in zip(of, suppressed(sizes, least), strict=True) if gone}
    return hidden
