"""Every address of the site."""

from __future__ import annotations

from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LoginView, LogoutView
from django.urls import include, path
from django.views.i18n import set_language

from config.accounts import audit_views
from config.console import resume

urlpatterns = [
    path("admin/", admin.site.urls),
    path("login/", LoginView.as_view(template_name="config/accounts/login.html"), name="login"),
    path("audit/", audit_views.trail, name="audit"),
    path("audit/export/", audit_views.export, name="audit-export"),
    path("audit/<int:number>/", audit_views.event, name="audit-event"),
    # a second time, or after the session has ended, it does no harm
    path("logout/", login_not_required(LogoutView.as_view()), name="logout"),
    path("language/setlang/", login_not_required(set_language), name="set_language"),
    path("resume/", resume.resume, name="resume"),
    path("", include("surveys.urls")),
    path("", include("inspections.urls")),
    path("", include("reports.urls")),
]
