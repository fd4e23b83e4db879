"""What a campaign found: sites with findings by type, district, vendor and brand, every item of the
checklist, how well second visits agree, what revisits saw. No site is named. Computed from a
snapshot and nothing else.

A share of all sites, with its interval, is told where the sites were drawn, and of a group that is
large enough; everywhere else a count is a count. Only sites with findings are revisited, so the
share fixed says nothing of others.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from config.language.problems import InvalidInput, Problem, say
from config.language.texts import Text
from inspections.agreement.items import ItemAgreement, agreement_of
from inspections.agreement.proportions import wilson
from inspections.agreement.tables import mcnemar
from inspections.visits.models import Visit
from reports.data.snapshots.answers import AnswersSnapshot, Manifest
from reports.inspection.snapshot import (
    ANY,
    BRAND,
    CRITICAL,
    DISTRICT,
    LEAST,
    VENDOR,
    facts_of,
    measured,
    weights_of,
)
from reports.statistics.estimates.prevalence import Drawn, Moments, Prevalence, prevalence
from reports.statistics.exact import Bools
from surveys.questionnaires.questionnaire import Indicator, Question, Questionnaire

EVERY = Text("全部场所", "All sites")
UNITS = {
    DISTRICT: Text("地区", "District"),
    VENDOR: Text("系统服务商", "Vendor"),
    BRAND: Text("品牌", "Brand"),
}
KIND = Text("场所类型", "Type of site")
Outcome = Visit.Outcome


@dataclass(frozen=True)
class Count:
    """x of n sites; prevalence: what that says of all sites, None where it says nothing: the sites
    were not drawn, or they are too few.
    """

    x: int
    n: int
    prevalence: Prevalence | None = None


@dataclass(frozen=True)
class Line:
    """One line of a table: what it is about, and its counts by column, None of no site."""

    label: Text
    counts: tuple[Count | None, ...]


@dataclass(frozen=True)
class Item:
    """A fact of the checklist: what is required, the fault in words, and its line; topic: the class
    of problem that it stands under. is_reliable: whether two visits agree on it well enough, or
    nobody tried.
    """

    name: str
    topic: Text
    requirement: Text
    fault: Text
    critical: bool
    counts: tuple[Count | None, ...]
    is_reliable: bool


@dataclass(frozen=True)
class Group:
    """A district, vendor or brand: sites with findings, with critical ones, and every item by its
    name; of vendors and brands those items only that are observed reliably enough.
    """

    label: Text
    found: Count | None
    critical: Count | None
    items: dict[str, Count | None]


@dataclass(frozen=True)
class Fixed:
    """Of the sites that were seen again and decided about, how many had everything fixed: the share
    with Wilson's 95 % interval, None below the least base.
    """

    x: int
    n: int
    interval: tuple[float, float] | None


@dataclass(frozen=True)
class Revisited:
    """What became of the sites of one type that had findings; undecided: seen again, and nobody
    has written down yet what became of it.
    """

    label: Text
    failed: int
    again: int
    outcomes: dict[str, int]
    undecided: int
    fixed: Fixed | None


@dataclass(frozen=True)
class Changed:
    """Whether sites got better or worse, where some without findings were drawn to be seen again as
    well: of so many controls the worse, of so many with findings the better, and McNemar's exact p
    for as many going either way, the parts that were seen again allowed for.
    """

    controls: int
    worse: int
    failed: int
    better: int
    p: float


@dataclass(frozen=True)
class Inspection:
    """The whole result. `kinds` are the types of site with enough visits, in the order of their
    number, then the rest.

    found: all sites, then each type; topics: classes of problem; items: in the order of the
    checklist. Both have a column for all sites and one for each of `kinds`.
    """

    manifest: Manifest
    snapshot_hash: str
    kinds: tuple[Text, ...]
    found: tuple[Line, ...]
    topics: tuple[Line, ...]
    items: tuple[Item, ...]
    groups: dict[str, tuple[Group, ...]]
    agreement: tuple[ItemAgreement, ...]
    revisits: tuple[Revisited, ...]
    changed: Changed | None
    drawn: Drawn | None
    sites: int
    with_findings: int
    critical: int
    findings: int
    confirmed: int
    inspectors: int
    photographs: int


def compute(snapshot: AnswersSnapshot) -> Inspection:
    """Compute the result of a campaign's frozen visits. Raises InvalidInput for visits that an
    earlier version froze: they do not say how the sites were drawn.
    """
    manifest, questionnaire = snapshot.manifest, snapshot.questionnaire
    if "design" not in manifest.more:
        message = say("was frozen by an earlier version; make the report anew from the campaign")
        raise InvalidInput(Problem(manifest.about.slug, message))
    more, visits = manifest.more, _Visits(snapshot)
    columns = [(EVERY, np.ones(manifest.rows_in, np.bool_)), *visits.kinds]
    among = [members for _label, members in columns]
    failed, critical = visits.measures[ANY][1], visits.measures[CRITICAL][1]
    # in the order of the checklist: a manifest keeps none
    facts = facts_of(questionnaire)
    agreement = agreement_of(
        {fact.name: [(a, b) for a, b in more["seconds"][fact.name]] for fact in facts}
    )
    doubtful = {one.item for one in agreement if one.pairs and not one.carries_claims}
    return Inspection(
        manifest=manifest,
        snapshot_hash=snapshot.hash,
        kinds=tuple(label for label, _members in visits.kinds),
        found=tuple(Line(label, (visits.count(of, failed),)) for label, of in columns),
        topics=tuple(_topics(questionnaire, visits, among)),
        items=tuple(_items(questionnaire, visits, among, doubtful)),
        groups={
            unit: tuple(_group(unit, group, visits, doubtful) for group in more["groups"][unit])
            for unit in UNITS
            if unit in more["groups"]
        },
        agreement=tuple(agreement),
        revisits=tuple(_revisited(visits, columns)),
        changed=_changed(visits),
        drawn=visits.drawn,
        sites=manifest.rows_in,
        with_findings=int(failed.sum()),
        critical=int(critical.sum()),
        findings=_words(snapshot, "_findings"),
        confirmed=_words(snapshot, "_confirmed"),
        inspectors=len({p for cell in snapshot.texts("_inspectors") for p in cell.split()}),
        photographs=sum(map(int, snapshot.texts("_photographs"))),
    )


def fault_of(fact: Indicator, questionnaire: Questionnaire) -> Text:
    """Return what is said where a requirement was not met: its own words, or else the question with
    the answers that score nothing.
    """
    question = questionnaire.find(fact.question or "")
    if fact.fault.zh or question is None or fact.rule is None:
        return fact.fault if fact.fault.zh else fact.label
    failing = {name for name, points in fact.rule.by_choice if points == 0}
    return Text(*(_asked(question, failing, language) for language in ("zh", "en")))


def _asked(question: Question, failing: set[str], language: str) -> str:
    answers = [getattr(c.label, language) for c in question.choices if c.name in failing]
    return f"{getattr(question.label, language)} {' / '.join(answers)}".strip()


class _Visits:
    """The rows of a snapshot: what was found at each, what they say of all sites."""

    def __init__(self, snapshot: AnswersSnapshot) -> None:
        more, table = snapshot.manifest.more, snapshot.table()
        types = snapshot.texts("_site_type")
        self.measures = {
            name: (applies, has)
            for name, applies, has in measured(table, facts_of(snapshot.questionnaire))
        }
        self.kinds = [
            (Text(**kind["label"]), (types == kind["name"]).to_numpy())
            for kind in more["site_types"]
        ]
        self.revisits = snapshot.texts("_revisits")
        self.outcome = snapshot.texts("_outcome")
        self.again = (snapshot.texts("_findings_again") != "").to_numpy()
        self.is_control = (snapshot.texts("_is_control") != "").to_numpy()
        self.found = [set(cell.split()) for cell in snapshot.texts("_findings")]
        self.stratum, self.weight = snapshot.numbers("_stratum"), weights_of(table)
        design = more["design"]
        self.strata = len(design["strata"])
        self.drawn = (
            Drawn(
                np.array([one["sampled"] for one in design["strata"]]),
                np.array([one["population"] or np.inf for one in design["strata"]]),
                design["is_simple"],
            )
            if design["is_drawn"]
            else None
        )

    def count(self, members: Bools, hit: Bools) -> Count | None:
        """Return how many of the members are hit, and what it says of all sites."""
        sums = Moments.of(self.stratum, self.weight, members, hit, strata=self.strata)
        return self.counted(sums)

    def counted(self, sums: Moments) -> Count | None:
        """Return a count from its sums, None of nothing."""
        x, n = int(sums.x.sum()), int(sums.n.sum())
        if not n:
            return None
        told = prevalence(sums, self.drawn) if self.drawn and n >= LEAST else None
        return Count(x, n, told)


def _topics(questionnaire: Questionnaire, visits: _Visits, columns: list[Bools]) -> Iterator[Line]:
    for topic in questionnaire.indicators:
        facts = {leaf.name for leaf in topic.leaves() if leaf.kind == "fact"}
        if facts:
            applies = np.logical_or.reduce([visits.measures[name][0] for name in facts])
            hit = np.array([bool(facts & cell) for cell in visits.found])
            yield Line(topic.label, tuple(visits.count(of & applies, hit) for of in columns))


def _items(
    questionnaire: Questionnaire, visits: _Visits, columns: list[Bools], doubtful: set[str]
) -> Iterator[Item]:
    for topic in questionnaire.indicators:
        for fact in topic.leaves():
            if fact.kind == "fact":
                applies, hit = visits.measures[fact.name]
                yield Item(
                    fact.name,
                    topic.label,
                    fact.label,
                    fault_of(fact, questionnaire),
                    fact.critical,
                    tuple(visits.count(of & applies, hit) for of in columns),
                    fact.name not in doubtful,
                )


def _group(unit: str, group: dict[str, Any], visits: _Visits, doubtful: set[str]) -> Group:
    counts = {
        name: visits.counted(Moments(**{part: np.array(v) for part, v in sums.items()}))
        for name, sums in group["measures"].items()
    }
    found, critical = counts.pop(ANY), counts.pop(CRITICAL)
    kept = counts if unit == DISTRICT else {k: v for k, v in counts.items() if k not in doubtful}
    return Group(Text(**group["label"]), found, critical, kept)


def _revisited(visits: _Visits, columns: list[tuple[Text, Bools]]) -> Iterator[Revisited]:
    """Yield what became of the sites with findings, all of them and by type."""
    seen = (visits.revisits != "0").to_numpy()
    failed = visits.measures[ANY][1]
    for label, members in columns:
        among = members & failed
        if among.any():
            outcomes = Counter(visits.outcome[among & seen])
            undecided = outcomes.pop("", 0)
            again = int((among & seen).sum())
            decided, fixed = again - undecided, outcomes[Outcome.FIXED]
            interval = wilson(fixed, decided) if decided >= LEAST else None
            yield Revisited(
                label,
                failed=int(among.sum()),
                again=again,
                outcomes={name: outcomes[name] for name in Outcome.values},
                undecided=undecided,
                fixed=Fixed(fixed, decided, interval) if decided else None,
            )


def _changed(visits: _Visits) -> Changed | None:
    """Return how sites changed, None where none without findings was drawn and seen again.

    A part f of the sites without findings and a part g of the others were seen again, so that of
    changes that are as frequent either way f / (f + g) are seen to be for the worse.
    """
    failed, seen = visits.measures[ANY][1], (visits.revisits != "0").to_numpy()
    controls, others = ~failed & visits.is_control & seen, failed & seen
    if not controls.any() or not others.any():
        return None
    worse, better = int((controls & visits.again).sum()), int((others & ~visits.again).sum())
    f, g = controls.sum() / (~failed).sum(), others.sum() / failed.sum()
    table = np.array([[controls.sum() - worse, worse], [better, others.sum() - better]])
    test = mcnemar(table.astype(np.int64), kind="exact", chance=float(f / (f + g)))
    return Changed(int(controls.sum()), worse, int(others.sum()), better, test.p)


def _words(snapshot: AnswersSnapshot, column: str) -> int:
    return sum(len(cell.split()) for cell in snapshot.texts(column))
