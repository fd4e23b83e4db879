"""The plain admin: records to look at, for superusers only. What a service guards is not changed
here; people are managed on their own pages.
"""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin import ModelAdmin
from django.db.models import Model
from django.http import HttpRequest

from config.accounts.models import ApiToken, AuditEvent, Posting, User
from config.work.models import Job


class Records(ModelAdmin[Any]):
    """Rows to look at: nothing is added, changed or deleted past the services."""

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nothing is added here."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nothing is changed here."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nothing is deleted here."""
        return False


class PeopleRecords(Records):
    """People without what their password is kept as."""

    exclude = ("password",)


class TokenRecords(Records):
    """Tokens without what they are recognised by."""

    exclude = ("digest",)


admin.site.register([AuditEvent, Job, Posting], Records)
admin.site.register(ApiToken, TokenRecords)
admin.site.register(User, PeopleRecords)
