"""The method to the last digit: what somebody needs who works the printed numbers out again with
nothing but plan.yaml, ranking.json and snapshot.parquet. `tests/recomputation.py` is written from
these words alone.
"""

from __future__ import annotations

from collections.abc import Iterator

from reports.publishing import numbers
from reports.publishing.subject import gettext as _
from reports.ranking.result import Ranking


def formulas(ranking: Ranking) -> Iterator[tuple[str, str]]:
    """Yield term and formula, in the active language; only what was used."""
    if ranking.plan.estimates is None:
        yield from _of_ratings(ranking)
    else:
        yield (
            _("Estimates"),
            _(
                "m and V of a company: the value and the square of the standard error in"
                " snapshot.parquet; no covariances; infinitely many degrees of freedom, so that t"
                " is the normal distribution."
            ),
        )
    yield (
        _("Interval"),
        _("m ± t √V with t the %(level)s two-sided point of Student's t at df.")
        % {"level": numbers.percent(ranking.plan.inference.level)}
        + (" " + _("It ends at 0 and 100.") if ranking.plan.estimates is None else ""),
    )
    if len(ranking.ranked) > 1:
        yield from _of_comparison(ranking)


def _of_ratings(ranking: Ranking) -> Iterator[tuple[str, str]]:
    yield (
        _("Rows and units"),
        _(
            "Every row of snapshot.parquet is a sampled row, unless its stratum or psu is -1; where"
            " out is empty it belongs to its company. A unit is a row, or a psu inside a stratum"
            " where there is one. n_h: sampled units of stratum h (one stratum where there is"
            " none); f_h = n_h / population, 0 without it; a_h = (1 - f_h) n_h / (n_h - 1)."
        ),
    )
    yield (
        _("Mean and covariance"),
        _(
            "y: score of a row, w: its weight. m = Σwy / Σw over the rows of the company. z of a"
            " unit = Σw(y - m) / Σw, the upper sum over the company's rows in the unit. Cov(A, B) ="
            " Σ_h a_h Σ (z_A - mean z_A)(z_B - mean z_B) over all n_h units of h, 0 for units"
            " without the company. For an item y is its points."
        )
        + _lonely(ranking),
    )
    yield (
        _("Small samples"),
        _(
            "u_h: units of stratum h with a row of the company, u their sum. k = Σ (1 - f_h) u_h /"
            " Σ a_h [u_h (1 - 1/u) - u_h (1 - u_h/u) / n_h], at least 1. Cov(A, B) is multiplied by"
            " √k_A √k_B, V by k."
        ),
    )
    yield (
        _("Spread and effective sample"),
        _(
            "s² = Σw(y - m)² / Σw; Kish = n Σw² / (Σw)²; design effect = V before k, over (s²/n) N"
            " / (N - 1), N all sampled rows; Kish where s² is 0. Effective sample: the least of n,"
            " n over the design effect and n / Kish."
        ),
    )
    if any(company.floored for company in ranking.companies):
        yield (
            _("Stand-in"),
            _(
                "Where s² is 0 or the company has a single unit, V = Kish/n times the larger of:"
                " the mean s² of the other companies, weighted by n; and (n(s² + m²) + 5000)/(n +"
                " 1) - ((nm + 50)/(n + 1))². Its covariances are 0, its design effect is Kish."
            ),
        )
    yield (
        _("Degrees of freedom"),
        _(
            "df: units with a row of the company less the strata they lie in, at least 1. df of the"
            " design: Σ (n_h - 1)."
        ),
    )
    if ranking.plan.gates.half_width is not None:
        yield (
            _("Width for the gate"),
            _(
                "t √(S² / effective sample), t the two-sided 95 % point at df, S² the mean of s²"
                " over all companies with figures, weighted by n."
            ),
        )


def _lonely(ranking: Ranking) -> str:
    match ranking.plan.design.lonely_psu:
        case "adjust":
            return " " + _(
                "A stratum of one unit adds (1 - f_h)(z_A - c_A)(z_B - c_B), c the mean of z over"
                " all units of all strata."
            )
        case "average":
            return " " + _(
                "Strata of one unit add nothing; the sum over the others is multiplied by all"
                " strata over those of several units."
            )
        case "certainty":
            return " " + _("Strata of one unit add nothing.")
    return ""


def _of_comparison(ranking: Ranking) -> Iterator[tuple[str, str]]:
    rated = ranking.plan.estimates is None
    if len(ranking.ranked) > 2:
        yield (
            _("Test of a class"),
            _(
                "M: mean of the other ranked companies, G of all of them. d = m - M, Var d = r V -"
                " 2 √r Cov(m, M) + Var M, not below its value at r = 1; t = d / √Var d. df = (rV +"
                " ΣA)² / ((rV)² / df + Σ A² / df_k), A = V_k / (G - 1)² over the others, at most df"
                " of the company and of the design. Two-sided p; Holm: in ascending order p times"
                " G, G - 1, …, 1, none below the one before, at most 1."
            )
            + " "
            + (
                _(
                    "r = max(1, R(M) / R(m), mean s² of the others / s²), R(x) = max(x(100 - x),"
                    " 50); 1 for stand-ins, without the last quotient where s² is 0."
                )
                if rated
                else _("r = 1.")
            ),
        )
    yield (
        _("Test of a pair"),
        _(
            "d = m_j - m_k, Var d = r_j V_j - 2 √(r_j r_k) Cov + r_k V_k, not below its value at r"
            " = 1. df = (a + b)² / (a² / df_j + b² / df_k), a = r_j V_j, b = r_k V_k, at most"
            " %(most)s. z is as far out in the normal distribution as d / √Var d in Student's t at"
            " df."
        )
        % {
            "most": _("the units with a row of either company less the strata of those units")
            if ranking.plan.design.psu
            else _("those of the design")
        }
        + " "
        + (
            _("r_j = max(1, R(m_k) / R(m_j)), 1 for stand-ins; R(x) = max(x(100 - x), 50).")
            if rated
            else _("r = 1.")
        ),
    )
    yield _("Steps"), _steps(ranking)
    yield (
        _("Rank"),
        _(
            "Scores are rounded, halves away from 0, to 1 - b decimals, b the log10 of the median"
            " standard error of the ranked companies, rounded down; rank = 1 + companies with a"
            " higher one. The first place of a range is not after the rank."
        ),
    )
    yield (
        _("Reliability of a company"),
        _(
            "T / (T + V), T = max(0, (Q - G + 1) / (Σv - Σv² / Σv)), v = 1/V, Q = Σ v (m - c)², c ="
            " Σvm / Σv, over the ranked companies (DerSimonian and Laird)."
        ),
    )


def _steps(ranking: Ranking) -> str:
    how = ranking.plan.inference
    text = _(
        "All ordered pairs (j, k) are tried at once: those with z above c are out, j is better than"
        " k; with c of those that are left again, until none goes out. First place: 1 + companies"
        " that are better; last: G less those it is better than."
    )
    if how.family == "marginal":
        text += " " + _("For the range of one company the pairs are those that it is in.")
    if ranking.drawn:
        text += " " + _(
            "c: with R draws, the one at place 1 + %(level)s (R - 1), rounded up, in ascending"
            " order of the largest (Z_j - Z_k) / √Var at r = 1. Z:"
            " numpy.random.default_rng(seed).standard_normal((R, G)), companies from the highest"
            " score, times the symmetric square root of their covariance."
        ) % {"level": f"{how.level:g}"}
    else:
        text += " " + _(
            "c solves (1 - 2Q)^b (1 - Q)^e = %(level)s, Q what the normal distribution has above c,"
            " b pairs with both orders left, e with one."
        ) % {"level": f"{how.level:g}"}
    return text
