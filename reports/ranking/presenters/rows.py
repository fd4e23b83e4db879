"""Companies as lines of the ranking: words, numbers and pictures on one axis."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.utils.safestring import SafeString, mark_safe

from config.charts.scale import Scale, fit, label
from config.language.texts import Language
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
HAN = re.compile(r"[\u3400-\u9fff]")
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
    foreign: bool = False  # a Chinese name in an English text
    line: bool = False  # everything above is shown to be better than everything below


@dataclass(frozen=True)
class Band:
    """The companies of one class; ranked: whether they have places."""

    symbol: str
    label: str
    cls: str
    count: str
    rows: tuple[Row, ...]
    ranked: bool = True


class Pictures:
    """The pictures of all rows, on one axis."""

    def __init__(self, ranking: Ranking, language: Language) -> None:
        self.ranking, self.language = ranking, language
        ends = [v for c in ranking.companies if c.score is not None for v in (c.ci_low, c.ci_high)]
        self.scale: Scale = fit([v for v in ends if v is not None], left=8.0, right=STRIP - 8.0)
        self.count = len(ranking.ranked)
        self.axis = mark_safe(
            intervals.axis(self.scale, width=STRIP, title=spoken_axis(self.scale))
        )
        self.range_axis = mark_safe(
            intervals.range_axis(self.count, width=RANGE, title=spoken_places(self.count))
        )

    def row(self, company: CompanyResult, index: int) -> Row:
        """Return a company with figures as a line of the table."""
        assert company.score is not None
        return Row(
            name=self.name(company.name),
            anchor=f"company-{index}",
            score=self.score(company.score),
            low=self.score(company.ci_low),
            high=self.score(company.ci_high),
            strip=self.strip(company, width=STRIP, scale=self.scale),
            places=figures.places(company),
            bar=self.bar(company, width=RANGE),
            n=figures.answers(company),
            reason=wording.reasons(company.reasons),
            foreign=self.foreign(company.name),
        )

    def name(self, name: str) -> str:
        """Return what a company is called in the language of the document."""
        return self.ranking.called(name, self.language)

    def foreign(self, name: str) -> bool:
        """Say whether a name is Chinese in an English text."""
        return self.language == "en" and HAN.search(self.name(name)) is not None

    def strip(self, company: CompanyResult, *, width: float, scale: Scale) -> SafeString:
        """Return score and interval; read aloud as one sentence."""
        score, low, high = (self.score(v) for v in (company.score, company.ci_low, company.ci_high))
        title = _("%(name)s: %(score)s, interval %(low)s to %(high)s") % {
            "name": self.name(company.name),
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


def in_bands(ranking: Ranking) -> Iterator[CompanyResult]:
    """Yield the companies as they are printed: class by class, then those without one."""
    for cls in CLASSES:
        yield from ranking.of_class(cls)
    yield from (company for company in ranking.companies if company.cls is None)


def spoken_axis(scale: Scale) -> str:
    """Return what is read aloud of the axis of a picture."""
    ends = {"low": label(scale.low), "high": label(scale.high)}
    return _("Score and interval, on an axis from %(low)s to %(high)s") % ends


def spoken_places(count: int) -> str:
    """Return what is read aloud of the axis of rank ranges."""
    return _("Possible places, from 1 to %(count)s") % {"count": count}


def bands(ranking: Ranking, picture: Pictures) -> Iterator[Band]:
    """Yield the classes that have companies, then those with a score only. A class may hold a score
    above that of a better class, if less certain.
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
    only = [picture.row(c, i) for i, c in enumerate(ranking.companies) if c.status == "score_only"]
    if only:
        yield Band(
            "",
            _("Score only, without rank and class"),
            "none",
            _("in order of names"),
            tuple(only),
            ranked=False,
        )
