"""Campaigns: set up with their survey, which has no page."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from config.accounts import audit
from config.accounts.models import User
from config.language.texts import Text
from inspections.campaigns.models import Campaign
from inspections.campaigns.sites import Site
from surveys.collection import fieldwork
from surveys.forms.models import QuestionnaireVersion


@transaction.atomic
def set_up(
    *,
    slug: str,
    title: Text,
    organiser: Text,
    version: QuestionnaireVersion,
    sites: Iterable[Site] = (),
    selection: str = Campaign.Selection.PURPOSIVE,
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
    campaign = Campaign.objects.create(survey=survey, selection=selection)
    campaign.sites.set(sites)
    after = {"selection": selection, "sites": campaign.sites.count()}
    audit.record(by=by, action="campaign.set_up", target=campaign, after=after)
    return campaign
