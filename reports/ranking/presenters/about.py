"""What stands at the end of a report: index of names, words, citation, version, contact."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from config import __version__
from reports.publishing import numbers
from reports.publishing.charts.tokens import SYMBOL
from reports.publishing.subject import gettext as _
from reports.ranking import wording
from reports.ranking.presenters.rows import Pictures
from reports.ranking.result import Ranking
from surveys.companies.services import sound_of

ON_ONE_PAGE = 20  # fewer companies are found without an index


def index(ranking: Ranking, picture: Pictures, pages: set[str]) -> list[dict[str, Any]]:
    """Return every company with figures, in the order of names: class in words, and where it
    stands. Empty for few companies.
    """
    shown = [(i, c) for i, c in enumerate(ranking.companies) if c.score is not None]
    if len(shown) <= ON_ONE_PAGE:
        return []
    entries = []
    for i, company in shown:
        anchor, name = f"company-{i}", picture.name(company.name)
        entries.append(
            {
                "name": name,
                "other": company.name if name != company.name else "",
                "foreign": picture.foreign(company.name),
                "target": anchor if anchor in pages else f"row-{anchor}",
                "cls": company.cls or "none",
                "symbol": SYMBOL[company.cls] if company.cls else "",
                "label": str(wording.SHORT[company.cls])
                if company.cls
                else wording.of_class(company),
            }
        )
    return sorted(entries, key=lambda entry: (sound_of(entry["name"]), entry["name"]))


def glossary(ranking: Ranking) -> Iterator[tuple[str, str]]:
    """Yield the words of the report that are not everybody's, with what they mean here."""
    level = numbers.percent(ranking.plan.inference.level)
    yield (
        _("Class"),
        _(
            "Whether a company's score is above, below or not distinguishable from the mean of the"
            " other ranked companies."
        ),
    )
    yield (
        _("Interval"),
        _(
            "Asked again in the same way, %(level)s of such intervals would hold the score of all"
            " people of the same kind. %(sample)s"
        )
        % {"level": level, "sample": wording.sample_sentence(ranking.plan)},
    )
    yield (
        _("Possible places"),
        _("The ranks that the answers do not exclude; 1 is best."),
    )
    yield (
        _("Ranked"),
        _("A company that came through every gate of the plan and is compared with the others."),
    )
    yield _("Standard error"), _("How far a score of such a survey typically is from the true one.")
    if ranking.plan.estimates is None:
        yield (
            _("Effective sample size"),
            _(
                "So many independent answers of equal weight would be as sure as those there are;"
                " answers of one place resemble each other and count for less."
            ),
        )
        yield (
            _("Design effect"),
            _(
                "How many times larger the variance is than in a simple random sample of as many"
                " answers."
            ),
        )
        yield (
            _("Degrees of freedom"),
            _("On how many independent places or answers a standard error rests."),
        )
    yield (
        _("p (Holm)"),
        _(
            "How often companies that are all alike would show such a difference by chance, all"
            " comparisons counted together."
        ),
    )
    yield (
        _("Reliability"),
        _("The share of the differences between companies that is not chance, from 0 to 1."),
    )


def imprint(ranking: Ranking, title: str, publisher: str) -> Iterator[tuple[str, str]]:
    """Yield how the report is cited, which version it is and who answers questions."""
    plan = ranking.plan
    who = f"{publisher}. " if publisher else ""
    data = numbers.short(ranking.snapshot_hash)
    yield (
        _("Cite as"),
        f"{who}{title}. {numbers.day(plan.date)}. SHA-256 {data}.",
    )
    yield (
        _("Version"),
        _("%(date)s; plan %(plan)s, data %(data)s; made with Mingcha %(version)s")
        % {
            "date": plan.date.isoformat(),
            "plan": numbers.short(plan.hash),
            "data": data,
            "version": __version__,
        },
    )
    yield _("Published by"), publisher or _("(left blank)")
