"""The models of every room, where Django looks for them; rooms import from each other."""

from __future__ import annotations

from inspections.campaigns.models import Campaign
from inspections.campaigns.sites import Site, Vendor
from inspections.visits.models import Evidence, Finding, Visit

__all__ = ["Campaign", "Evidence", "Finding", "Site", "Vendor", "Visit"]
