"""Puts the plain admin behind superusers."""

from __future__ import annotations

from django.contrib.admin import AdminSite
from django.contrib.admin.apps import AdminConfig
from django.http import HttpRequest


class RecordsConfig(AdminConfig):
    """Makes the site below the one that `admin.site` is."""

    default_site = "config.admin_app.RecordsSite"


class RecordsSite(AdminSite):
    """For superusers; a member of staff has pages for every task."""

    def has_permission(self, request: HttpRequest) -> bool:
        """Let superusers in and nobody else."""
        return request.user.is_active and request.user.is_superuser
