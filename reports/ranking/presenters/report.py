"""From a ranking to all that its templates print. Computes and sorts nothing."""

from __future__ import annotations

from typing import Any

from django.utils.safestring import mark_safe

from config.charts.scale import fit
from config.language.texts import Language
from reports.publishing import numbers
from reports.publishing.charts import intervals
from reports.publishing.charts.tokens import SYMBOL
from reports.publishing.questionnaire import listed
from reports.publishing.subject import about as speaking_of
from reports.publishing.subject import gettext as _
from reports.ranking import wording
from reports.ranking.presenters import about, beside, company, method
from reports.ranking.presenters.findings import findings, headline, overview
from reports.ranking.presenters.formulas import formulas
from reports.ranking.presenters.rows import CLASSES, Pictures, bands
from reports.ranking.result import Ranking
from surveys.questionnaires.questionnaire import from_json

# notes that stand elsewhere on the same page
SAID = ("nonprobability", "demonstration", "no_comparison")
CONTENTS_COMPANIES = 40  # more pages than this are found through the bookmarks


def report(ranking: Ranking, language: Language) -> dict[str, Any]:
    """Return what the templates of the ranking need, in the active language."""
    with speaking_of(ranking.plan.subject):
        return _report(ranking, language)


def _report(ranking: Ranking, language: Language) -> dict[str, Any]:
    plan = ranking.plan
    picture = Pictures(ranking, language)
    pages = [company.page(ranking, c, i, picture, language) for i, c in company.with_pages(ranking)]
    asked = ranking.manifest.questionnaire
    linked = {page["row"].anchor for page in pages}
    title = plan.title.get(language)
    publisher = plan.publisher.get(language) if plan.publisher else ""
    return {
        "language": language,
        "subject": plan.subject,
        "unit": plan.estimates.unit.get(language) if plan.estimates and plan.estimates.unit else "",
        "title": title,
        "publisher": publisher,
        "date": numbers.day(plan.date),
        "demonstration": plan.demonstration,
        "sentence": wording.sample_sentence(plan),
        "subtitle": _subtitle(ranking),
        "counts": _counts(ranking),
        "headline": list(headline(ranking, language)),
        "findings": list(findings(ranking, picture)),
        "overview": overview(ranking),
        "gap": "" if language == "zh-Hans" else " ",  # between sentences
        "bands": list(bands(ranking, picture)),
        "lines": bool(ranking.lines),
        "listed": [
            {"name": picture.name(c.name), "foreign": picture.foreign(c.name)}
            for c in ranking.companies
            if c.status == "withheld"
        ],
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
        "linked": linked,
        "index": about.index(ranking, picture, linked),
        "questionnaire": list(listed(from_json(asked), language)) if asked else [],
        "glossary": list(about.glossary(ranking)),
        "imprint": [
            *about.imprint(ranking, title, publisher),
            (_("Contact"), plan.contact.get(language) if plan.contact else _("(left blank)")),
        ],
        "pages_in_contents": pages if len(pages) <= CONTENTS_COMPANIES else [],
        "beside": list(beside.sections(ranking, language)),
        "method": list(method.method(ranking, language)),
        "formulas": list(formulas(ranking)),
        "outline": [
            {
                "label": line.label.get(language),
                "depth": line.depth,
                "share": f"{100 * line.share:.1f} %",
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
        "notes": [wording.note(n) for n in ranking.notes if n.code not in SAID],
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
