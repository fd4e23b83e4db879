"""The page of one company."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from config.charts.scale import Scale, fit
from config.language.texts import Language
from reports.publishing import numbers
from reports.publishing.charts import intervals
from reports.publishing.charts.tokens import SYMBOL
from reports.publishing.subject import gettext as _
from reports.publishing.subject import ngettext
from reports.ranking import wording
from reports.ranking.estimation import ItemScore
from reports.ranking.presenters.rows import Pictures, Row, spoken_axis, spoken_places
from reports.ranking.result import CompanyResult, Ranking
from reports.statistics.comparing.places import written

ITEM, WIDE = 220.0, 480.0  # widths of the pictures in points


def with_pages(ranking: Ranking) -> list[tuple[int, CompanyResult]]:
    """Return the companies that the plan asks a page for, with their place in print order."""
    chosen = {
        "none": (),
        "extremes": ("above", "below"),
        "all": ("above", "average", "below", None),
    }
    classes = chosen[ranking.plan.print.pages]
    return [
        (i, c) for i, c in enumerate(ranking.companies) if c.score is not None and c.cls in classes
    ]


def page(
    ranking: Ranking, company: CompanyResult, index: int, picture: Pictures, language: Language
) -> dict[str, Any]:
    """Return what the page of a company prints."""
    row = picture.row(company, index)
    wide = Scale(picture.scale.low, picture.scale.high, 10.0, WIDE - 10.0, picture.scale.ticks)
    scores = {item.item: item for item in company.items if item}
    lines = [(i, item, scores[i]) for i, item in enumerate(ranking.plan.items) if i in scores]
    axis = _item_axis(ranking)
    return {
        "row": row,
        "other": company.name if row.name != company.name else "",
        "symbol": SYMBOL[company.cls] if company.cls else "",
        "cls": company.cls or "none",
        "label": str(wording.CLASS[company.cls]) if company.cls else wording.STATUS[company.status],
        "sentences": list(_about(ranking, company, row)),
        "axis": mark_safe(intervals.axis(wide, width=WIDE, title=spoken_axis(wide))),
        "strip": picture.strip(company, width=WIDE, scale=wide),
        "bar": picture.bar(company, width=WIDE),
        "range_axis": mark_safe(
            intervals.range_axis(picture.count, width=WIDE, title=spoken_places(picture.count))
        ),
        "item_axis": mark_safe(intervals.axis(axis, width=ITEM, title=spoken_axis(axis))),
        "items": [
            {
                "label": item.label.get(language),
                "n": numbers.count(s.n),
                "score": picture.score(s.score),
                "strip": _item_strip(ranking, item.label.get(language), s, axis),
            }
            for i, item, s in lines
        ],
        "figures": list(_figures(company, picture)),
    }


def _item_axis(ranking: Ranking) -> Scale:
    """Return the axis of items, one for all companies: what looks the same is the same."""
    ends = [v for c in ranking.companies for s in c.items for v in (s.ci_low, s.ci_high)]
    means = [average for average in ranking.item_averages if average is not None]
    return fit([*ends, *means], left=8.0, right=ITEM - 8.0, ticks=5)


def _item_strip(ranking: Ranking, label: str, score: ItemScore, axis: Scale) -> SafeString:
    title = _("%(name)s: %(score)s, interval %(low)s to %(high)s") % {
        "name": label,
        "score": written(score.score, ranking.decimals),
        "low": written(score.ci_low, ranking.decimals),
        "high": written(score.ci_high, ranking.decimals),
    }
    strip = intervals.strip(
        axis,
        score=score.score,
        low=score.ci_low,
        high=score.ci_high,
        average=ranking.item_averages[score.item],
        cls=None,
        width=ITEM,
        title=title,
    )
    return mark_safe(strip)


def _about(ranking: Ranking, company: CompanyResult, row: Row) -> Iterator[str]:
    level = numbers.percent(ranking.plan.inference.level)
    yield _("The score is %(score)s; its %(level)s interval runs from %(low)s to %(high)s.") % {
        "score": row.score,
        "level": level,
        "low": row.low,
        "high": row.high,
    }
    if company.rank_low is not None:
        yield _("Among %(count)s it may hold place %(places)s.") % {
            "count": numbers.companies(len(ranking.ranked)),
            "places": row.places,
        }
    if company.fragile is not None and company.n is not None:
        yield ngettext(
            "Without a single one of its %(n)s answers, the most influential, its class would be"
            " another.",
            "Without %(least)s of its %(n)s answers, the most influential ones, its class would be"
            " another.",
            company.fragile,
        ) % {"least": numbers.count(company.fragile), "n": numbers.count(company.n)}
    if row.reason:
        yield _("It has no rank and no class: %(reason)s.") % {"reason": row.reason}


def _figures(company: CompanyResult, picture: Pictures) -> Iterator[tuple[str, str]]:
    if company.n is not None:
        yield _("Answers (n)"), numbers.count(company.n)
    if company.n_eff is not None and company.deff is not None:
        yield _("Effective sample size"), f"{company.n_eff:,.0f}"
        yield _("Design effect"), f"{company.deff:.2f}"
    yield _("Standard error"), f"{company.se:.2f}"
    if company.df is not None:
        yield _("Degrees of freedom"), f"{company.df:.4g}"
    if company.p_adjusted is not None:
        yield _("p (Holm)"), numbers.p_value(company.p_adjusted)
    if company.reliability is not None:
        yield _("Reliability"), f"{company.reliability:.2f}"
