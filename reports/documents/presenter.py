"""From a ranking to finished rows for the templates: words, pictures, formatted numbers. Computes and sorts nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.utils.formats import date_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reports.charts import intervals
from reports.charts.scale import Scale, fit, label
from reports.charts.tokens import SYMBOL
from reports.documents import words
from reports.plans.plan import Language
from reports.ranking import CompanyResult, ItemScore, Ranking
from reports.statistics.classes import Class

STRIP, RANGE, ITEM, WIDE = 150.0, 68.0, 220.0, 480.0  # widths of the pictures in points
CLASSES: tuple[Class, ...] = ("above", "average", "below")
CONTENTS_COMPANIES = 40  # more pages than this are found through the bookmarks


@dataclass(frozen=True)
class Row:
    """A company as one line of the table."""

    name: str
    anchor: str
    score: str
    interval: str
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


def report(ranking: Ranking, language: Language) -> dict[str, Any]:
    """Return what the templates of the ranking need, in the active language."""
    plan = ranking.plan
    picture = _Pictures(ranking)
    pages = [_company_page(ranking, c, i, picture, language) for i, c in _with_pages(ranking)]
    return {
        "language": language,
        "title": plan.title.get(language),
        "publisher": plan.publisher.get(language) if plan.publisher else "",
        "date": date_format(plan.date, "DATE_FORMAT"),
        "demonstration": plan.demonstration,
        "sentence": words.sample_sentence(plan),
        "subtitle": _subtitle(ranking),
        "counts": _counts(ranking),
        "headline": list(_headline(ranking)),
        "gap": "" if language == "zh-Hans" else " ",  # between sentences
        "bands": list(_bands(ranking, picture)),
        "lines": bool(ranking.lines),
        "score_only": [picture.row(c, i) for i, c in enumerate(ranking.companies) if c.status == "score_only"],
        "listed": [c.name for c in ranking.companies if c.status == "withheld"],
        "axis": picture.axis,
        "range_axis": picture.range_axis,
        "example": mark_safe(intervals.example(fit([50.0, 90.0], left=14.0, right=286.0, ticks=4), width=300.0)),
        "scored": plan.estimates is None,
        "has_n": any(c.n is not None for c in ranking.companies),
        "level": _percent(plan.inference.level),
        "tau": plan.inference.tau,
        "joint": plan.inference.family == "simultaneous",
        "pages": pages,
        "pages_in_contents": pages if len(pages) <= CONTENTS_COMPANIES else [],
        "method": list(_method(ranking, language)),
        "outline": [
            {"label": line.label.get(language), "depth": line.depth, "share": _percent(line.share), **_scale(ranking, line.item)}
            for line in plan.outline
        ],
        "disclosure": list(_disclosure(ranking, language)),
        "rows_read": _count(ranking.manifest.rows_read),
        "rows_in": _count(ranking.manifest.rows_in),
        "rows_out": [
            (words.out(code, plan, language), _count(count)) for code, count in ranking.manifest.rows_out.items()
        ],
        "source": ranking.manifest.source,
        "notes": [words.note(n) for n in ranking.notes if n.code not in ("nonprobability", "demonstration")],
        "hashes": {
            "plan": plan.hash,
            "snapshot": ranking.snapshot_hash,
            "source": ranking.manifest.source_sha256,
        },
        "short_plan": _short(plan.hash),
        "short_snapshot": _short(ranking.snapshot_hash),
    }


class _Pictures:
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
        interval = f"{self.score(company.ci_low)}–{self.score(company.ci_high)}"
        return Row(
            name=company.name,
            anchor=f"company-{index}",
            score=self.score(company.score),
            interval=interval,
            strip=self.strip(company, width=STRIP, scale=self.scale),
            places=_places(company),
            bar=self.bar(company, width=RANGE),
            n="" if company.n is None else _count(company.n),
            reason=words.reasons(company.reasons),
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
            company.rank_low, company.rank_high, self.count, cls=company.cls, width=width, title=title
        )
        return mark_safe(bar)

    def score(self, value: float | None) -> str:
        """Write a score with the plan's decimals."""
        return f"{value:.{self.ranking.plan.print.decimals}f}"


def _bands(ranking: Ranking, picture: _Pictures) -> Iterator[Band]:
    """Yield the classes that have companies. A class may hold a score above that of a better class, if less certain."""
    shown: set[str] = set()
    in_order = [c.name for c in ranking.ranked]
    cuts = [frozenset(in_order[:i]) for i in ranking.lines]
    for cls in CLASSES:
        rows = []
        for i, company in enumerate(ranking.companies):
            if company.cls == cls:
                shown.add(company.name)
                rows.append(replace(picture.row(company, i), line=shown in cuts))
        if rows:
            yield Band(SYMBOL[cls], str(words.CLASS[cls]), cls, _companies(len(rows)), tuple(rows))


def _counts(ranking: Ranking) -> list[dict[str, str]]:
    """Return the figures of the cover: how many companies came out how."""
    figures = [(SYMBOL[cls], str(words.CLASS[cls]), len(ranking.of_class(cls))) for cls in CLASSES]
    only = sum(c.status == "score_only" for c in ranking.companies)
    if only:
        figures.append(("", _("Score only, no rank"), only))
    figures.append(("", _("Too few answers, not published"), ranking.manifest.withheld))
    return [{"symbol": symbol, "label": text, "number": str(number)} for symbol, text, number in figures]


def _subtitle(ranking: Ranking) -> str:
    published = sum(c.score is not None for c in ranking.companies)
    parts = [_companies(published)]
    if ranking.plan.items:
        parts.append(_items(len(ranking.plan.items)))
        parts.append(_answers(ranking.manifest.rows_in))
    return _(", ").join(parts)


def _headline(ranking: Ranking) -> Iterator[str]:
    """Yield the result in sentences."""
    if len(ranking.ranked) < 2:
        yield _("Fewer than two companies passed the gates, so nothing is compared.")
        return
    above, average, below = (len(ranking.of_class(cls)) for cls in CLASSES)
    yield _(
        "Of %(all)s, %(above)s scored above the average of the others and %(below)s below; for %(average)s the sample"
        " cannot tell."
    ) % {"all": _companies(len(ranking.ranked)), "above": above, "below": below, "average": average}
    first = sum(c.rank_low == 1 for c in ranking.ranked)
    if first > 1:
        yield _("No company is certain to be first: %(count)s may be.") % {"count": first}
    elif first == 1:
        yield _("%(name)s is first.") % {"name": ranking.ranked[0].name}
    tau = ranking.plan.inference.tau
    if tau > 1 and len(ranking.ranked) > tau:
        yield ngettext(
            "%(count)s company may be among the first %(tau)s.",
            "%(count)s companies may be among the first %(tau)s.",
            len(ranking.top),
        ) % {"count": len(ranking.top), "tau": tau}


# --- company pages --------------------------------------------------------------------------------------------


def _with_pages(ranking: Ranking) -> list[tuple[int, CompanyResult]]:
    chosen = {"none": (), "extremes": ("above", "below"), "all": ("above", "average", "below", None)}
    classes = chosen[ranking.plan.print.pages]
    return [(i, c) for i, c in enumerate(ranking.companies) if c.score is not None and c.cls in classes]


def _company_page(
    ranking: Ranking, company: CompanyResult, index: int, picture: _Pictures, language: Language
) -> dict[str, Any]:
    row = picture.row(company, index)
    wide = Scale(picture.scale.low, picture.scale.high, 10.0, WIDE - 10.0, picture.scale.ticks)
    scores = {item.item: item for item in company.items if item}
    lines = [(i, item, scores[i]) for i, item in enumerate(ranking.plan.items) if i in scores]
    axis = fit(
        [v for _i, _item, s in lines for v in (s.ci_low, s.ci_high)] + [a for a in ranking.item_averages if a is not None],
        left=8.0,
        right=ITEM - 8.0,
        ticks=5,
    )
    return {
        "row": row,
        "symbol": SYMBOL[company.cls] if company.cls else "",
        "cls": company.cls or "none",
        "label": str(words.CLASS[company.cls]) if company.cls else words.STATUS[company.status],
        "sentences": list(_about(ranking, company, row)),
        "axis": mark_safe(intervals.axis(wide, width=WIDE)),
        "strip": picture.strip(company, width=WIDE, scale=wide),
        "bar": picture.bar(company, width=WIDE),
        "range_axis": mark_safe(intervals.range_axis(picture.count, width=WIDE)),
        "item_axis": mark_safe(intervals.axis(axis, width=ITEM)),
        "items": [
            {
                "label": item.label.get(language),
                "n": _count(s.n),
                "score": picture.score(s.score),
                "strip": _item_strip(ranking, company, s, axis),
            }
            for i, item, s in lines
        ],
        "figures": list(_figures(company, picture)),
    }


def _item_strip(ranking: Ranking, company: CompanyResult, score: ItemScore, axis: Scale) -> SafeString:
    strip = intervals.strip(
        axis,
        score=score.score,
        low=score.ci_low,
        high=score.ci_high,
        average=ranking.item_averages[score.item],
        cls=None,
        width=ITEM,
        title=None,
    )
    return mark_safe(strip)


def _about(ranking: Ranking, company: CompanyResult, row: Row) -> Iterator[str]:
    level = _percent(ranking.plan.inference.level)
    yield _("The score is %(score)s; its %(level)s interval runs from %(low)s to %(high)s.") % {
        "score": row.score,
        "level": level,
        "low": row.interval.split("–")[0],
        "high": row.interval.split("–")[1],
    }
    if company.rank_low is not None:
        yield _("Among %(count)s it may hold place %(places)s.") % {
            "count": _companies(len(ranking.ranked)),
            "places": row.places,
        }
    if row.reason:
        yield _("It has no rank and no class: %(reason)s.") % {"reason": row.reason}


def _figures(company: CompanyResult, picture: _Pictures) -> Iterator[tuple[str, str]]:
    if company.n is not None:
        yield _("Answers (n)"), _count(company.n)
    if company.n_eff is not None and company.deff is not None:
        yield _("Effective sample size"), f"{company.n_eff:,.0f}"
        yield _("Design effect"), f"{company.deff:.2f}"
    yield _("Standard error"), f"{company.se:.2f}"
    if company.p_adjusted is not None:
        yield _("p (Holm)"), _p(company.p_adjusted)
    if company.reliability is not None:
        yield _("Reliability"), f"{company.reliability:.2f}"


# --- method and disclosure ------------------------------------------------------------------------------------


def _method(ranking: Ranking, language: Language) -> Iterator[tuple[str, str]]:
    """Yield the method as term and text; what the plan chose is named."""
    plan, how = ranking.plan, ranking.plan.inference
    if plan.estimates is None:
        yield _("Score"), _(
            "Every item is put on a line from 0 (worst) to 100 (best). A respondent's score is the weighted mean of the"
            " items answered; a company's score is the mean of its respondents. What was not answered or does not apply"
            " counts as nothing, neither 0 nor the middle."
        )
        if plan.coverage:
            yield _("Coverage"), _(
                "A respondent counts who answered items with at least %(share)s of the item weight."
            ) % {"share": _percent(plan.coverage)}
        yield _("Sampling design"), _design(ranking)
    else:
        yield _("Score"), _("Values and standard errors are taken from the source as given and treated as independent.")
    yield _("Gates"), _gates(ranking)
    yield _("Intervals"), _(
        "The line of a company is its own %(level)s interval by Student's t; the lines together cover less."
    ) % {"level": _percent(how.level)}
    yield _("Classes"), _(
        "Each company against the plain mean of the other ranked companies, with the full covariance between companies,"
        " two-sided, adjusted by Holm over all of them at %(level)s."
    ) % {"level": _percent(how.level)}
    yield _("Rank ranges"), _ranges(ranking)
    if ranking.lines:
        yield _("Clear lines"), _(
            "Every company above the line is shown to be better than every company below it after place: %(places)s."
        ) % {"places": _(", ").join(map(str, ranking.lines))}
    if ranking.reliability is not None:
        yield _("Reliability"), _(
            "%(value)s for the company in the middle: the share of the spread between companies that is not sampling"
            " noise (0 to 1). It is printed and decides nothing."
        ) % {"value": f"{ranking.reliability:.2f}"}
    yield _("Order"), _(
        "Ranked companies by their printed score; equal scores share a rank and stand by name. 1 is best."
    )


def _design(ranking: Ranking) -> str:
    design = ranking.plan.design
    known = [
        (_("strata: %(column)s"), design.strata),
        (_("primary sampling units: %(column)s"), design.psu),
        (_("weights: %(column)s"), design.weight),
        (_("population sizes: %(column)s"), design.population),
    ]
    named = [text % {"column": column} for text, column in known if column]
    if not named:
        return _("Rows are taken as independent and of equal weight. Variances by Taylor linearisation.")
    return _("%(columns)s. Variances by Taylor linearisation, %(df)s degrees of freedom.") % {
        "columns": _("; ").join(named),
        "df": f"{ranking.design_df:g}" if ranking.design_df is not None else "∞",
    }


def _gates(ranking: Ranking) -> str:
    gates = ranking.plan.gates
    parts = []
    if gates.n is not None:
        parts.append(_("fewer than %(n)s answers: not published") % {"n": gates.n})
    if gates.n_eff is not None:
        parts.append(_("effective sample below %(n)s: score without rank and class") % {"n": f"{gates.n_eff:g}"})
    if gates.half_width is not None:
        text = _("95 %% interval wider than ±%(width)s: score without rank and class")
        parts.append(text % {"width": f"{gates.half_width:g}"})
    open_ = [str(text) for name, text in words.GATE.items() if getattr(gates, name) is None]
    if open_ and ranking.plan.estimates is None:
        parts.append(_("set open by the plan: %(gates)s") % {"gates": _(", ").join(open_)})
    return _sentence(_("; ").join(parts)) if parts else _("None: a table of estimates is printed as it is.")


def _ranges(ranking: Ranking) -> str:
    how = ranking.plan.inference
    if how.family == "simultaneous":
        text = _(
            "Stepwise simultaneous confidence sets for ranks (Mogstad, Romano, Shaikh and Wilhelm 2024): all ranges hold at"
            " once with %(level)s confidence. %(draws)s draws, seed %(seed)s."
        )
    else:
        text = _(
            "Stepwise marginal confidence sets for ranks (Mogstad, Romano, Shaikh and Wilhelm 2024): the range of one"
            " company picked beforehand holds with %(level)s confidence. %(draws)s draws, seed %(seed)s."
        )
    return text % {"level": _percent(how.level), "draws": _count(how.draws), "seed": how.seed}


def _disclosure(ranking: Ranking, language: Language) -> Iterator[dict[str, Any]]:
    """Yield the 11 items with the plan's words and what is known from the data; blank ones stay blank."""
    plan = ranking.plan
    known = {
        "precision": _("%(read)s rows read, %(used)s used; figures of each company in the ranking.")
        % {"read": _count(ranking.manifest.rows_read), "used": _count(ranking.manifest.rows_in)},
    }
    if plan.estimates is None:
        known["weighting"] = (
            _("Weights from column %(column)s.") % {"column": plan.design.weight}
            if plan.design.weight
            else _("Not weighted.")
        )
        known["processing"] = _('Rows left out are counted by reason in "Rows in and out".')
    for number, key in enumerate(words.DISCLOSURE, start=1):
        own = plan.disclosure[key].get(language) if key in plan.disclosure else ""
        yield {"number": number, "label": str(words.DISCLOSURE[key]), "texts": [t for t in (own, known.get(key, "")) if t]}


def _scale(ranking: Ranking, item: int | None) -> dict[str, str]:
    if item is None:
        return {"scale": "", "column": ""}
    of = ranking.plan.items[item]
    return {"scale": f"{label(of.scale[0])}–{label(of.scale[1])}", "column": of.column}


# --- small words ----------------------------------------------------------------------------------------------


def _companies(n: int) -> str:
    return ngettext("%(n)s company", "%(n)s companies", n) % {"n": _count(n)}


def _items(n: int) -> str:
    return ngettext("%(n)s item", "%(n)s items", n) % {"n": _count(n)}


def _answers(n: int) -> str:
    return ngettext("%(n)s respondent", "%(n)s respondents", n) % {"n": _count(n)}


def _places(company: CompanyResult) -> str:
    if company.rank_low is None:
        return ""
    return f"{company.rank_low}" if company.rank_low == company.rank_high else f"{company.rank_low}–{company.rank_high}"


def _count(n: int) -> str:
    return f"{n:,}"


def _percent(share: float) -> str:
    return f"{100 * share:.4g} %"


def _p(p: float) -> str:
    return "< 0.001" if p < 0.001 else f"{p:.3f}"


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + _(".")


def _short(digest: str) -> str:
    return f"{digest[:4]}…{digest[-4:]}"
