"""Addresses of sites, campaigns, assignments and visits in the API."""

from __future__ import annotations

from django.urls import path

from inspections.assigning.api import Assignments
from inspections.campaigns.api import Places, Sites
from inspections.visits.api import Campaigns, Visits

urlpatterns = [
    path("campaigns/", Campaigns.as_view({"get": "list"}), name="api-campaigns"),
    path("campaigns/<slug:slug>/", Campaigns.as_view({"get": "retrieve"}), name="api-campaign"),
    path(
        "campaigns/<slug:slug>/sites/", Places.as_view({"get": "list"}), name="api-campaign-sites"
    ),
    path("sites/", Sites.as_view({"get": "list"}), name="api-sites"),
    path("sites/<int:pk>/", Sites.as_view({"get": "retrieve"}), name="api-site"),
    path("assignments/", Assignments.as_view({"get": "list"}), name="api-assignments"),
    path(
        "assignments/<uuid:uid>/",
        Assignments.as_view({"get": "retrieve"}),
        name="api-assignment",
    ),
    path("visits/", Visits.as_view({"get": "list"}), name="api-visits"),
    path("visits/<int:pk>/", Visits.as_view({"get": "retrieve"}), name="api-visit"),
]
