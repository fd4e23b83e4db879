"""The plain admin, for superusers only."""

from __future__ import annotations

from django.contrib import admin

from inspections.campaigns.models import Campaign
from inspections.campaigns.sites import Site, Vendor

admin.site.register([Campaign, Site, Vendor])
