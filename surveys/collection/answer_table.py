"""The one table of answers: what exports, cleaning, rankings, toplines and inspection reports read.

A table of texts: what the platform knows of a response under names with an underscore in front,
then the questions, then the points that the index gives. Read in chunks, so that memory does not
grow with the survey. No receipt is in it: with a receipt answers can be taken back.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import pandas as pd
from django.db.models import QuerySet
from django.utils import timezone

from config.language.texts import Text
from surveys.collection.models.response import Response
from surveys.companies.models import Company
from surveys.questionnaires.answers import other_field
from surveys.questionnaires.expressions.parse import parts_of
from surveys.questionnaires.questionnaire import UPLOADS, Indicator, Question, Questionnaire
from surveys.questionnaires.scoring import score, scored_column

# what the platform knows of a response, in the order of the columns
KNOWN = {
    "_day": Text("提交日期", "Day"),
    "_mode": Text("方式", "Mode"),
    "_language": Text("语言", "Language"),
    "_area": Text("地区代码", "Area code"),
    "_city": Text("城市代码", "City code"),
    "_company": Text("企业", "Company"),
    "_company_kind": Text("企业类型", "Kind of company"),
    "_stratum": Text("层", "Stratum"),
    "_psu": Text("站点", "Site (PSU)"),
    "_weight": Text("抽样权重", "Weight"),
    "_collector": Text("收集点", "Collection point"),
}
# what may say who or where somebody is, and what is no single answer: it stays in the database,
# unless a member of staff asks for it
PRIVATE = ("text", "geopoint", *UPLOADS, "repeat")
# responses held as objects at a time; one takes some 5 kB, far less in the columns of a frame
CHUNK = 5_000


@dataclass(frozen=True)
class Chunk:
    """Some of the responses, and their rows (dtype str, "" for no answer), numbered from 1 through
    all chunks.
    """

    responses: Sequence[Response]
    frame: pd.DataFrame


def chunks(
    responses: QuerySet[Response],
    questionnaire: Questionnaire,
    *,
    private: bool = False,
    size: int = CHUNK,
) -> Iterator[Chunk]:
    """Yield the table of responses, in the order that they are in, else of arrival.

    private: also what people wrote, where they are and the names of their files; the instances of
    a repeat never are, they are rows of their own (`texts`).
    """
    wanted = columns(questionnaire, private=private)
    # a calculation that stays in the database may still be scored
    read = questions(questionnaire, private=True)
    related = ("company__merged_into", "area__parent", "collector")
    listed = responses.select_related(*related)
    rows = (listed if listed.query.order_by else listed.order_by("pk")).iterator(size)
    first = 1
    while found := list(islice(rows, size)):
        known = pd.DataFrame([_known(response) for response in found], columns=pd.Index(KNOWN))
        answered = texts((response.answers for response in found), read)
        frame = pd.concat([known, answered], axis=1).astype("str")
        frame = frame.assign(**_scored(questionnaire, frame))[wanted]
        frame.index = pd.RangeIndex(first, first + len(found), name="row")
        yield Chunk(found, frame)
        first += len(found)


def questions(questionnaire: Questionnaire, *, private: bool = False) -> list[str]:
    """Return the names of the questions that are columns; with private ones, also what was written
    for a company that is not listed.
    """
    names = []
    for name, question in questionnaire.questions.items():
        if question.kind in ("note", "repeat"):
            continue
        if not private and (question.kind in PRIVATE or _quotes(question, questionnaire)):
            continue
        names.append(name)
        if question.kind == "company" and private:
            names.append(other_field(name))
    return names


def _quotes(question: Question, questionnaire: Questionnaire) -> bool:
    """Say whether a calculation reads what somebody wrote or where somebody is: its result may be
    the same words.
    """
    waiting = [question.calculation] if question.calculation else []
    while waiting:
        tree = waiting.pop()
        waiting += parts_of(tree)
        named = questionnaire.find(tree[1]) if tree[0] == "ref" else None
        if named and named.kind != "repeat" and named.kind in PRIVATE:
            return True
        if named and named is not question and _quotes(named, questionnaire):
            return True
    return False


def columns(questionnaire: Questionnaire, *, private: bool = False) -> list[str]:
    """Return the names of all columns, in order."""
    scored = [scored_column(leaf.name) for leaf in questionnaire.leaves()]
    return [*KNOWN, *questions(questionnaire, private=private), *scored]


def texts(answers: Iterable[Mapping[str, Any]], names: Sequence[str]) -> pd.DataFrame:
    """Return answers as texts, several of one question joined by spaces; a row for each mapping."""
    rows = [[as_text(given.get(name)) for name in names] for given in answers]
    return pd.DataFrame(rows, columns=pd.Index(names), dtype="str")


def as_text(answer: object) -> str:
    """Return one answer as the table has it."""
    if answer is None:
        return ""
    return " ".join(map(str, answer)) if isinstance(answer, list) else str(answer)


def points(leaf: Indicator, frame: pd.DataFrame) -> pd.Series[float]:
    """Return what the index gives for the answers to an indicator, 0-100, NaN for no answer."""
    if leaf.rule is None or leaf.question is None:
        return pd.Series(float("nan"), index=frame.index)
    cells = frame[leaf.question]
    known = {cell: score(leaf.rule, cell) for cell in cells.unique()}
    return cells.map(known).astype("float64")


def company_of(response: Response) -> Company | None:
    """Return the company that a response counts for: answers about one that was merged count for
    the other one.
    """
    company = response.company
    return company and (company.merged_into or company)


def _scored(questionnaire: Questionnaire, frame: pd.DataFrame) -> dict[str, pd.Series[str]]:
    """Return the answers of the index: on a linear scale as given, else as points."""
    found = {}
    for leaf in questionnaire.leaves():
        assert leaf.rule is not None
        assert leaf.question is not None
        given = points(leaf, frame)
        shown = frame[leaf.question] if leaf.rule.scale else given.map("{:g}".format)
        found[scored_column(leaf.name)] = shown.where(given.notna(), "").astype("str")
    return found


def _known(response: Response) -> tuple[str, ...]:
    """Return the cells of KNOWN, in their order."""
    area, company = response.area, company_of(response)
    city = area if area is None or area.level == "city" else area.parent
    return (
        timezone.localdate(response.submitted_at).isoformat(),
        response.mode,
        response.language,
        area.code if area else "",
        city.code if city else "",
        company.name if company else "",
        company.kind if company else "",
        response.stratum,
        response.psu,
        f"{response.weight:.15g}",
        response.collector.code if response.collector else "",
    )
