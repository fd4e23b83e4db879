"""What a campaign found: shares of sites with findings by type, by topic, and what revisits saw. No
site is named. Computed from a snapshot and nothing else.

Every share has Wilson's interval. Only sites with findings are revisited, so the share fixed says
nothing of others.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from config.language.texts import Text
from inspections.agreement.proportions import wilson
from reports.data.snapshots.answers import AnswersSnapshot, Manifest
from reports.statistics.exact import Bools
from surveys.questionnaires.questionnaire import Questionnaire

EVERY = Text("全部场所", "All sites")


@dataclass(frozen=True)
class Proportion:
    """x of n with Wilson's 95 % interval, as shares."""

    x: int
    n: int
    share: float
    low: float
    high: float

    @classmethod
    def of(cls, x: int, n: int) -> Proportion | None:
        """Return x of n, or None where n is 0."""
        return cls(x, n, x / n, *wilson(x, n)) if n else None

    @classmethod
    def among(cls, members: Bools, hit: Bools) -> Proportion | None:
        """Return the share of the members that are hit, or None where there is no member."""
        return cls.of(int((members & hit).sum()), int(members.sum()))


@dataclass(frozen=True)
class Line:
    """One line of a table: what it is about, whether it is a part of the line above, and its
    figures by column.
    """

    label: Text
    figures: tuple[Proportion | None, ...]
    depth: int = 0


@dataclass(frozen=True)
class Inspection:
    """The whole result. `kinds` are the types of site with enough visits, in the order of their
    number, then the rest.

    found: all sites, then each type; topics and items: a line each, all sites and then each of
    `kinds`.
    """

    manifest: Manifest
    snapshot_hash: str
    kinds: tuple[Text, ...]
    found: tuple[Line, ...]
    topics: tuple[Line, ...]
    revisits: tuple[Line, ...]
    sites: int
    with_findings: int
    critical: int
    findings: int
    inspectors: int
    photographs: int


@dataclass(frozen=True)
class _Visits:
    """The first visits, an entry each: what was found, how often they were looked at again, what
    was left the last time.
    """

    found: pd.Series[str]
    critical: pd.Series[str]
    revisits: pd.Series[str]
    left: pd.Series[str]

    @classmethod
    def of(cls, snapshot: AnswersSnapshot) -> _Visits:
        """Read the visits of a snapshot."""
        columns = ("_findings", "_critical", "_revisits", "_findings_left")
        return cls(*map(snapshot.texts, columns))

    @property
    def failed(self) -> Bools:
        """Which have a finding."""
        return (self.found != "").to_numpy()

    def with_any(self, indicators: set[str]) -> Bools:
        """Say which have a finding among some indicators."""
        return np.array([bool(indicators & set(cell.split())) for cell in self.found], np.bool_)


def compute(snapshot: AnswersSnapshot) -> Inspection:
    """Compute the result of a campaign's frozen visits."""
    manifest, visits = snapshot.manifest, _Visits.of(snapshot)
    types = snapshot.texts("_site_type")
    kinds = [
        (Text(**kind["label"]), (types == kind["name"]).to_numpy())
        for kind in manifest.more["site_types"]
    ]
    groups = [(EVERY, np.ones(len(types), np.bool_)), *kinds]
    people = {person for cell in snapshot.texts("_inspectors") for person in cell.split()}
    return Inspection(
        manifest=manifest,
        snapshot_hash=snapshot.hash,
        kinds=tuple(label for label, _members in kinds),
        found=tuple(
            Line(label, (Proportion.among(members, visits.failed),)) for label, members in groups
        ),
        topics=tuple(_topics(snapshot.questionnaire, visits, [of for _label, of in groups])),
        revisits=tuple(_revisited(visits, groups)),
        sites=manifest.rows_in,
        with_findings=int(visits.failed.sum()),
        critical=int((visits.critical != "").sum()),
        findings=sum(len(cell.split()) for cell in visits.found),
        inspectors=len(people),
        photographs=sum(map(int, snapshot.texts("_photographs"))),
    )


def _topics(questionnaire: Questionnaire, visits: _Visits, groups: list[Bools]) -> Iterator[Line]:
    for topic in questionnaire.indicators:
        leaves = list(topic.leaves())
        hit = visits.with_any({leaf.name for leaf in leaves})
        yield Line(topic.label, tuple(Proportion.among(group, hit) for group in groups))
        for leaf in leaves:
            if leaf is not topic:
                hit = visits.with_any({leaf.name})
                figures = tuple(Proportion.among(group, hit) for group in groups)
                yield Line(leaf.label, figures, depth=1)


def _revisited(visits: _Visits, groups: list[tuple[Text, Bools]]) -> Iterator[Line]:
    """Yield, for all sites and each type, the revisited of those with findings and the fixed of
    the revisited.
    """
    again = (visits.revisits != "0").to_numpy()
    fixed = (visits.left == "").to_numpy()
    for label, members in groups:
        failed = members & visits.failed
        if failed.any():
            figures = Proportion.among(failed, again), Proportion.among(failed & again, fixed)
            yield Line(label, figures)
