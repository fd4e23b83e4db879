"""Addresses of campaigns and visits in the API."""

from __future__ import annotations

from django.urls import path

from inspections.visits.api import Campaigns, Visits

urlpatterns = [
    path("campaigns/", Campaigns.as_view({"get": "list"}), name="api-campaigns"),
    path("campaigns/<slug:slug>/", Campaigns.as_view({"get": "retrieve"}), name="api-campaign"),
    path("visits/", Visits.as_view({"get": "list"}), name="api-visits"),
    path("visits/<int:pk>/", Visits.as_view({"get": "retrieve"}), name="api-visit"),
]
