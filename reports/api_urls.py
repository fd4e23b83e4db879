"""Addresses of reports in the API."""

from __future__ import annotations

from django.urls import path

from reports.production.api import ReportFiles, Reports

urlpatterns = [
    path("reports/", Reports.as_view({"get": "list"}), name="api-reports"),
    path("reports/<int:pk>/", Reports.as_view({"get": "retrieve"}), name="api-report"),
    path("reports/<int:pk>/result/", Reports.as_view({"get": "result"}), name="api-result"),
    path(
        "reports/<int:pk>/files/<str:name>",
        ReportFiles.as_view({"get": "file"}),
        name="api-report-file",
    ),
]
