"""How the result came about, in words: method, gates, disclosure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from config.charts.scale import label
from config.language.texts import Language
from reports.plans.plan import Dimension, Plan
from reports.publishing import numbers
from reports.publishing.subject import gettext as _
from reports.ranking import wording
from reports.ranking.result import Ranking
from reports.statistics.index.scoring import Branch, Leaf


def method(ranking: Ranking, language: Language) -> Iterator[tuple[str, str]]:
    """Yield the method as term and text; what the plan chose is named."""
    plan, how = ranking.plan, ranking.plan.inference
    if plan.estimates is None:
        yield _("Score"), _score(plan)
        if ranking.example:
            yield _("An example"), worked(ranking, language)
        if plan.coverage:
            yield (
                _("Coverage"),
                _(
                    "A respondent counts who answered items with at least %(share)s of the item"
                    " weight."
                )
                % {"share": numbers.percent(plan.coverage)},
            )
        yield _("Sampling design"), _design(ranking)
    else:
        yield (
            _("Score"),
            _(
                "Values and standard errors are taken from the source as given and treated as"
                " independent."
            ),
        )
    yield _("Gates"), _gates(ranking)
    yield (
        _("Intervals"),
        _(
            "The line of a company is its own %(level)s interval by Student's t, with the degrees"
            " of freedom of its own places or answers; the lines together cover less."
        )
        % {"level": numbers.percent(how.level)},
    )
    yield _("Classes"), _classes(ranking)
    yield _("Rank ranges"), _ranges(ranking)
    if any(company.fragile is not None for company in ranking.companies):
        yield (
            _("What a class hangs on"),
            _(
                "The number of a company's answers that, struck out, give it another class: the"
                " smallest found, the"
                " most influential answers tried first, everything computed anew."
            ),
        )
    if ranking.lines:
        yield (
            _("Clear lines"),
            _(
                "Every company above the line is shown to be better than every company below it"
                " after place: %(places)s."
            )
            % {"places": _(", ").join(map(str, ranking.lines))},
        )
    if ranking.reliability is not None:
        yield (
            _("Reliability"),
            _(
                "%(value)s for the company in the middle: the share of the spread between"
                " companies that is not"
                " sampling noise (0 to 1). It is printed and decides nothing."
            )
            % {"value": f"{ranking.reliability:.2f}"},
        )
    yield (
        _("Order"),
        _(
            "Ranked companies by score, rounded where the standard errors leave no more meaning"
            " (two digits of the middle one), whatever is printed; equal ones share a rank and"
            " stand by name. 1 is best. One company alone has no place."
        ),
    )


def _score(plan: Plan) -> str:
    if _nested(plan):
        return _(
            "Every item is put on a line from 0 (worst) to 100 (best). Dimensions come first: the"
            " score of a dimension is the weighted mean of those of its items that the respondent"
            " answered, the respondent's score the weighted mean of the dimensions that have one; a"
            " company's score is the mean of its respondents. What was not answered or does not"
            " apply counts as nothing, neither 0 nor the middle; its weight goes to the others of"
            " its dimension."
        )
    return _(
        "Every item is put on a line from 0 (worst) to 100 (best). A respondent's score is the"
        " weighted mean of the items answered; a company's score is the mean of its respondents."
        " What was not answered or does not apply counts as nothing, neither 0 nor the middle."
    )


def _nested(plan: Plan) -> bool:
    return plan.tree is not None and any(isinstance(c, Branch) for c in plan.tree.children)


def worked(ranking: Ranking, language: Language) -> str:
    """Work out the score of one respondent of the data, branch by branch."""
    plan = ranking.plan
    assert plan.tree is not None  # validation: ratings have items or a tree
    steps: list[str] = []
    outline = iter(plan.outline)
    score = _work(plan.tree, _("score"), ranking, language, outline, steps)
    return _("One respondent: %(steps)s. That is a score of %(score)s.") % {
        "steps": _("; ").join(steps),
        "score": _number(score),
    }


def _work(
    branch: Branch,
    name: str,
    ranking: Ranking,
    language: Language,
    outline: Iterator[Dimension],
    steps: list[str],
) -> float | None:
    """Return what a branch is worth, None where nothing was answered, and say so in `steps`."""
    terms, above, below = [], 0.0, 0.0
    for child in branch.children:
        called = next(outline).label.get(language)
        if isinstance(child, Leaf):
            item, answer = ranking.plan.items[child.item], ranking.example[child.item]
            worst, best = item.scale
            value = None if answer is None else 100 * (answer - worst) / (best - worst)
            words = {"item": called, "answer": _number(answer), "points": _number(value)}
            steps.append(
                _("%(item)s not answered") % words
                if value is None
                else _("%(item)s %(answer)s → %(points)s") % words
            )
        else:
            value = _work(child, called, ranking, language, outline, steps)
        if value is not None:
            above, below = above + child.weight * value, below + child.weight
            terms.append(f"{label(child.weight)} × {_number(value)}")
    if not below:
        return None
    weights = label(below)
    steps.append(f"{name} = ({' + '.join(terms)}) / {weights} = {_number(above / below)}")
    return above / below


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.4g}"


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
        return _(
            "Rows are taken as independent and of equal weight. Variances by Taylor linearisation."
        )
    return _("%(columns)s. Variances by Taylor linearisation, %(df)s degrees of freedom.") % {
        "columns": _("; ").join(named),
        "df": f"{ranking.design_df:g}" if ranking.design_df is not None else "∞",
    }


def _gates(ranking: Ranking) -> str:
    gates = ranking.plan.gates
    parts = []
    if gates.n is not None:
        parts.append(_("fewer than %(n)s answers: not published") % {"n": gates.n})
        if ranking.plan.estimates is None:
            parts.append(_("an item of a company likewise"))
    if gates.n_eff is not None:
        parts.append(
            _("effective sample below %(n)s: score without rank and class")
            % {"n": f"{gates.n_eff:g}"}
        )
    if gates.half_width is not None:
        text = (
            _("95 %% interval wider than ±%(width)s: score without rank and class")
            if ranking.plan.estimates
            else _(
                "95 %% interval that a company of its size has with the spread of answers inside"
                " all companies, wider than ±%(width)s: score without rank and class"
            )
        )
        parts.append(text % {"width": f"{gates.half_width:g}"})
    open_ = [str(text) for name, text in wording.GATE.items() if getattr(gates, name) is None]
    if open_ and ranking.plan.estimates is None:
        parts.append(_("set open by the plan: %(gates)s") % {"gates": _(", ").join(open_)})
    return (
        numbers.sentence(_("; ").join(parts))
        if parts
        else _("None: a table of estimates is printed as it is.")
    )


def _classes(ranking: Ranking) -> str:
    level = numbers.percent(ranking.plan.inference.level)
    if len(ranking.ranked) == 2:
        text = _(
            "Two companies are one comparison: their difference, two-sided, by Student's t at"
            " %(level)s, with degrees of freedom by Welch and Satterthwaite."
        )
    else:
        text = _(
            "Each company against the plain mean of the other ranked companies, with the full"
            " covariance between companies, two-sided, by Student's t, adjusted by Holm over all"
            " of them at %(level)s. Degrees of freedom by Welch and Satterthwaite, never more than"
            " the company's own."
        )
    parts = [text % {"level": level}]
    if ranking.plan.estimates is None:
        parts.append(
            _(
                "The variance of a company is taken as large as it would be at the mean of the"
                " others: times the larger of x(100 − x) there over x(100 − x) at its own score,"
                " neither below 50, and of the others' mean variance of answers over its own;"
                " never smaller than it is, and unchanged where it is a stand-in already."
            )
            if len(ranking.ranked) > 2
            else _(
                "The variance of a company is taken as large as it would be at the score of the"
                " other: times x(100 − x) there over x(100 − x) at its own score, neither below"
                " 50; never smaller than it is."
            )
        )
    return " ".join(parts)


def _ranges(ranking: Ranking) -> str:
    how = ranking.plan.inference
    if how.family == "simultaneous":
        text = _(
            "Stepwise simultaneous confidence sets for ranks (Mogstad, Romano, Shaikh and Wilhelm"
            " 2024): all ranges hold at once with %(level)s confidence."
        )
    else:
        text = _(
            "Stepwise marginal confidence sets for ranks (Mogstad, Romano, Shaikh and Wilhelm"
            " 2024): the range of one company picked beforehand holds with %(level)s confidence."
        )
    parts = [text % {"level": numbers.percent(how.level)}]
    if ranking.plan.estimates is None:
        parts.append(
            _(
                "Each pair of companies is compared by Student's t with its own degrees of"
                " freedom (Welch and Satterthwaite), each variance as large as it would be at the"
                " score of the other (Classes)."
            )
        )
    parts.append(_critical(ranking))
    return " ".join(parts)


def _critical(ranking: Ranking) -> str:
    """Say where the critical value comes from: draws, or a bound that needs none."""
    if ranking.drawn:
        how = ranking.plan.inference
        return _("Critical values from %(draws)s draws, seed %(seed)s.") % {
            "draws": numbers.count(how.draws),
            "seed": how.seed,
        }
    if len(ranking.ranked) > 2:
        return _(
            "Some pair has fewer than 100 degrees of freedom, so the critical value is Sidak's"
            " bound; nothing is drawn."
        )
    return _("The critical value is exact; nothing is drawn.")


def disclosure(ranking: Ranking, language: Language) -> Iterator[dict[str, Any]]:
    """Yield the 11 items with the plan's words and what is known from the data; blank ones stay
    blank.
    """
    plan = ranking.plan
    known = {
        "precision": _("%(read)s rows read, %(used)s used; figures of each company in the ranking.")
        % {
            "read": numbers.count(ranking.manifest.rows_read),
            "used": numbers.count(ranking.manifest.rows_in),
        },
    }
    if plan.estimates is None:
        known["weighting"] = (
            _("Weights from column %(column)s.") % {"column": plan.design.weight}
            if plan.design.weight
            else _("Not weighted: %(reason)s") % {"reason": plan.design.unweighted.get(language)}
            if plan.design.unweighted
            else _("Not weighted.")
        )
        known["processing"] = _('Rows left out are counted by reason in "Rows in and out".')
    for number, key in enumerate(wording.DISCLOSURE, start=1):
        own = plan.disclosure[key].get(language) if key in plan.disclosure else ""
        yield {
            "number": number,
            "label": str(wording.DISCLOSURE[key]),
            "texts": [t for t in (own, known.get(key, "")) if t],
        }


def scale(ranking: Ranking, item: int | None) -> dict[str, str]:
    if item is None:
        return {"scale": "", "column": ""}
    of = ranking.plan.items[item]
    return {"scale": f"{label(of.scale[0])}–{label(of.scale[1])}", "column": of.column}
