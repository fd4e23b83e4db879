"""Puts the plain admin behind superusers, who sign in on the page of everybody."""

from __future__ import annotations

from django.contrib.admin import AdminSite
from django.contrib.admin.apps import AdminConfig
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse


class RecordsConfig(AdminConfig):
    """Makes the site below the one that `admin.site` is."""

    default_site = "config.admin_app.RecordsSite"


class RecordsSite(AdminSite):
    """For superusers; a member of staff has pages for every task."""

    def has_permission(self, request: HttpRequest) -> bool:
        """Let superusers in and nobody else."""
        return request.user.is_active and request.user.is_superuser

    def password_change(  # type: ignore[override]  # Django's own type is narrower than its use
        self, request: HttpRequest, extra_context: dict[str, object] | None = None
    ) -> HttpResponse:
        """Lead to the page of everybody, which counts wrong attempts and writes a line."""
        return redirect("account")

    @login_not_required
    def login(
        self, request: HttpRequest, extra_context: dict[str, object] | None = None
    ) -> HttpResponse:
        """Lead to the site's own page, which asks for everything and counts wrong attempts.

        Raises PermissionDenied for who has signed in and is no superuser.
        """
        if request.user.is_authenticated:
            raise PermissionDenied
        after = QueryDict(mutable=True)
        after["next"] = request.GET.get("next", reverse("admin:index"))
        return redirect(f"{reverse('login')}?{after.urlencode(safe='/')}")
