"""What a comparison can be expected to show, simulated before anybody is asked."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy import stats

from reports.statistics.comparing.classes import compare_with_others
from reports.statistics.comparing.ranks import rank_sets
from reports.statistics.exact import Floats

# answers beyond which a survey is no longer one
MOST = 1_000_000


@dataclass(frozen=True)
class Expected:
    """What is assumed before fieldwork, in points of the score.

    answers: (G,) expected number of answers of each company; between: standard deviation of true
    scores between companies; within: of answers inside a company; deff: design effect; df: degrees
    of freedom of a company's standard error, its sampled units minus strata, inf for many.
    """

    answers: Floats
    between: float
    within: float
    deff: float = 1.0
    df: float = np.inf

    @property
    def se(self) -> Floats:
        """Standard error of each company's score, (G,)."""
        return np.asarray(self.within * np.sqrt(self.deff / self.answers))


@dataclass(frozen=True)
class Rehearsed:
    """Means over simulated surveys.

    above, below, undecided: companies in each class; wrong: simulations in which a company was put
    on the wrong side; width: places in a company's joint rank range; first: companies that may be
    among the first `tau`; half_width: of a company's own 95 % interval; reliability: between^2 /
    (between^2 + se^2), both for the median company.
    """

    above: float
    below: float
    undecided: float
    wrong: float
    width: float
    first: float
    half_width: float
    reliability: float


def rehearse(expected: Expected, *, level: float, tau: int, runs: int, seed: int) -> Rehearsed:
    """Draw true scores and a survey `runs` times, and classify and rank each as the published
    results would be.

    True scores are normal with the spread `between`; estimates are independent. Rank ranges are
    computed on the first 200 surveys. Raises ValueError for fewer than two companies or figures
    that are not positive.
    """
    _check(expected)
    generator = np.random.default_rng(seed)
    g = len(expected.answers)
    counts, wrong = np.zeros(3), 0
    widths, firsts = [], []
    for run in range(runs):
        truth = generator.normal(0, expected.between, g)
        value, se = _survey(expected, truth, generator)
        found = compare_with_others(value, np.diag(se**2), level=level, df=expected.df)
        counts += [found.classes.count(cls) for cls in ("above", "below", "average")]
        away = truth - (truth.sum() - truth) / (g - 1)
        wrong += any(
            c != "average" and (c == "above") != (d > 0)
            for c, d in zip(found.classes, away, strict=True)
        )
        if run < 200:
            df = g * expected.df  # the whole design has the units of all companies
            sets = rank_sets(value, np.diag(se**2), level=level, draws=1000, seed=seed, df=df)
            widths.append(float((sets.high - sets.low + 1).mean()))
            firsts.append(len(sets.best(tau)))
    above, below, undecided = counts / runs
    usual = float(np.median(expected.se))
    return Rehearsed(
        above=above,
        below=below,
        undecided=undecided,
        wrong=wrong / runs,
        width=float(np.mean(widths)),
        first=float(np.mean(firsts)),
        half_width=float(stats.t.isf(0.025, expected.df)) * usual,
        reliability=expected.between**2 / (expected.between**2 + usual**2),
    )


def answers_needed(
    expected: Expected,
    *,
    distance: float,
    level: float,
    power: float = 0.8,
    runs: int = 400,
    seed: int = 1,
) -> int | None:
    """Return how many answers every company needs for one that lies `distance` above the others to
    be called above.

    The others are drawn around the average; the company is found in `power` of the simulated
    surveys, by the same rule and the same adjustment for all companies. None where a million
    answers are not enough.
    """
    _check(expected)
    low, high = 2, 4
    while _found(expected, high, distance, level, runs, seed) < power:
        low, high = high, high * 2
        if high > MOST:
            return None
    while high - low > max(low // 50, 1):
        middle = (low + high) // 2
        enough = _found(expected, middle, distance, level, runs, seed) >= power
        low, high = (low, middle) if enough else (middle, high)
    return high


def _found(
    expected: Expected, answers: int, distance: float, level: float, runs: int, seed: int
) -> float:
    # the same seed for every number of answers: the share rises with them and does not flicker
    generator = np.random.default_rng(seed)
    even = replace(expected, answers=np.full(len(expected.answers), float(answers)))
    hits = 0
    for _run in range(runs):
        truth = generator.normal(0, expected.between, len(expected.answers))
        truth[0] = truth[1:].mean() + distance
        value, se = _survey(even, truth, generator)
        hits += (
            compare_with_others(value, np.diag(se**2), level=level, df=expected.df).classes[0]
            == "above"
        )
    return hits / runs


def _survey(
    expected: Expected, truth: Floats, generator: np.random.Generator
) -> tuple[Floats, Floats]:
    """Return estimates and their estimated standard errors, (G,) each, of one simulated survey."""
    value = truth + expected.se * generator.standard_normal(len(truth))
    if not np.isfinite(expected.df):
        return value, expected.se
    return value, expected.se * np.sqrt(generator.chisquare(expected.df, len(truth)) / expected.df)


def _check(expected: Expected) -> None:
    if len(expected.answers) < 2:
        raise ValueError("a comparison needs two companies")
    sizes = (*expected.answers, expected.between, expected.within, expected.deff, expected.df)
    if not all(size > 0 for size in sizes):
        raise ValueError("answers, spreads, design effect and degrees of freedom must be positive")
