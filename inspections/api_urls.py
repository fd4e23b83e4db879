"""Addresses of sites, campaigns, assignments and visits in the API."""

from __future__ import annotations

from django.urls import path

from inspections.assigning.api import Assignments
from inspections.campaigns.api import Places, Sites
from inspections.phone.api import Checklists, Drafts, Files, Phones, PhoneVisits
from inspections.review.api import Findings, VisitEvidence, VisitReview
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
    path(
        "visits/<int:pk>/evidence/",
        VisitEvidence.as_view({"get": "list"}),
        name="api-visit-evidence",
    ),
    path(
        "visits/<int:pk>/review/", VisitReview.as_view({"get": "retrieve"}), name="api-visit-review"
    ),
    path(
        "visits/<int:pk>/accept/", VisitReview.as_view({"post": "accept"}), name="api-visit-accept"
    ),
    path(
        "visits/<int:pk>/return/",
        VisitReview.as_view({"post": "give_back"}),
        name="api-visit-return",
    ),
    path(
        "visits/<int:pk>/void/",
        VisitReview.as_view({"post": "declare_void"}),
        name="api-visit-void",
    ),
    path("findings/", Findings.as_view({"get": "list"}), name="api-findings"),
    path("findings/<int:pk>/", Findings.as_view({"get": "retrieve"}), name="api-finding"),
    path(
        "findings/<int:pk>/confirm/",
        Findings.as_view({"post": "confirm"}),
        name="api-finding-confirm",
    ),
    path(
        "findings/<int:pk>/dismiss/",
        Findings.as_view({"post": "dismiss"}),
        name="api-finding-dismiss",
    ),
    path("phone/", Phones.as_view({"get": "assignments", "post": "seen"}), name="api-phone"),
    path(
        "phone/checklists/<slug:slug>/<int:pk>/",
        Checklists.as_view({"get": "retrieve"}),
        name="api-phone-checklist",
    ),
    path(
        "phone/assignments/<uuid:uid>/draft/",
        Drafts.as_view({"get": "retrieve", "put": "keep"}),
        name="api-phone-draft",
    ),
    path(
        "phone/assignments/<uuid:uid>/visit/",
        PhoneVisits.as_view({"get": "retrieve", "post": "send"}),
        name="api-phone-visit",
    ),
    path(
        "phone/assignments/<uuid:uid>/files/<slug:sha256>/",
        Files.as_view({"get": "retrieve", "put": "put"}),
        name="api-phone-file",
    ),
    path(
        "phone/assignments/<uuid:uid>/files/<slug:sha256>/preview/",
        Files.as_view({"put": "preview"}),
        name="api-phone-preview",
    ),
]
