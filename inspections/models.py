"""The models of every room, where Django looks for them; rooms import from each other."""

from __future__ import annotations

from inspections.campaigns.models import (
    Assignment,
    Campaign,
    CampaignSite,
    Conflict,
    Draw,
    Preparation,
)
from inspections.campaigns.sites import Site, SiteAlias, SiteChange, Vendor
from inspections.devices.models import Device
from inspections.openrosa.models import Submission
from inspections.phone.models import VisitDraft
from inspections.visits.models import DailyRoot, Evidence, Finding, Visit, VisitEvent

__all__ = [
    "Assignment",
    "Campaign",
    "CampaignSite",
    "Conflict",
    "DailyRoot",
    "Device",
    "Draw",
    "Evidence",
    "Finding",
    "Preparation",
    "Site",
    "SiteAlias",
    "SiteChange",
    "Submission",
    "Vendor",
    "Visit",
    "VisitDraft",
    "VisitEvent",
]
