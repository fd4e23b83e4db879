"""Where inspectors go and what they saw: fields and constraints, no computing."""

from __future__ import annotations

from inspections.models.campaign import Campaign
from inspections.models.site import Site, Vendor
from inspections.models.visit import Evidence, Finding, Visit

__all__ = ["Campaign", "Evidence", "Finding", "Site", "Vendor", "Visit"]
