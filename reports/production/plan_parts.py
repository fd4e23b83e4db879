"""What the form of a plan asks, key by key: the groups of its fields, their labels and choices.

A key of the validator that has no line here stands in the form as YAML, under "further keys".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from reports.plans.plan import DISCLOSURE
from surveys.companies.models import Company

Label = str | Promise
Kind = Literal[
    "text", "day", "flag", "choice", "column", "columns", "words", "ticks", "lines", "yaml"
]

# rows that are left out: how many can be said beside those there are
MORE_DROPS = 1


@dataclass(frozen=True)
class Part:
    """One key of a plan: where it stands ("gates.n"), what it is called, how it is asked.

    words: in both languages, two fields; column: one of the columns of the answers; columns:
    numbers or names, separated by commas; lines: pairs, a line each; yaml: the value as it stands
    in a plan; only: for a survey or a campaign alone; is_long: several lines of words.
    """

    key: str
    label: Label
    kind: Kind = "text"
    choices: tuple[tuple[str, Label], ...] = ()
    help: Label = ""
    only: Literal["", "survey", "campaign"] = ""
    is_long: bool = False


@dataclass(frozen=True)
class Group:
    """Keys that belong together, under a heading; is_open: seen before anybody asks for it."""

    name: str
    heading: Label
    parts: tuple[Part, ...]
    is_open: bool = False


SAMPLES = (
    ("nonprobability", _("non-probability sample")),
    ("probability", _("probability sample")),
)
UNITS = (("site_type", _("kinds of site")), ("vendor", _("vendors")), ("brand", _("brands")))
WEIGHTS = (
    ("", _("all count alike")),
    ("design", _("by design: 1 over the chance of being drawn")),
    ("none", _("all count alike although they have weights: say why")),
)
LONELY = (
    ("", _("stop and say so")),
    ("adjust", _("by its distance from the mean of all")),
    ("average", _("as the other strata")),
    ("certainty", _("nothing: it was sure to be drawn")),
    ("collapse", _("merge strata, as said below")),
)
FAMILIES = (
    ("", _("as usual: simultaneous")),
    ("simultaneous", _("simultaneous: all companies at once")),
    ("marginal", _("marginal: each company by itself")),
)
PAGES = (
    ("", _("no pages of companies")),
    ("extremes", _("pages of the first and the last")),
    ("all", _("pages of all companies")),
)
ANALYSES = (
    ("consistency", _("whether the items belong together (Cronbach)")),
    ("sensitivity", _("whether classes hang on the weights of the index")),
)
ITEMS = {
    "strategy": _("How the data was collected"),
    "sponsor": _("Who paid for it, who did it"),
    "instrument": _("What was asked, word for word"),
    "population": _("Who was to be described"),
    "recruitment": _("How people were found"),
    "modes": _("How they answered, in which language"),
    "dates": _("When"),
    "precision": _("How many answers, how exact"),
    "weighting": _("How answers were weighted"),
    "processing": _("How answers were checked"),
    "limitations": _("What it cannot say"),
}

GROUPS = (
    Group(
        "cover",
        _("Cover"),
        (
            Part("title", _("Title"), "words"),
            Part("publisher", _("Publisher"), "words"),
            Part("contact", _("Contact"), "words"),
            Part("date", _("Date"), "day", help=_("The only date in the report.")),
            Part("demonstration", _("Demonstration: every page says so"), "flag"),
        ),
        is_open=True,
    ),
    Group(
        "compared",
        _("Who is compared"),
        (
            Part("source.unit", _("What is compared"), "choice", UNITS, only="campaign"),
            Part(
                "company.kinds",
                _("Kinds of company that are ranked"),
                "ticks",
                tuple(Company.Kind.choices),
                help=_("None ticked: all. The others stay in the sampling design."),
                only="survey",
            ),
            Part("questionnaire", _("Questionnaire"), help=_("It brings the items and weights.")),
            Part(
                "sample",
                _("Sample"),
                "choice",
                SAMPLES,
                help=_("Probability only where people were drawn at random from a list."),
            ),
        ),
        is_open=True,
    ),
    Group(
        "gates",
        _("Gates"),
        (
            Part("gates.n", _("Answers of a company, at least"), help=_("Empty: open.")),
            Part("gates.n_eff", _("Effective answers, at least"), help=_("Empty: open.")),
            Part(
                "gates.half_width",
                _("Half-width of the interval in points, at most"),
                help=_("Empty: open."),
            ),
            Part(
                "coverage",
                _("Share of the items that must be answered, 0 to 1"),
                help=_("Empty: one item is enough."),
            ),
        ),
        is_open=True,
    ),
    Group(
        "design",
        _("Sampling design"),
        (
            Part("strata", _("Strata"), "column"),
            Part("psu", _("Places (PSU)"), "column"),
            Part("lonely_psu", _("A stratum of a single place"), "choice", LONELY),
            Part(
                "lonely_psu.collapse",
                _("Strata that are merged, a line each: stratum = merged under"),
                "lines",
            ),
            Part("weight", _("Weights"), "choice", WEIGHTS),
            Part("weight.none", _("Why unequal weights do not count"), "words"),
            Part(
                "population",
                _("Units in the stratum there are"),
                "column",
                help=_("For the finite population correction."),
            ),
        ),
    ),
    Group(
        "further",
        _("Weighting, and what is computed beside the ranking"),
        (
            Part(
                "weights",
                _("Margins, bounds, trim and nonresponse of the weights, as YAML"),
                "yaml",
                help=_("Such as {margins: {_mode: {online: 0.5, paper: 0.5}}, bounds: [0.3, 3]}"),
            ),
            Part(
                "adjust",
                _("Columns that a company cannot influence, to adjust scores for"),
                "columns",
                help=_("Such as _mode. Ranks and classes stay those of the unadjusted scores."),
            ),
            Part("analyses", _("Printed beside the ranking"), "ticks", ANALYSES),
            Part(
                "drivers",
                _("Column of the item that judges the whole"),
                help=_("The others are shown by importance and performance."),
            ),
            Part(
                "compare_with",
                _("Number of an earlier ranking to compare with"),
                help=_("As it stands in the address of its page."),
            ),
        ),
    ),
    Group(
        "inference",
        _("How sure"),
        (
            Part("inference.level", _("Level"), help=_("Empty: 0.95.")),
            Part("inference.draws", _("Draws"), help=_("Empty: 10000.")),
            Part("inference.seed", _("Seed"), help=_("Empty: the date as a number.")),
            Part("inference.tau", _("Ranks that count as near"), help=_("Empty: 3.")),
            Part("inference.family", _("Rank ranges"), "choice", FAMILIES),
        ),
    ),
    Group(
        "print",
        _("Print"),
        (
            Part("print.pages", _("Pages of companies"), "choice", PAGES),
            Part(
                "print.decimals",
                _("Decimals"),
                help=_("Empty: as the standard errors leave a meaning. They change no rank."),
            ),
            Part("print.list_withheld", _("Name the companies that are withheld"), "flag"),
        ),
    ),
    Group(
        "expect",
        _("Expected before fieldwork (for a rehearsal)"),
        (
            Part("expect.answers", _("Answers of each company, or of all alike"), "columns"),
            Part("expect.companies", _("Companies")),
            Part("expect.between", _("Standard deviation between companies, in points")),
            Part("expect.within", _("Standard deviation inside a company, in points")),
            Part("expect.deff", _("Design effect")),
            Part("expect.units", _("Sampled places of each company")),
        ),
    ),
    Group(
        "disclosure",
        _("Disclosure"),
        tuple(Part(f"disclosure.{key}", ITEMS[key], "words", is_long=True) for key in DISCLOSURE),
    ),
)
