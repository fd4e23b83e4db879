"""The topline: every question with its base, shares or mean and interval, whole and by area, mode
and company.

Computed from the accepted responses as a table; open comments are not in it. Small groups are
not published, and never so that a hidden one could be worked out from the others.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from config.language.texts import Text
from reports.data.sources.platform import PRIVATE, Answers
from reports.statistics.estimates.shares import Mean, Sampling, Share, mean, share
from reports.statistics.exact import Bools
from surveys.collection.models.area import Area
from surveys.collection.models.response import Response
from surveys.questionnaires.questionnaire import NOT_APPLICABLE, Choice, Question

By = Literal["all", "mode", "area", "company"]

# fewer respondents than this in a group: no figures (design 4, notes: disclosure control)
LEAST = 10
LEAST_OF_A_COMPANY = 30

# each answer is one of a kind: nothing to count
LEFT_OUT = (*PRIVATE, "time", "datetime")


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


@dataclass(frozen=True)
class Returns:
    """How many sheets came back in a mode, and how many of them are valid."""

    mode: str
    returned: int
    valid: int


@dataclass(frozen=True)
class Topline:
    """The whole result, in the order of the questionnaire."""

    answers: Answers
    returns: tuple[Returns, ...]
    results: tuple[QuestionResult, ...]
    units: int
    first_day: str
    last_day: str


def compute(answers: Answers) -> Topline:
    """Compute the topline of a survey's answers."""
    frame = answers.table.frame
    strata, _ = pd.factorize(frame["_stratum"])
    # a sheet without a place of its own stands alone
    alone = frame["_psu"] == ""
    labels = (
        frame["_stratum"] + "\x1f" + frame["_psu"].where(~alone, "\x1e" + frame.index.astype(str))
    )
    psu, _ = pd.factorize(labels)
    sampling = Sampling(strata.astype(np.int64), psu.astype(np.int64))
    groups = list(_groups(answers))
    asked = [
        q for q in answers.questionnaire.questions.values() if q.is_asked and q.kind not in LEFT_OUT
    ]
    area = answers.questionnaire.area_question
    days = sorted(frame["_day"])
    return Topline(
        answers=answers,
        returns=tuple(_returns(answers)),
        results=tuple(
            _result(question, frame, sampling, groups, area=question is area) for question in asked
        ),
        units=len(np.unique(psu)),
        first_day=days[0],
        last_day=days[-1],
    )


def _returns(answers: Answers) -> Iterator[Returns]:
    counts = answers.survey.responses.filter(corrections=None).values_list("mode", "status")
    found = pd.DataFrame(list(counts), columns=pd.Index(["mode", "status"]))
    for mode in Response.Mode.values:
        of_mode = found[found["mode"] == mode]
        if len(of_mode):
            yield Returns(
                mode, len(of_mode), int((of_mode["status"] == Response.Status.ACCEPTED).sum())
            )


def _groups(answers: Answers) -> Iterator[Group]:
    frame = answers.table.frame
    for mode in Response.Mode.values:
        if (frame["_mode"] == mode).any():
            yield Group("mode", mode, Text(mode, mode), (frame["_mode"] == mode).to_numpy())
    areas = {area.code: area for area in Area.objects.filter(code__in=set(frame["_city"]))}
    for code in sorted(areas):
        yield Group(
            "area", code, Text(areas[code].zh, areas[code].en), (frame["_city"] == code).to_numpy()
        )
    english = dict(answers.survey.companies.values_list("name", "name_en"))
    counted = frame.loc[frame["_company"] != "", "_company"].value_counts()
    # in the order of names: an order by numbers would be a ranking
    for name in sorted(counted[counted >= LEAST_OF_A_COMPANY].index):
        yield Group(
            "company",
            name,
            Text(name, english.get(name) or name),
            (frame["_company"] == name).to_numpy(),
        )


def _result(
    question: Question,
    frame: pd.DataFrame,
    sampling: Sampling,
    groups: Sequence[Group],
    *,
    area: bool,
) -> QuestionResult:
    cells = frame[question.name] if question.kind != "company" else _company_names(question, frame)
    answered = (cells != "").to_numpy()
    choices = question.choices
    numeric = question.kind in ("integer", "decimal", "range") or _is_scale(question)
    values = pd.to_numeric(cells, errors="coerce").to_numpy(dtype=np.float64) if numeric else None
    if question.kind == "company":
        choices = tuple(Choice(name, Text(name, name)) for name in sorted(set(cells) - {""}))
    chosen = {
        c.name: _chose(cells, c.name, several=question.kind == "select_multiple") for c in choices
    }
    everybody = Group("all", "all", Text("全部", "All"), np.ones(len(frame), dtype=np.bool_))

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


def _company_names(question: Question, frame: pd.DataFrame) -> pd.Series[str]:
    """Return whose customers answered, companies with too few of them under one name."""
    named = frame["_company"].where(frame["_company"] != "", frame[question.name])
    counts = named.value_counts()
    few = set(counts[counts < LEAST_OF_A_COMPANY].index) - {"", "not_sure", "other"}
    return named.where(~named.isin(few), "few")


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
    """Return the groups that are too small to publish, and where one alone would be, the next
    smallest beside it.

    A single hidden group could be worked out from all minus the others.
    """
    hidden: set[str] = set()
    for by in ("mode", "area", "company"):
        sizes = {g.name: int((g.members & answered).sum()) for g in groups if g.by == by}
        least = LEAST_OF_A_COMPANY if by == "company" else LEAST
        small = {name for name, size in sizes.items() if size < least}
        if len(small) == 1 and len(sizes) > 1:
            small.add(min(sizes.keys() - small, key=lambda name: (sizes[name], name)))
        hidden |= small
    return hidden
