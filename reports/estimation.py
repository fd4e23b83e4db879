"""From a frozen data set to estimates: the rows of a snapshot become the score of every company, and of every item."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from config.problems import Problem, Unusable, say
from reports.plans.plan import Plan
from reports.snapshots.snapshot import Snapshot
from reports.sources.table import item_column
from reports.statistics.estimates.means import Estimate, given, means, with_floor
from reports.statistics.exact import Floats, Grid
from reports.statistics.index.scoring import BEST, MIDDLE, WORST, linear, respondent_scores
from reports.statistics.sampling.design import Design, LonelyStratum
from reports.statistics.sampling.totals import Rows, reduce


@dataclass(frozen=True)
class ItemScore:
    """One item of one company: number of answers, mean 0-100 and its own interval."""

    item: int
    n: int
    score: float
    ci_low: float
    ci_high: float


ItemColumn = list[ItemScore | None]


@dataclass(frozen=True)
class Estimated:
    """Companies by name, their scores with covariance in that order, and per item the score of each company."""

    names: list[str]
    score: Estimate
    items: list[ItemColumn]


def estimate_companies(plan: Plan, snapshot: Snapshot) -> Estimated:
    """Estimate every company of a snapshot. Raises Unusable where the plan's design does not fit the data."""
    return _from_table(plan, snapshot.frame) if plan.estimates else _from_ratings(plan, snapshot.frame)


def _from_table(plan: Plan, frame: pd.DataFrame) -> Estimated:
    rows = frame[frame["out"].isna()].sort_values("company")
    n = np.asarray(rows["n"], dtype=float) if plan.estimates and plan.estimates.n else None
    value, se = (np.asarray(rows[key], dtype=float) for key in ("value", "se"))
    return Estimated(rows["company"].tolist(), given(value, se, n), [])


def _from_ratings(plan: Plan, frame: pd.DataFrame) -> Estimated:
    design = _Design(plan, frame)
    answers = np.column_stack(
        [
            linear(np.asarray(frame[item_column(i)], dtype=float), worst=item.scale[0], best=item.scale[1])
            for i, item in enumerate(plan.items)
        ]
    )
    assert plan.tree is not None  # validation: ratings have items or a tree
    scores = respondent_scores(answers, plan.tree, coverage=plan.coverage or 0.0)
    items = [design.item(i, answers[:, i], plan.inference.level) for i in range(len(plan.items))]
    return Estimated(design.names, design.estimate(scores), items)


class _Design:
    """The sampled rows of a snapshot, coded once for the score and every item."""

    def __init__(self, plan: Plan, frame: pd.DataFrame) -> None:
        self.plan = plan
        self.names = sorted(frame["company"].dropna().unique().tolist())
        code = {name: i for i, name in enumerate(self.names)}
        self.company = frame["company"].map(code).fillna(-1).to_numpy(dtype=np.int64)
        zeros = np.zeros(len(frame), dtype=np.int64)
        labels = frame["stratum"].to_numpy(dtype=np.int64) if plan.design.strata else zeros
        psu = frame["psu"].to_numpy(dtype=np.int64) if plan.design.psu else zeros
        # a dropped row may lack its stratum or PSU, and then it cannot be counted as sampled
        self.sampled = (labels >= 0) & (psu >= 0)
        labels, psu = labels[self.sampled], psu[self.sampled]
        _, self.stratum = np.unique(labels, return_inverse=True)
        self.strata = int(self.stratum.max()) + 1
        self.psu = None
        if plan.design.psu:
            # the same PSU label in two strata is two PSUs
            _, self.psu = np.unique(self.stratum * (int(psu.max()) + 1) + psu, return_inverse=True)
        self.weight = self._weights(frame)[self.sampled]
        self.population = self._population(frame) if plan.design.population else None

    def _weights(self, frame: pd.DataFrame) -> Floats:
        """Return weights with the largest of each company in [1, 2), exactly: a company's mean, its variance and its
        covariances do not see such a factor, but the grid of exact sums would swallow a company of tiny weights."""
        weight = np.asarray(frame["weight"], dtype=float)
        largest = np.zeros(len(self.names) + 1)  # the last place is that of rows without a company, code -1
        np.maximum.at(largest, self.company, weight)
        return np.asarray(np.ldexp(weight, 1 - np.frexp(largest)[1][self.company]))

    def _population(self, frame: pd.DataFrame) -> Floats:
        given_ = frame["population"].to_numpy(dtype=float)[self.sampled]
        size = np.array([np.nanmax(given_[self.stratum == h], initial=np.nan) for h in range(self.strata)])
        least = np.array([np.nanmin(given_[self.stratum == h], initial=np.nan) for h in range(self.strata)])
        if (least < size).any():
            words = say("population differs inside a stratum; it is the number of units in the whole stratum")
            raise Unusable(Problem(self.plan.file, words))
        return size

    def estimate(self, scores: Floats) -> Estimate:
        """Estimate the means of a score (n,) given for every row of the frame, none of them with certainty."""
        rows = Rows(self.company[self.sampled], scores[self.sampled], self.weight, self.stratum, self.psu)
        grid = Grid.of(scores=rows.score, weights=rows.weight, centre=MIDDLE)
        totals = reduce(rows, companies=len(self.names), strata=self.strata, grid=grid)
        try:
            raw = means(totals, Design(self.population, self.plan.design.lonely_psu))
        except LonelyStratum as error:
            words = say(
                "{count} strata have a single sampled unit, so their variance cannot be seen; use coarser strata, leave"
                " strata out, or set lonely_psu: adjust"
            )
            raise Unusable(Problem(self.plan.file, words, {"count": len(error.strata)})) from None
        except ValueError as error:
            raise Unusable(
                Problem(self.plan.file, say("the sampling design does not fit: {why}"), {"why": error})
            ) from None
        return with_floor(raw, low=WORST, high=BEST)

    def item(self, index: int, scores: Floats, level: float) -> ItemColumn:
        """Estimate one item for every company; None where nobody answered it."""
        estimate = self.estimate(scores)
        half = estimate.half_width(level)
        return [
            ItemScore(index, int(n), float(m), max(float(m - h), WORST), min(float(m + h), BEST)) if n else None
            for n, m, h in zip(estimate.n, estimate.value, half, strict=True)
        ]
