"""What superusers may look at."""

from __future__ import annotations

from django.contrib import admin

from config.admin import Records
from inspections.campaigns.models import Campaign
from inspections.campaigns.sites import Site, Vendor

admin.site.register([Campaign, Site], Records)
# no service guards these yet; a list of sites chooses among them
admin.site.register(Vendor)
