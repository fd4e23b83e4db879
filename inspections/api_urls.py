"""Addresses of campaigns and visits in the API."""

from __future__ import annotations

from django.urls import path

from inspections.phone.api import Drafts, Phone, PhoneFiles, PhoneVisits
from inspections.visits.api import Campaigns, Visits

urlpatterns = [
    path("phone/", Phone.as_view({"get": "retrieve"}), name="api-phone"),
    path(
        "phone/checklists/<int:pk>/",
        Phone.as_view({"get": "checklist"}),
        name="api-phone-checklist",
    ),
    path(
        "phone/drafts/<uuid:uid>/",
        Drafts.as_view({"get": "retrieve", "put": "update"}),
        name="api-phone-draft",
    ),
    path(
        "phone/visits/<uuid:uid>/",
        PhoneVisits.as_view({"get": "retrieve", "post": "create"}),
        name="api-phone-visit",
    ),
    path(
        "phone/visits/<uuid:uid>/files/<slug:sha256>/",
        PhoneFiles.as_view({"get": "retrieve", "put": "update"}),
        name="api-phone-file",
    ),
    path(
        "phone/visits/<uuid:uid>/previews/<slug:sha256>/",
        PhoneFiles.as_view({"put": "preview"}),
        name="api-phone-preview",
    ),
    path("campaigns/", Campaigns.as_view({"get": "list"}), name="api-campaigns"),
    path("campaigns/<slug:slug>/", Campaigns.as_view({"get": "retrieve"}), name="api-campaign"),
    path("visits/", Visits.as_view({"get": "list"}), name="api-visits"),
    path("visits/<int:pk>/", Visits.as_view({"get": "retrieve"}), name="api-visit"),
]
