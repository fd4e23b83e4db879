"""Addresses of jobs in the API."""

from __future__ import annotations

from django.urls import path

from config.work.api import Jobs

urlpatterns = [
    path("jobs/", Jobs.as_view({"get": "list"}), name="api-jobs"),
    path("jobs/<int:pk>/", Jobs.as_view({"get": "retrieve"}), name="api-job"),
]
