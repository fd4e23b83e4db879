"""Which claims the visits of a campaign support, and how well two visits agree."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from inspections.agreement.items import ItemAgreement, agreement_of
from inspections.campaigns.models import Campaign
from inspections.review.scope import Scope, Support, support
from inspections.visits.models import Visit
from inspections.visits.selectors import FIRST
from surveys.collection.selectors import compiled
from surveys.questionnaires.questionnaire import NOT_APPLICABLE

ACCEPTED = Visit.Status.ACCEPTED


@dataclass(frozen=True)
class Claim:
    """A claim that could be made: that a unit has the fault, as far as the visits show."""

    scope: Scope
    unit: str
    indicator: str
    support: Support


def agreement(campaign: Campaign) -> list[ItemAgreement]:
    """Return the agreement of first and second visits on every fact of the checklist, in its
    order.
    """
    return agreement_of(pairs_of(campaign))


def pairs_of(campaign: Campaign) -> dict[str, list[tuple[str, str]]]:
    """Return what the first and the second visit answered at every site seen twice, by fact of the
    checklist in its order; pairs in which one has no answer are left out.
    """
    seconds = campaign.visits.filter(is_second=True, status=ACCEPTED).select_related("response")
    by_site = {visit.site_id: visit for visit in seconds}
    firsts = campaign.visits.filter(FIRST, status=ACCEPTED, site__in=by_site)
    facts = [leaf for leaf in compiled(campaign.survey.version_id).leaves() if leaf.kind == "fact"]
    pairs: dict[str, list[tuple[str, str]]] = {leaf.name: [] for leaf in facts}
    for first in firsts.select_related("response"):
        second = by_site[first.site_id]
        for leaf in facts:
            given = [v.response.answers.get(leaf.question or "") for v in (first, second)]
            if all(answer not in (None, "", NOT_APPLICABLE) for answer in given):
                pairs[leaf.name].append((str(given[0]), str(given[1])))
    return pairs


def claims(campaign: Campaign, agreed: Sequence[ItemAgreement]) -> list[Claim]:
    """Return every claim that a confirmed finding suggests: about its site, operator, brand and
    vendor, each with what supports it.
    """
    unreliable = {one.item for one in agreed if one.pairs and not one.carries_claims}
    visited: dict[tuple[Scope, str], int] = defaultdict(int)
    found: dict[tuple[Scope, str, str], int] = defaultdict(int)
    firsts = campaign.visits.filter(FIRST, status=ACCEPTED)
    for visit in firsts.select_related(
        "site__operator", "site__brand", "site__vendor"
    ).prefetch_related("findings"):
        confirmed = {f.indicator for f in visit.findings.all() if f.confirmed_at}
        for scope, unit in _units(visit):
            visited[scope, unit] += 1
            for indicator in confirmed:
                found[scope, unit, indicator] += 1
    return [
        Claim(
            scope,
            unit,
            indicator,
            support(
                scope,
                visited=visited[scope, unit],
                found=number,
                threshold=campaign.claim_threshold,
                is_drawn=campaign.selection == Campaign.Selection.RANDOM,
                is_reliable=indicator not in unreliable,
            ),
        )
        for (scope, unit, indicator), number in sorted(found.items())
    ]


def _units(visit: Visit) -> list[tuple[Scope, str]]:
    site = visit.site
    units: list[tuple[Scope, str]] = [("site", site.name)]
    if site.operator:
        units.append(("operator", site.operator.name))
    if site.brand:
        units.append(("brand", site.brand.name))
    if site.vendor:
        units.append(("vendor", site.vendor.name))
    return units
