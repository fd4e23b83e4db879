"""From a ranking to all that its templates print. Computes and sorts nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.safestring import mark_safe

from config.charts.scale import fit
from config.language.texts import Language
from reports.publishing import numbers
from reports.publishing.charts import intervals
from reports.publishing.charts.tokens import SYMBOL
from reports.publishing.subject import about, ngettext
from reports.publishing.subject import gettext as _
from reports.ranking import wording
from reports.ranking.presenters import beside, company, method
from reports.ranking.presenters.rows import CLASSES, Pictures, bands
from reports.ranking.result import Ranking

CONTENTS_COMPANIES = 40  # more pages than this are found through the bookmarks


def report(ranking: Ranking, language: Language) -> dict[str, Any]:
    """Return what the templates of the ranking need, in the active language."""
    with about(ranking.plan.subject):
        return _report(ranking, language)


def _report(ranking: Ranking, language: Language) -> dict[str, Any]:
    plan = ranking.plan
    picture = Pictures(ranking)
    pages = [company.page(ranking, c, i, picture, language) for i, c in company.with_pages(ranking)]
    return {
        "language": language,
        "subject": plan.subject,
        "unit": plan.estimates.unit.get(language) if plan.estimates and plan.estimates.unit else "",
        "title": plan.title.get(language),
        "publisher": plan.publisher.get(language) if plan.publisher else "",
        "date": numbers.day(plan.date),
        "demonstration": plan.demonstration,
        "sentence": wording.sample_sentence(plan),
        "subtitle": _subtitle(ranking),
        "counts": _counts(ranking),
        "headline": list(_headline(ranking)),
        "gap": "" if language == "zh-Hans" else " ",  # between sentences
        "bands": list(bands(ranking, picture)),
        "lines": bool(ranking.lines),
        "score_only": [
            picture.row(c, i) for i, c in enumerate(ranking.companies) if c.status == "score_only"
        ],
        "listed": [c.name for c in ranking.companies if c.status == "withheld"],
        "axis": picture.axis,
        "range_axis": picture.range_axis,
        "example": mark_safe(
            intervals.example(fit([50.0, 90.0], left=14.0, right=286.0, ticks=4), width=300.0)
        ),
        "scored": plan.estimates is None,
        "volunteers": plan.sample == "nonprobability",
        "has_n": any(c.n is not None for c in ranking.companies),
        "has_fragile": any(c.fragile is not None for c in ranking.companies),
        "level": numbers.percent(plan.inference.level),
        "tau": plan.inference.tau,
        "joint": plan.inference.family == "simultaneous",
        "pages": pages,
        "linked": {page["row"].anchor for page in pages},
        "pages_in_contents": pages if len(pages) <= CONTENTS_COMPANIES else [],
        "beside": list(beside.sections(ranking, language)),
        "method": list(method.method(ranking, language)),
        "outline": [
            {
                "label": line.label.get(language),
                "depth": line.depth,
                "share": numbers.percent(line.share),
                **method.scale(ranking, line.item),
            }
            for line in plan.outline
        ],
        "disclosure": list(method.disclosure(ranking, language)),
        "rows_read": numbers.count(ranking.manifest.rows_read),
        "rows_in": numbers.count(ranking.manifest.rows_in),
        "rows_out": [
            (wording.out(code, plan, language), numbers.count(count))
            for code, count in ranking.manifest.rows_out.items()
        ],
        "source": ranking.manifest.source,
        "notes": [
            wording.note(n)
            for n in ranking.notes
            if n.code not in ("nonprobability", "demonstration")
        ],
        "hashes": {
            "plan": plan.hash,
            "snapshot": ranking.snapshot_hash,
            "source": ranking.manifest.source_sha256,
        },
        "short_plan": numbers.short(plan.hash),
        "short_snapshot": numbers.short(ranking.snapshot_hash),
    }


def _counts(ranking: Ranking) -> list[dict[str, str]]:
    """Return the figures of the cover: how many companies came out how."""
    figures = [
        (SYMBOL[cls], str(wording.CLASS[cls]), len(ranking.of_class(cls))) for cls in CLASSES
    ]
    only = sum(c.status == "score_only" for c in ranking.companies)
    if only:
        figures.append(("", _("Score only, no rank"), only))
    if ranking.plan.gates.n is not None:
        figures.append(("", _("Too few answers, no figures"), ranking.manifest.withheld))
    return [
        {"symbol": symbol, "label": text, "number": str(number)} for symbol, text, number in figures
    ]


def _subtitle(ranking: Ranking) -> str:
    published = sum(c.score is not None for c in ranking.companies)
    parts = [numbers.companies(published)]
    if ranking.plan.items:
        parts.append(numbers.items(len(ranking.plan.items)))
        parts.append(numbers.respondents(ranking.manifest.rows_in))
    return _(", ").join(parts)


def _headline(ranking: Ranking) -> Iterator[str]:
    """Yield the result in sentences."""
    if len(ranking.ranked) < 2:
        yield _("Fewer than two companies passed the gates, so nothing is compared.")
        return
    above, average, below = (len(ranking.of_class(cls)) for cls in CLASSES)
    yield _(
        "Of %(all)s, %(above)s scored above the average of the others and %(below)s below; for"
        " %(average)s the sample"
        " cannot tell."
    ) % {
        "all": numbers.companies(len(ranking.ranked)),
        "above": above,
        "below": below,
        "average": average,
    }
    first = sum(c.rank_low == 1 for c in ranking.ranked)
    if first > 1:
        yield _("No company is certain to be first: %(count)s may be.") % {"count": first}
    elif first == 1:
        yield _("Only %(name)s may be first.") % {"name": ranking.ranked[0].name}
    tau = ranking.plan.inference.tau
    if tau > 1 and len(ranking.ranked) > tau:
        yield ngettext(
            "%(count)s company may be among the first %(tau)s.",
            "%(count)s companies may be among the first %(tau)s.",
            len(ranking.top),
        ) % {"count": len(ranking.top), "tau": tau}
