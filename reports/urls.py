"""Addresses of the back office's pages of reports."""

from __future__ import annotations

from django.urls import path

from reports.production import views as console
from reports.today.views import today

urlpatterns = [
    path("", today, name="today"),
    path("reports/", console.reports, name="reports"),
    path("reports/new/<slug:slug>/", console.new, name="report-new"),
    path("reports/<int:pk>/", console.report, name="report"),
    path("reports/<int:pk>/progress/", console.report_progress, name="report-progress"),
    path("reports/<int:pk>/<str:name>", console.file, name="report-file"),
]
