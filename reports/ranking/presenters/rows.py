"""Companies as lines of the ranking: words, numbers and pictures on one axis."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.utils.safestring import SafeString, mark_safe

from config.charts.scale import Scale, fit
from reports.publishing import numbers
from reports.publishing.charts import intervals
from reports.publishing.charts.tokens import SYMBOL
from reports.publishing.subject import gettext as _
from reports.ranking import wording
from reports.ranking.presenters import figures
from reports.ranking.result import CompanyResult, Ranking
from reports.statistics.comparing.classes import Class
from reports.statistics.comparing.places import written

STRIP, RANGE = 150.0, 68.0  # widths of the pictures in points
CLASSES: tuple[Class, ...] = ("above", "average", "below")


@dataclass(frozen=True)
class Row:
    """A company as one line of the table."""

    name: str
    anchor: str
    score: str
    low: str
    high: str
    strip: SafeString
    places: str
    bar: SafeString
    n: str
    reason: str = ""
    line: bool = False  # everything above is shown to be better than everything below


@dataclass(frozen=True)
class Band:
    """The companies of one class."""

    symbol: str
    label: str
    cls: str
    count: str
    rows: tuple[Row, ...]


class Pictures:
    """The pictures of all rows, on one axis."""

    def __init__(self, ranking: Ranking) -> None:
        self.ranking = ranking
        ends = [v for c in ranking.companies if c.score is not None for v in (c.ci_low, c.ci_high)]
        self.scale: Scale = fit([v for v in ends if v is not None], left=8.0, right=STRIP - 8.0)
        self.count = len(ranking.ranked)
        self.axis = mark_safe(intervals.axis(self.scale, width=STRIP))
        self.range_axis = mark_safe(intervals.range_axis(self.count, width=RANGE))

    def row(self, company: CompanyResult, index: int) -> Row:
        """Return a company with figures as a line of the table."""
        assert company.score is not None
        return Row(
            name=company.name,
            anchor=f"company-{index}",
            score=self.score(company.score),
            low=self.score(company.ci_low),
            high=self.score(company.ci_high),
            strip=self.strip(company, width=STRIP, scale=self.scale),
            places=figures.places(company),
            bar=self.bar(company, width=RANGE),
            n=figures.answers(company),
            reason=wording.reasons(company.reasons),
        )

    def strip(self, company: CompanyResult, *, width: float, scale: Scale) -> SafeString:
        """Return score and interval; read aloud as one sentence."""
        score, low, high = (self.score(v) for v in (company.score, company.ci_low, company.ci_high))
        title = _("%(name)s: %(score)s, interval %(low)s to %(high)s") % {
            "name": company.name,
            "score": score,
            "low": low,
            "high": high,
        }
        average = self.ranking.average if company.status == "ranked" else None
        return mark_safe(
            intervals.strip(
                scale,
                score=company.score or 0.0,
                low=company.ci_low or 0.0,
                high=company.ci_high or 0.0,
                average=average,
                cls=company.cls,
                width=width,
                title=title,
            )
        )

    def bar(self, company: CompanyResult, *, width: float) -> SafeString:
        """Return the rank range, empty where there is none."""
        if company.rank_low is None or company.rank_high is None:
            return SafeString("")
        title = _("may hold place %(low)s to %(high)s of %(count)s") % {
            "low": company.rank_low,
            "high": company.rank_high,
            "count": self.count,
        }
        bar = intervals.rank_range(
            company.rank_low,
            company.rank_high,
            self.count,
            cls=company.cls,
            width=width,
            title=title,
        )
        return mark_safe(bar)

    def score(self, value: float | None) -> str:
        """Write a score with the plan's decimals."""
        return "" if value is None else written(value, self.ranking.decimals)


def bands(ranking: Ranking, picture: Pictures) -> Iterator[Band]:
    """Yield the classes that have companies. A class may hold a score above that of a better
    class, if less certain.
    """
    shown: set[str] = set()
    in_order = [c.name for c in ranking.ranked]
    cuts = [frozenset(in_order[:i]) for i in ranking.lines]
    alone = [
        picture.row(c, i)
        for i, c in enumerate(ranking.companies)
        if c.status == "ranked" and c.cls is None
    ]
    if alone:
        yield Band(
            "", _("Nobody to be compared with"), "none", numbers.companies(len(alone)), tuple(alone)
        )
    lowest_first = ranking.plan.estimates and ranking.plan.estimates.lower_is_better
    for cls in reversed(CLASSES) if lowest_first else CLASSES:
        rows = []
        for i, company in enumerate(ranking.companies):
            if company.cls == cls:
                shown.add(company.name)
                rows.append(replace(picture.row(company, i), line=shown in cuts))
        if rows:
            yield Band(
                SYMBOL[cls], str(wording.CLASS[cls]), cls, numbers.companies(len(rows)), tuple(rows)
            )
