"""Addresses of the back office's pages of campaigns."""

from __future__ import annotations

from django.urls import path

from inspections.visits import views as console

urlpatterns = [
    path("campaigns/", console.campaigns, name="campaigns"),
    path("campaigns/new/", console.campaign_new, name="campaign-new"),
    path("campaigns/<slug:slug>/", console.campaign, name="campaign"),
    path("campaigns/<slug:slug>/record/", console.record, name="visit-record"),
    path("visits/<int:pk>/", console.visit, name="visit"),
    path("photographs/<int:pk>/", console.photograph, name="photograph"),
]
