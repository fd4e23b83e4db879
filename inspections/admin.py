"""The plain admin, for superusers only."""

from __future__ import annotations

from django.contrib import admin

from inspections.models import Campaign, Site, Vendor

admin.site.register([Campaign, Site, Vendor])
