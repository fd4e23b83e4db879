"""From a topline to what its template prints. Computes nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from config import __version__
from config.language.texts import Language, Text
from reports.publishing import numbers, wording
from reports.publishing.charts import bars
from reports.publishing.questionnaire import listed
from reports.statistics.estimates.shares import Mean, Share
from reports.topline.result import By, Cell, QuestionResult, Topline
from reports.topline.snapshot import FEW
from surveys.collection.models.response import Response
from surveys.questionnaires.questionnaire import NOT_SURE, OTHER, from_json

BAR = 170.0  # points
FINDINGS = 5
HEADS = 5  # more answers than this have their heads on end
HAN = re.compile(r"[\u3400-\u9fff]")
DECIMALS = 2  # as the association prints shares

# words with what they mean here
GLOSSARY = (
    (gettext_noop("Base"), gettext_noop("The people that a figure is worked out from.")),
    (gettext_noop("Share"), gettext_noop("How many of 100 of the base gave an answer.")),
    (
        gettext_noop("Interval"),
        gettext_noop(
            "Asked again in the same way, 19 of 20 such intervals would hold the figure of all"
            " people of the same kind."
        ),
    ),
    (
        gettext_noop("Standard deviation"),
        gettext_noop("How far answers typically lie from their mean."),
    ),
    (
        gettext_noop("Not distinguishable"),
        gettext_noop(
            "Where intervals of two companies overlap widely, the answers do not tell them apart."
        ),
    ),
)


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
        "questionnaire": list(listed(from_json(dict(survey.questionnaire)), language)),
        "glossary": [
            *((_(word), _(meaning)) for word, meaning in GLOSSARY),
            (_("Sample"), wording.of_sample(survey.sample)),
        ],
        "imprint": _imprint(result, language),
        "findings": list(_findings(result, language)),
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
    labels = [choice_label(c.name, c.label, language) for c in result.choices]
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
            {**_share(share, label), "label": label, "foreign": _foreign(label, language)}
            for label, share in zip(labels, result.whole.shares, strict=True)
        ],
        "heads": [choice_label(c.name, c.label, language) for c in result.choices]
        if result.whole.mean is None
        else [],
        "turned": len(result.choices) > HEADS,
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


def _foreign(name: str, language: Language) -> bool:
    return language == "en" and HAN.search(name) is not None


def _share(share: Share, label: str) -> dict[str, Any]:
    return {
        "n": numbers.count(share.count),
        "share": percent(share.share),
        "low": percent(share.low, 1),
        "high": percent(share.high, 1),
        "bar": mark_safe(
            bars.bar(share.share, share.low, share.high, width=BAR, title=_spoken(share, label))
        ),
    }


def _spoken(share: Share, label: str) -> str:
    return _("%(name)s: %(score)s, interval %(low)s to %(high)s") % {
        "name": label,
        "score": f"{percent(share.share, 1)} %",
        "low": percent(share.low, 1),
        "high": percent(share.high, 1),
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
    titles: dict[By, str] = {
        "mode": _("By mode"),
        "area": _("By area"),
        "company": _("By company, in order of names"),
    }
    for by, title in titles.items():
        cells = result.by(by)
        if len(cells) > 1:
            yield {
                "title": title,
                # a company stands by its interval or not at all
                "intervals": by == "company",
                "rows": [_row(cell, language) for cell in cells],
            }


def _row(cell: Cell, language: Language) -> dict[str, Any]:
    label = cell.group.label.get(language)
    if cell.group.by == "mode":
        label = str(Response.Mode(cell.group.name).label)
    return {
        "label": label,
        # the base of what is printed: those who gave a number, where it is a mean
        "base": numbers.count(cell.mean.n if cell.mean else cell.base or 0),
        "hidden": cell.base is None,
        "foreign": _foreign(label, language),
        "shares": [
            {
                "share": percent(share.share, 1),
                "interval": f"{percent(share.low, 0)}–{percent(share.high, 0)}",
            }
            for share in cell.shares
        ],
        "mean": _mean(cell.mean),
    }


def _findings(result: Topline, language: Language) -> Iterator[dict[str, Any]]:
    """Yield what most people said to the first questions that were put to everybody."""
    chosen = [r for r in result.results if r.whole.shares and r.asked_of_all] or list(
        result.results
    )
    for found in [r for r in chosen if r.whole.shares][:FINDINGS]:
        labels = [choice_label(c.name, c.label, language) for c in found.choices]
        most, label = max(
            zip(found.whole.shares, labels, strict=True), key=lambda pair: pair[0].share
        )
        words = {
            "question": found.question.label.get(language),
            "answer": label,
            "share": percent(most.share, 1),
            "low": percent(most.low, 1),
            "high": percent(most.high, 1),
        }
        yield {
            "text": _("%(question)s Most often: %(answer)s, %(share)s %% (%(low)s–%(high)s).")
            % words,
            "bar": _share(most, label)["bar"],
        }


def _imprint(result: Topline, language: Language) -> list[tuple[str, str]]:
    manifest, survey = result.manifest, result.manifest.about
    title, data = survey.title.get(language), numbers.short(result.snapshot_hash)
    who = survey.organiser.get(language)
    return [
        (_("Cite as"), f"{who}. {title}. {manifest.last_day}. SHA-256 {data}."),
        (
            _("Version"),
            _("questionnaire %(version)s, data %(data)s; made with Mingcha %(made)s")
            % {"version": survey.version, "data": data, "made": __version__},
        ),
        (_("Published by"), who),
    ]
