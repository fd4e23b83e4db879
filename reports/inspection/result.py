"""What a campaign found: shares of sites with findings by type, by topic, and what revisits saw. No
site is named.

Every share has Wilson's interval. Only sites with findings are revisited, so the share fixed says
nothing of others.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils import timezone

from config.language.languages import in_both
from config.language.problems import InvalidInput, Problem, say
from config.language.texts import Text
from inspections.campaigns.models import Campaign
from inspections.campaigns.sites import Site
from inspections.visits.models import Visit
from reports.statistics.estimates.proportions import wilson
from surveys.collection.selectors import questionnaire_of
from surveys.questionnaires.questionnaire import Questionnaire


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

    campaign: Campaign
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
    first_day: str
    last_day: str
    sha256: str


# a type of site with fewer visits than this goes with the others
LEAST = 10
REST = Text("其他场所", "Other sites")


def compute(campaign: Campaign, sha256: str) -> Inspection:
    """Compute the result of a campaign. Raises InvalidInput where there is no visit yet; `sha256`
    is of its answers.
    """
    first = campaign.visits.filter(revisit_of=None).select_related("site")
    visits = list(first.prefetch_related("findings", "inspectors", "evidence"))
    if not visits:
        raise InvalidInput(Problem(campaign.survey.slug, say("has no visits yet")))
    questionnaire = questionnaire_of(campaign.survey)
    kinds = list(_kinds(visits))
    groups = [visits, *(members for _label, members in kinds)]
    days = sorted(timezone.localdate(visit.visited_at).isoformat() for visit in visits)
    revisits = list(
        campaign.visits.exclude(revisit_of=None).select_related("site").prefetch_related("findings")
    )
    return Inspection(
        campaign=campaign,
        kinds=tuple(label for label, _members in kinds),
        found=tuple(_found(kinds, visits)),
        topics=tuple(_topics(questionnaire, groups)),
        revisits=tuple(_revisited(visits, revisits)),
        sites=len(visits),
        with_findings=sum(bool(visit.findings.all()) for visit in visits),
        critical=sum(any(finding.critical for finding in visit.findings.all()) for visit in visits),
        findings=sum(len(visit.findings.all()) for visit in visits),
        inspectors=len({person.pk for visit in visits for person in visit.inspectors.all()}),
        photographs=sum(len(visit.evidence.all()) for visit in visits),
        first_day=days[0],
        last_day=days[-1],
        sha256=sha256,
    )


def _kinds(visits: Sequence[Visit]) -> Iterator[tuple[Text, list[Visit]]]:
    by_kind = {kind: [v for v in visits if v.site.kind == kind] for kind in Site.Kind}
    for kind in sorted(by_kind, key=lambda kind: -len(by_kind[kind])):
        if len(by_kind[kind]) >= LEAST:
            yield _label(kind), by_kind[kind]
    rest = [v for members in by_kind.values() if len(members) < LEAST for v in members]
    if rest:
        yield REST, rest


def _label(kind: Site.Kind) -> Text:
    both = in_both(lambda: str(kind.label))
    return Text(both["zh-Hans"], both["en"])


def _found(kinds: Sequence[tuple[Text, list[Visit]]], visits: Sequence[Visit]) -> Iterator[Line]:
    for label, members in [(Text("全部场所", "All sites"), list(visits)), *kinds]:
        yield Line(
            label, (Proportion.of(sum(bool(v.findings.all()) for v in members), len(members)),)
        )


def _topics(questionnaire: Questionnaire, groups: Sequence[Sequence[Visit]]) -> Iterator[Line]:
    for topic in questionnaire.indicators:
        yield Line(topic.label, tuple(_with(group, topic=topic.name) for group in groups))
        for leaf in topic.leaves():
            if leaf is not topic:
                yield Line(
                    leaf.label,
                    tuple(_with(group, indicator=leaf.name) for group in groups),
                    depth=1,
                )


def _with(visits: Sequence[Visit], *, topic: str = "", indicator: str = "") -> Proportion | None:
    """Return the share of visits with a finding under a topic, or of an indicator."""
    hit = [
        any(topic == f.topic or indicator == f.indicator for f in visit.findings.all())
        for visit in visits
    ]
    return Proportion.of(sum(hit), len(hit))


def _revisited(visits: Sequence[Visit], revisits: Sequence[Visit]) -> Iterator[Line]:
    """Yield, for all sites and each type, the revisited of those with findings and the fixed of
    the revisited.
    """
    latest = {
        visit.revisit_of_id: visit for visit in sorted(revisits, key=lambda visit: visit.visited_at)
    }
    for label, members in [(Text("全部场所", "All sites"), list(visits)), *_kinds(visits)]:
        failed = [visit for visit in members if visit.findings.all()]
        again = [latest[visit.pk] for visit in failed if visit.pk in latest]
        fixed = sum(not visit.findings.all() for visit in again)
        if failed:
            yield Line(
                label, (Proportion.of(len(again), len(failed)), Proportion.of(fixed, len(again)))
            )
