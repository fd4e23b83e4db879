"""Addresses of the back office's pages of sites and campaigns."""

from __future__ import annotations

from django.urls import path

from inspections.campaigns import site_views as sites
from inspections.visits import views as console

urlpatterns = [
    path("sites/", sites.index, name="sites"),
    path("sites.xlsx", sites.as_file, name="sites-file"),
    path("sites/map/", sites.on_map, name="sites-map"),
    path("sites/new/", sites.new, name="site-new"),
    path("sites/<int:pk>/", sites.site, name="site"),
    path("sites/<int:pk>/merge/", sites.merge, name="site-merge"),
    path("campaigns/", console.campaigns, name="campaigns"),
    path("campaigns/new/", console.campaign_new, name="campaign-new"),
    path("campaigns/<slug:slug>/", console.campaign, name="campaign"),
    path("campaigns/<slug:slug>/record/", console.record, name="visit-record"),
    path("visits/<int:pk>/", console.visit, name="visit"),
    path("photographs/<int:pk>/", console.photograph, name="photograph"),
]
