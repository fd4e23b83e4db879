"""What stands beside the ranking, as sections of sentences and tables: for the report, the page and
the workbook alike.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from config.language.texts import Language
from reports.publishing import numbers
from reports.publishing.subject import gettext as _
from reports.publishing.subject import gettext_lazy, ngettext
from reports.ranking import wording
from reports.ranking.beside import (
    AdjusterTested,
    ComparedWithEarlier,
    DriversFound,
    PartBelonging,
    ScoresAdjusted,
    VariantTried,
    WeightsRaked,
)
from reports.ranking.result import Ranking
from reports.statistics.comparing.places import written

Cell = str | float | int | None

DIRECTION = {
    "better": gettext_lazy("better"),
    "unchanged": gettext_lazy("no change shown"),
    "worse": gettext_lazy("worse"),
}
QUADRANT = {
    "keep_up": gettext_lazy("important and good: keep it up"),
    "concentrate_here": gettext_lazy("important and poor: begin here"),
    "low_priority": gettext_lazy("less important, poor"),
    "possible_overkill": gettext_lazy("less important, good"),
}


@dataclass(frozen=True)
class Column:
    """A column of a table; decimals: of its numbers, None for words."""

    heading: str
    decimals: int | None = None


@dataclass(frozen=True)
class Grid:
    """A table: cells as they are, and `printed`."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]

    @property
    def printed(self) -> list[list[tuple[str, bool]]]:
        """The cells as they are printed, each with whether it is a number."""
        return [
            [
                (_printed(cell, column), column.decimals is not None)
                for cell, column in zip(row, self.columns, strict=True)
            ]
            for row in self.rows
        ]


@dataclass(frozen=True)
class Section:
    """A part of the report that the plan asked for."""

    anchor: str
    title: str
    sentences: tuple[str, ...]
    grids: tuple[Grid, ...]


def sections(ranking: Ranking, language: Language) -> Iterator[Section]:
    """Yield the sections that the plan asked for, in the active language."""
    beside, decimals = ranking.beside, ranking.decimals
    if beside.change:
        yield _change(beside.change, ranking, language)
    if beside.adjusted:
        yield _adjusted(beside.adjusted, decimals)
    if beside.drivers:
        yield _drivers(beside.drivers, decimals, language)
    if beside.sensitivity is not None:
        yield _sensitivity(beside.sensitivity, len(ranking.ranked), language)
    if beside.consistency is not None:
        yield _consistency(beside.consistency, decimals, language)
    if beside.weights:
        yield _weights(beside.weights)


def _weights(found: WeightsRaked) -> Section:
    sentences = (
        _(
            "Weights are raked to these shares of the population: margin after margin, the weights"
            " of every category are multiplied until all shares hold. Everybody in the sample"
            " stands for the population, also those whose company is not ranked."
        ),
        _(
            "The largest relative error left is %(error).1e. The factors lie between %(least).3f"
            " and %(greatest).3f times their mean; unequal weights cost a factor of %(kish).3f in"
            " the number of answers (Kish)."
        )
        % vars(found),
        _(
            "Standard errors: of the deviations from a company's mean, divided by the sum of its"
            " raked weights, what the categories of the margins explain is taken away (regression"
            " under the weights before raking); what is left, times the raked weight, is summed by"
            " sampled unit (Deville and Särndal 1992)."
        ),
    )
    columns = (
        Column(_("Category")),
        Column(_("Population, %"), 2),
        Column(_("Before, %"), 2),
        Column(_("After, %"), 2),
    )
    grids = (
        Grid(
            margin.column,
            columns,
            tuple(
                (c.name, 100 * c.target, 100 * c.before, 100 * c.after) for c in margin.categories
            ),
        )
        for margin in found.margins
    )
    return Section("weights", _("Weights"), sentences, tuple(grids))


def _adjusted(found: ScoresAdjusted, decimals: int) -> Section:
    moved = sum(company.cls != company.adjusted_cls for company in found.companies)
    sentences = [
        _(
            "What a score would be if every company had been rated by the mix of all respondents"
            " of the ranked companies (%(rows)s of them): weighted least squares with a level for"
            " every company and an effect for every category, standard errors by Taylor"
            " linearisation over the sampling design. Ranks and classes of this report are those"
            " of the unadjusted scores."
        )
        % {"rows": numbers.count(found.rows)},
        *map(_test, found.adjusters),
        ngettext(
            "%(count)s company has another class after adjusting.",
            "%(count)s companies have another class after adjusting.",
            moved,
        )
        % {"count": moved},
    ]
    effects = Grid(
        _("Effect of a category on the score of one company"),
        (
            Column(_("Column")),
            Column(_("Category")),
            Column(_("Compared with")),
            Column(_("Points"), decimals + 1),
            Column(_("Standard error"), decimals + 1),
        ),
        tuple(
            (adjuster.column, e.category, e.reference, e.points, e.se)
            for adjuster in found.adjusters
            for e in adjuster.effects
        ),
    )
    companies = Grid(
        _("Unadjusted and adjusted"),
        (
            Column(_("Company")),
            Column(_("Score"), decimals),
            Column(_("Adjusted"), decimals),
            Column(_("Difference"), decimals),
            Column(_("Standard error"), decimals + 1),
            Column(_("Rank"), 0),
            Column(_("Rank, adjusted"), 0),
            Column(_("Class, adjusted")),
        ),
        tuple(
            (
                *(c.name, c.score, c.adjusted, c.shift, c.se, c.rank, c.adjusted_rank),
                str(wording.CLASS[c.adjusted_cls]) if c.adjusted_cls else "",
            )
            for c in found.companies
        ),
    )
    return Section("adjusted", _("Adjusted scores"), tuple(sentences), (effects, companies))


def _test(adjuster: AdjusterTested) -> str:
    if adjuster.p is None:
        return _("%(column)s: too few sampled places to test its effect.") % vars(adjuster)
    figures = _("F(%(df1)d, %(df2)g) = %(f).2f, p %(p)s") % {
        **vars(adjuster),
        "p": _p(adjuster.p),
    }
    text = (
        _("%(column)s has an effect on the score: %(figures)s (Wald).")
        if adjuster.p <= 0.05
        else _("No effect of %(column)s on the score is shown: %(figures)s (Wald).")
    )
    return text % {"column": adjuster.column, "figures": figures}


def _change(found: ComparedWithEarlier, ranking: Ranking, language: Language) -> Section:
    decimals, level = ranking.decimals, numbers.percent(ranking.plan.inference.level)
    sentences = [
        _(
            'Compared with "%(title)s" (ranking.json, SHA-256 %(digest)s). Both are taken as'
            " independent samples; where the same places were asked again, the intervals are"
            " rather too wide. Student's t with degrees of freedom by Welch and Satterthwaite,"
            " adjusted by Holm over these companies at %(level)s; an interval is that of its"
            " company alone."
        )
        % {
            "title": found.title.get(language),
            "digest": numbers.short(found.sha256),
            "level": level,
        }
    ]
    if not found.same_index:
        sentences.append(
            _("Items, scales or weights are not those of then: a change may come from that.")
        )
    columns = (
        Column(_("Company")),
        Column(_("Then"), decimals),
        Column(_("Now"), decimals),
        Column(_("Change"), decimals),
        Column(_("Interval from"), decimals),
        Column(_("Interval to"), decimals),
        Column(_("p (Holm)"), 3),
        Column(_("Shown")),
    )
    rows = (
        (
            *(c.name, c.before, c.now, c.difference, c.ci_low, c.ci_high, c.p_adjusted),
            str(DIRECTION[c.direction]),
        )
        for c in found.companies
    )
    grid = Grid("", columns, tuple(rows))
    return Section("change", _("Change"), tuple(sentences), (grid,))


def _consistency(found: tuple[PartBelonging, ...], decimals: int, language: Language) -> Section:
    columns = (
        Column(_("Item")),
        Column(_("Answers (n)"), 0),
        Column(_("Mean"), decimals),
        Column(_("Item and rest"), 2),
        Column(_("Alpha without it"), 2),
    )
    grids = (
        Grid(
            _("%(part)s: alpha %(alpha)s")
            % {
                "part": part.label.get(language) if part.label else _("All items"),
                "alpha": "–" if part.alpha is None else f"{part.alpha:.2f}",
            },
            columns,
            tuple(
                (i.label.get(language), i.rows, i.mean, i.item_rest, i.alpha_without)
                for i in part.items
            ),
        )
        for part in found
    )
    sentence = _(
        "Cronbach's alpha says how far items go together, from 0 to 1; it grows with their number"
        ' and does not show that they measure one thing. "Item and rest" is the correlation of an'
        " item with the sum of the others; an item near 0 measures something else. Covariances are"
        " weighted, of pairs of items that were both answered."
    )
    return Section("consistency", _("Do the items belong together"), (sentence,), tuple(grids))


def _sensitivity(found: tuple[VariantTried, ...], ranked: int, language: Language) -> Section:
    sentences = [
        _(
            "The same answers under another index: what hangs on choices of the plan, not on"
            " chance. Scores, standard errors and classes are computed anew for each."
        )
    ]
    if not any(variant.moved for variant in found):
        sentences.append(_("No company has another class in any of them."))
    columns = (
        Column(_("Variant")),
        Column(_("Other classes"), 0),
        Column(_("Most places moved"), 0),
        Column(_("Whose class is another")),
    )
    rows = (
        (
            _("without: %(part)s") % {"part": variant.without.get(language)}
            if variant.without
            else _("all items alike"),
            len(variant.moved),
            variant.most_places,
            _("; ").join(
                _("%(name)s (then: %(cls)s)")
                % {"name": moved.name, "cls": wording.CLASS[moved.other]}
                for moved in variant.moved
            ),
        )
        for variant in found
    )
    caption = _("Of %(companies)s") % {"companies": numbers.companies(ranked)}
    grid = Grid(caption, columns, tuple(rows))
    return Section("sensitivity", _("What the classes hang on"), tuple(sentences), (grid,))


def _drivers(found: DriversFound, decimals: int, language: Language) -> Section:
    sentences = (
        _(
            'How much each item explains of "%(overall)s" (%(rows)s respondents who answered'
            " everything): its part of R² = %(r2).2f, averaged over all orders in which items may"
            " enter a regression (Lindeman, Merenda and Gold 1980). It is association, not cause,"
            " and no weight of the index comes from it."
        )
        % {
            "overall": found.overall.get(language),
            "rows": numbers.count(found.rows),
            "r2": found.r2,
        },
        _("Important is what explains at least the mean of all items, good what is rated so."),
    )
    columns = (
        Column(_("Item")),
        Column(_("Part of R²"), 3),
        Column(_("Mean"), decimals),
        Column(_("Field")),
    )
    rows = (
        (i.label.get(language), i.importance, i.performance, str(QUADRANT[i.quadrant]))
        for i in sorted(found.items, key=lambda item: -item.importance)
    )
    grid = Grid("", columns, tuple(rows))
    return Section("drivers", _("Importance and performance"), sentences, (grid,))


def _p(p: float) -> str:
    return numbers.p_value(p) if p < 0.001 else f"= {p:.3f}"


def _printed(cell: Cell, column: Column) -> str:
    if cell is None:
        return "–"
    if column.decimals is None or isinstance(cell, str):
        return str(cell)
    if column.decimals == 0:
        return numbers.count(int(cell))
    least = 10.0**-column.decimals
    if column.decimals > 2 and 0 < cell < least:  # a p-value is never 0
        return f"< {least:.{column.decimals}f}"
    return written(cell, column.decimals)
