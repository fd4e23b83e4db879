"""From a topline to what its template prints. Computes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from config.language.texts import Language, Text
from reports.publishing import numbers, wording
from reports.publishing.charts import bars
from reports.statistics.estimates.shares import Mean, Share
from reports.topline.result import Cell, QuestionResult, Topline
from reports.topline.snapshot import FEW
from surveys.collection.models.response import Response
from surveys.questionnaires.questionnaire import NOT_SURE, OTHER

BAR = 170.0  # points
DECIMALS = 2  # as the association prints shares


def topline(result: Topline, language: Language) -> dict[str, Any]:
    """Return what the template needs, in the active language."""
    manifest, survey = result.manifest, result.manifest.about
    return {
        "language": language,
        "title": _("%(title)s: topline") % {"title": survey.title.get(language)},
        "publisher": survey.organiser.get(language),
        "demonstration": survey.demonstration,
        "sentence": wording.of_sample(survey.sample),
        "subtitle": _("%(n)s valid responses, %(questions)s questions")
        % {"n": numbers.count(manifest.rows_in), "questions": len(result.results)},
        "returns": [
            {
                "mode": str(Response.Mode(r.mode).label),
                "returned": numbers.count(r.returned),
                "valid": numbers.count(r.valid),
                # sheets that were handed out have a valid return; an open link has none
                "share": "" if r.mode == Response.Mode.ONLINE else percent(r.valid / r.returned, 1),
            }
            for r in result.returns
        ],
        "dates": f"{manifest.first_day} – {manifest.last_day}",
        "units": numbers.count(result.units),
        "weighted": result.weighted,
        "questions": [_question(q, i, language) for i, q in enumerate(result.results, start=1)],
        "snapshot_hash": result.snapshot_hash,
        "short_snapshot": numbers.short(result.snapshot_hash),
        "version": survey.version,
    }


def percent(share: float, decimals: int = DECIMALS) -> str:
    """Write a share as a percentage without its sign."""
    return f"{100 * share:.{decimals}f}"


def _question(result: QuestionResult, number: int, language: Language) -> dict[str, Any]:
    question = result.question
    return {
        "number": number,
        "anchor": f"q-{question.name}",
        "label": question.label.get(language),
        "base": numbers.count(result.whole.base or 0),
        "who": _("asked of everybody")
        if result.asked_of_all
        else _("asked where an earlier answer led here"),
        "several": result.several,
        "scale": result.whole.mean is not None,
        "mean": _mean(result.whole.mean),
        "rows": [
            {**_share(share), "label": choice_label(choice.name, choice.label, language)}
            for choice, share in zip(result.choices, result.whole.shares, strict=True)
        ],
        "heads": [choice_label(c.name, c.label, language) for c in result.choices]
        if result.whole.mean is None
        else [],
        "bands": list(_bands(result, language)),
    }


def choice_label(name: str, label: Text, language: Language) -> str:
    """Return the words of an answer; the company picker's own answers have none in the
    questionnaire.
    """
    own = {
        NOT_SURE: _("Not sure which company"),
        OTHER: _("Another company"),
        FEW: _("Companies with few answers"),
    }
    return own[name] if label.zh == name and name in own else label.get(language)


def _share(share: Share) -> dict[str, Any]:
    return {
        "n": numbers.count(share.count),
        "share": percent(share.share),
        "low": percent(share.low, 1),
        "high": percent(share.high, 1),
        "bar": mark_safe(bars.bar(share.share, share.low, share.high, width=BAR)),
    }


def _mean(mean: Mean | None) -> dict[str, str]:
    if mean is None:
        return {}
    return {
        "value": f"{mean.mean:.2f}",
        "low": f"{mean.low:.2f}",
        "high": f"{mean.high:.2f}",
        "n": numbers.count(mean.n),
        "sd": f"{mean.sd:.2f}",
    }


def _bands(result: QuestionResult, language: Language) -> Iterator[dict[str, Any]]:
    titles = {
        "mode": _("By mode"),
        "area": _("By area"),
        "company": _("By company, in order of names"),
    }
    for by, title in titles.items():
        cells = [cell for cell in result.groups if cell.group.by == by]
        if len(cells) > 1:
            yield {
                "title": title,
                "rows": [_row(cell, language) for cell in cells if cell.base != 0],
            }


def _row(cell: Cell, language: Language) -> dict[str, Any]:
    label = cell.group.label.get(language)
    if cell.group.by == "mode":
        label = str(Response.Mode(cell.group.name).label)
    return {
        "label": label,
        "base": "" if cell.base is None else numbers.count(cell.base),
        "hidden": cell.base is None,
        "shares": [percent(share.share, 1) for share in cell.shares],
        "mean": _mean(cell.mean),
    }
