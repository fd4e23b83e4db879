"""Campaigns: set up with their survey, which has no page; their rules, and their sites chosen by
hand.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction

from config.accounts import audit
from config.accounts.models import User
from config.language.texts import Text
from inspections.campaigns.models import Campaign, CampaignSite
from inspections.campaigns.sites import Site
from surveys.collection import fieldwork
from surveys.forms.models import QuestionnaireVersion

RULES = ("kind", "needs_training", "most_visits", "second_share", "claim_threshold")


class NotPossible(Exception):
    """A step that the campaign does not allow; reason: a code that the page has words for."""

    def __init__(self, reason: str = "", **values: object) -> None:
        super().__init__(reason)
        self.reason = reason
        self.values = values


@transaction.atomic
def set_up(
    *,
    slug: str,
    title: Text,
    organiser: Text,
    version: QuestionnaireVersion,
    sites: Iterable[Site] = (),
    selection: str = Campaign.Selection.PURPOSIVE,
    kind: str = Campaign.Kind.OBSERVATION,
    demonstration: bool = False,
    by: User | None = None,
) -> Campaign:
    """Make a campaign with its survey. Raises ValidationError for what it cannot be."""
    sample = "probability" if selection == Campaign.Selection.RANDOM else "nonprobability"
    survey = fieldwork.set_up(
        slug=slug,
        title=title,
        organiser=organiser,
        version=version,
        sample=sample,
        has_page=False,
        demonstration=demonstration,
        by=by,
    )
    campaign = Campaign.objects.create(survey=survey, selection=selection, kind=kind)
    campaign.sites.set(sites)
    after = {"selection": selection, "kind": kind, "sites": campaign.sites.count()}
    audit.record(by=by, action="campaign.set_up", target=campaign, after=after)
    return campaign


@transaction.atomic
def change_rules(*, campaign: Campaign, rules: Mapping[str, Any], by: User | None) -> None:
    """Set the rules of a campaign, by the names of RULES; shares are of 1."""
    before = {name: getattr(campaign, name) for name in RULES}
    for name in RULES:
        setattr(campaign, name, rules[name])
    campaign.full_clean()
    campaign.save(update_fields=RULES)
    changed = [name for name in RULES if before[name] != getattr(campaign, name)]
    if changed:
        audit.record(
            by=by,
            action="campaign.change",
            target=campaign,
            before={name: before[name] for name in changed},
            after={name: getattr(campaign, name) for name in changed},
        )


@transaction.atomic
def add_sites(
    *, campaign: Campaign, sites: Iterable[Site], is_calibration: bool = False, by: User | None
) -> int:
    """Add sites that somebody chose; return how many were added or marked.

    Raises NotPossible("random") where sites are drawn: only calibration sites, which count nowhere,
    are chosen there.
    """
    if campaign.selection == Campaign.Selection.RANDOM and not is_calibration:
        raise NotPossible("random")
    listed = list(sites)
    known = {place.site_id: place for place in campaign.places.filter(site__in=listed)}
    for site in listed:
        place = known.get(site.pk) or CampaignSite(campaign=campaign, site=site)
        if is_calibration and place.draw_id:
            raise NotPossible("drawn", site=site)
        place.dropped_at, place.dropped_because = None, ""
        place.is_calibration = is_calibration
        place.save()
    if listed:
        after = {"sites": [site.pk for site in listed], "is_calibration": is_calibration}
        audit.record(by=by, action="campaign.add_sites", target=campaign, after=after)
    return len(listed)


@transaction.atomic
def say_truth(*, place: CampaignSite, truth: Mapping[str, Any], by: User | None) -> None:
    """Write down what a visit to a site has to find, by question: the known fault, or what those
    who made it a calibration site know.
    """
    before = {"truth": place.truth}
    place.truth = dict(truth)
    place.save(update_fields=["truth"])
    after = {"truth": place.truth}
    audit.record(by=by, action="campaign.say_truth", target=place, before=before, after=after)
