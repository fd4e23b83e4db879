"""The worlds: surveys of companies that are all equal, each with something that broke a method."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from reports.statistics.disclosure.gates import DEFAULT, Gates
from reports.statistics.exact import Floats, Ints
from reports.statistics.sampling.totals import Rows

# a company is named with few answers already, so that what a gate would hide is seen
NAMED = Gates(n=10)

Scores = Callable[[np.random.Generator, int], Floats]


@dataclass(frozen=True)
class World:
    """What is drawn: `companies` companies with `answers` each, or from one number to another,
    scores by `scores`.

    sites: of each company; shared: all companies are met at the same sites; strata: each company is
    a stratum; regions: as many strata, each with an equal part of the shared sites; icc: share of
    the variance that lies between sites; uneven: standard deviation of the logarithm of weights.
    """

    name: str
    scores: Scores
    companies: int = 20
    answers: tuple[int, int] = (100, 100)
    sites: int | None = None
    sites_of: tuple[int, ...] = ()
    shared: bool = False
    groups: int = 0
    strata: bool = False
    regions: int = 0
    icc: float = 0.05
    uneven: float = 0.0
    gates: Gates = NAMED

    def rows(self, rng: np.random.Generator) -> Rows:
        """Draw one survey."""
        least, most = self.answers
        # as uneven as markets are: as many companies between 30 and 60 answers as from 60 to 120
        sizes = np.rint(np.geomspace(least, most, self.companies)).astype(np.int64)
        company = np.repeat(np.arange(self.companies), sizes)
        score = self.scores(rng, len(company))
        psu = self._psu(rng, company)
        if psu is not None:
            score = _with_sites(rng, score, psu, self.icc)
        weight = np.exp(rng.normal(0, self.uneven, len(score)))
        return Rows(company, score, weight, self._stratum(company, psu), psu)

    def _stratum(self, company: Ints, psu: Ints | None) -> Ints:
        if self.strata:
            return company
        if self.regions and psu is not None:
            return np.asarray(psu % self.regions)
        return np.zeros(len(company), dtype=np.int64)

    def _psu(self, rng: np.random.Generator, company: Ints) -> Ints | None:
        """Return the site of every answer: equally often, so that no site stays empty, or at
        random where all companies share them.
        """
        if self.sites_of:
            many = np.array(self.sites_of)
            first = np.concatenate([[0], many.cumsum()[:-1]])
            return np.asarray(first[company] + _turn(company) % many[company], dtype=np.int64)
        if self.sites is None:
            return None
        if self.shared:
            return rng.integers(0, self.sites, len(company))
        place = _turn(company) % self.sites
        return np.asarray((company % self.groups if self.groups else company) * self.sites + place)


def _turn(company: Ints) -> Ints:
    """Return which answer of its company each one is, from 0 on; companies stand together."""
    return np.arange(len(company)) - np.searchsorted(company, company)


def _with_sites(rng: np.random.Generator, score: Floats, psu: Ints, icc: float) -> Floats:
    """Give scores a part that all answers of a site share: an answer is its site's own with the
    probability sqrt(icc), which leaves what a single answer looks like as it was.
    """
    order = rng.permutation(len(score))
    drawn = rng.permutation(score)[: int(psu.max()) + 1]
    taken = rng.uniform(size=len(score)) < np.sqrt(icc)
    return np.where(taken, drawn[psu], score[order])


def normal(rng: np.random.Generator, n: int) -> Floats:
    """Scores of 70 with the spread 15, inside the scale."""
    return np.clip(rng.normal(70, 15, n), 0, 100)


def tens(rng: np.random.Generator, n: int, *, share: float) -> Floats:
    """Answers from 1 to 10, that share of them a ten, the rest anything below, as points."""
    low = rng.integers(1, 10, n)
    return (np.where(rng.uniform(size=n) < share, 10, low) - 1) / 9 * 100


def ones(rng: np.random.Generator, n: int) -> Floats:
    """The reverse: four of five answers at the worst end."""
    return 100 - tens(rng, n, share=0.8)


def split(rng: np.random.Generator, n: int) -> Floats:
    """Half of the answers at either end."""
    return rng.integers(0, 2, n) * 100.0


def missing(rng: np.random.Generator, n: int) -> Floats:
    """The mean of those of five skewed items that were answered, three in five of them."""
    items = np.stack([tens(rng, n, share=0.8) for _item in range(5)])
    answered = rng.uniform(size=items.shape) < 0.6
    counted = answered.sum(axis=0)
    total = np.where(answered, items, 0.0).sum(axis=0)
    return np.divide(total, counted, out=np.full(n, np.nan), where=counted > 0)


def half(rng: np.random.Generator, n: int) -> Floats:
    """The first half 95 % tens, the others as good on average, with little spread."""
    mean = 95 + 5 * 4 / 9
    alike = mean + np.clip(rng.normal(0, 1, n - n // 2), mean - 100, 100 - mean)
    return np.concatenate([tens(rng, n // 2, share=0.95), alike])


def unlike(rng: np.random.Generator, n: int) -> Floats:
    """Three shapes of one mean, 90, a third of the companies each: all or nothing, a long tail,
    and nearly alike.
    """
    third = n // 3
    nothing = np.where(rng.uniform(size=third) < 0.9, 100.0, 0.0)
    tail = 100 * rng.beta(4.5, 0.5, third)
    alike = rng.normal(90, 3, n - 2 * third).clip(80, 100)
    return np.concatenate([nothing, tail, alike])


def stars(rng: np.random.Generator, n: int) -> Floats:
    """The mean of two items of one to five stars, nine of ten of them five."""
    items = rng.choice([0.0, 25.0, 50.0, 75.0, 100.0], p=[0.04, 0.01, 0.01, 0.04, 0.9], size=(2, n))
    return np.asarray(items.mean(axis=0))


EIGHTY, MOST = partial(tens, share=0.8), partial(tens, share=0.95)

WORLDS = (
    World("normal, n 100, default gates", normal, gates=DEFAULT),
    World("normal, n 30", normal, answers=(30, 30)),
    World("12 x 5 own sites, strata", normal, companies=12, sites=5, strata=True),
    World("12 x 5 own sites", normal, companies=12, sites=5),
    World("20 x 8 own sites", normal, sites=8),
    World("30 x 3 own sites", normal, companies=30, answers=(60, 60), sites=3),
    World("60 shared sites", normal, answers=(150, 150), sites=60, shared=True),
    World("60 shared sites, skewed", EIGHTY, answers=(150, 150), sites=60, shared=True),
    World("80 % tens, n 30", EIGHTY, answers=(30, 30)),
    World("80 % tens, n 30-100", EIGHTY, answers=(30, 100)),
    World("80 % tens, n 100", EIGHTY),
    World("80 % tens, n 300, default gates", EIGHTY, answers=(300, 300), gates=DEFAULT),
    World("80 % tens, n 30-2,000", EIGHTY, answers=(30, 2000)),
    World("95 % tens, n 100", MOST),
    World("40 % missing, skewed", missing),
    World("80 % ones, n 30-100", ones, answers=(30, 100)),
    World("answers at either end, n 30", split, answers=(30, 30)),
    World("half 95 % tens, half alike", half, answers=(200, 200)),
    World("2 companies, 95 % tens", MOST, companies=2, answers=(30, 300)),
    # chosen against the cure: few degrees of freedom beside many, and differences between
    # companies that share the same few sites
    World("4 with 4 sites, 4 with 40", normal, companies=8, sites_of=(4,) * 4 + (40,) * 4),
    World("5 in the same 6 sites", normal, companies=20, answers=(60, 60), sites=6, groups=4),
    World(
        "12 x 5 own sites, skewed, n 40-400",
        EIGHTY,
        companies=12,
        answers=(40, 400),
        sites=5,
        strata=True,
    ),
    # chosen before any method was looked at in them
    World("uneven weights, skewed, n 60-200", EIGHTY, answers=(60, 200), uneven=0.6),
    World("30 at 40 shared sites of 4 regions", EIGHTY, 30, (80, 80), 40, shared=True, regions=4),
    World("three shapes of one mean, n 60", unlike, companies=18, answers=(60, 60)),
    World("40 with two items of five stars", stars, companies=40, answers=(40, 150)),
)
