"""The plain admin, for superusers only."""

from __future__ import annotations

from django.contrib import admin

from surveys.models import Alias, Area, Brand, Company, Survey

admin.site.register([Area, Company, Brand, Alias, Survey])
