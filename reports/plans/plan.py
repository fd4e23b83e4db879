"""The plan as frozen records: what `validation` makes out of a YAML file and everything else
reads.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from config.language.problems import say
from config.language.texts import Text
from reports.plans.values import Values
from reports.statistics.comparing.ranks import Family
from reports.statistics.disclosure.gates import Gates
from reports.statistics.index.scoring import Branch
from reports.statistics.sampling.design import Lonely

Kind = Literal["ratings", "estimates", "survey", "campaign"]
Unit = Literal["site_type", "vendor", "brand"]
Sample = Literal["probability", "nonprobability"]
KIND = "_company_kind"  # the column of a survey that says what kind of company an answer is about
KINDS = ("brand", "authorised", "street", "platform")  # of companies
Pages = Literal["none", "extremes", "all"]

# what a drafted plan leaves to its author, as it is written in English and in Chinese
FILL_IN = say("FILL IN")
UNFILLED = (FILL_IN, "待填写")

# how tools write an empty cell: Excel, R, pandas, SQL
EMPTY = ("", "NA", "N/A", "NaN", "nan", "null", "NULL")

# what may be computed beside a ranking
ANALYSES = ("consistency", "sensitivity")

# the 11 items every report discloses: AAPOR Code of Professional Ethics and Practices, April 2021,
# III.A
DISCLOSURE = (
    "strategy",
    "sponsor",
    "instrument",
    "population",
    "recruitment",
    "modes",
    "dates",
    "precision",
    "weighting",
    "processing",
    "limitations",
)


@dataclass(frozen=True)
class Long:
    """Columns of a long table: who answered, which item, and the answer."""

    respondent: str
    item: str
    answer: str

    @property
    def columns(self) -> dict[str, str]:
        """The columns by their keys in the plan."""
        return {"respondent": self.respondent, "item": self.item, "answer": self.answer}


@dataclass(frozen=True)
class Source:
    """Where the data is: a file beside the plan (ratings, estimates), or a survey or campaign of
    the platform.

    slug: the survey or campaign; unit: what is compared in a campaign; long: of a file with a row
    for every answer, where one has a row for every respondent.
    """

    kind: Kind
    file: str | None = None
    sheet: str | None = None
    slug: str | None = None
    unit: Unit | None = None
    long: Long | None = None


@dataclass(frozen=True)
class CompanyColumn:
    """The column that names the company; `aliases` maps spellings to the one name used in print.

    kinds: of a survey, which kinds of company are ranked, all where none is named.
    """

    column: str
    aliases: dict[str, str] = field(default_factory=dict)
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True)
class Item:
    """A rated column: scale is (worst, best); not_applicable are cell texts that are no answer,
    such as 0; values: what stands for a number.
    """

    column: str
    scale: tuple[float, float]
    label: Text
    not_applicable: tuple[str, ...] = ()
    single_instrument: bool = False
    values: Values = Values()


@dataclass(frozen=True)
class Dimension:
    """A named branch of the index as it is printed: its share of the whole and its items or
    dimensions.
    """

    label: Text
    share: float
    depth: int
    item: int | None = None


@dataclass(frozen=True)
class EstimateColumns:
    """Columns of a table of estimates: value, standard error, and the number of answers where it
    is known. unit: what values are in; lower_is_better: the place 1 is that of the lowest value.
    """

    value: str
    se: str
    n: str | None = None
    unit: Text | None = None
    lower_is_better: bool = False


@dataclass(frozen=True)
class Drop:
    """Rows left out before anything is counted: those with one of `values` in `column` ("" is an
    empty cell).
    """

    column: str
    values: tuple[str, ...]
    reason: Text | None = None


@dataclass(frozen=True)
class Inference:
    """How sure is sure: level of intervals, classes and rank sets; draws and seed; tau; family
    of the rank ranges.
    """

    seed: int
    level: float = 0.95
    draws: int = 10_000
    tau: int = 3
    family: Family = "simultaneous"


@dataclass(frozen=True)
class Print:
    """What is printed: names of withheld companies, company pages, decimals of a score, None
    where they follow from the standard errors; they decide nothing.
    """

    list_withheld: bool = False
    pages: Pages = "none"
    decimals: int | None = None


@dataclass(frozen=True)
class Expect:
    """What is expected before fieldwork, for a rehearsal; points are those of the score, 0-100.

    answers: of each company, or of all alike; between, within: standard deviations of true scores
    between companies and of answers inside one; units: sampled places of each company, None where
    every answer is its own.
    """

    answers: tuple[int, ...]
    between: float = 3.0
    within: float = 20.0
    deff: float = 1.0
    units: int | None = None


@dataclass(frozen=True)
class Design:
    """How the rows were sampled: columns, or None. population holds the number of units in the
    row's stratum.

    collapse: labels of strata that are merged, to the label they are merged under. unweighted:
    why rows with unequal weights of their own count alike.
    """

    strata: str | None = None
    psu: str | None = None
    weight: str | None = None
    unweighted: Text | None = None
    population: str | None = None
    lonely_psu: Lonely = "fail"
    collapse: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Margin:
    """A column whose categories have known shares in the population; the shares add up to 1."""

    column: str
    shares: dict[str, float]


@dataclass(frozen=True)
class Nonresponse:
    """People who were asked and did not answer are rows of the table: `column` has one of
    `answered` where somebody did. Those who answered stand for the others of their class, the
    label in the column `classes`.
    """

    classes: str
    column: str
    answered: tuple[str, ...]


@dataclass(frozen=True)
class Weighting:
    """What becomes of the weights of the design: nonresponse, cut at `trim` times their mean, and
    raked to the margins by factors within `bounds` times their mean.
    """

    margins: tuple[Margin, ...] = ()
    bounds: tuple[float, float] | None = None
    trim: tuple[float, float] | None = None
    nonresponse: Nonresponse | None = None


@dataclass(frozen=True)
class Further:
    """What is computed beside the ranking and decides nothing in it.

    adjust: columns that a company cannot influence; analyses: of ANALYSES; drivers: column of the
    item that judges the whole; compare_with: ranking.json of an earlier ranking, or the number of
    its report.
    """

    adjust: tuple[str, ...] = ()
    analyses: tuple[str, ...] = ()
    drivers: str | None = None
    compare_with: str | None = None


@dataclass(frozen=True)
class Plan:
    """A whole plan. `hash` is the SHA-256 of the file's bytes, `content`, so anyone can check it
    with sha256sum.

    questionnaire: name@version; its index becomes items, tree and outline of a survey's plan when
    data is read. columns: every column the plan reads, with the place in the plan that names it.
    """

    file: str
    hash: str
    content: bytes
    title: Text
    date: date
    sample: Sample
    source: Source
    questionnaire: str | None
    company: CompanyColumn
    subject: Text | None
    items: tuple[Item, ...]
    tree: Branch | None
    outline: tuple[Dimension, ...]
    estimates: EstimateColumns | None
    drop: tuple[Drop, ...]
    design: Design
    weighting: Weighting
    coverage: float | None
    further: Further
    gates: Gates
    expect: Expect | None
    inference: Inference
    print: Print
    publisher: Text | None
    contact: Text | None
    demonstration: bool
    disclosure: dict[str, Text]
    columns: tuple[tuple[str, str], ...]
