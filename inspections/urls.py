"""Addresses of the back office's pages of sites and campaigns."""

from __future__ import annotations

from django.urls import path

from inspections.assigning import views as assigning
from inspections.campaigns import site_views as sites
from inspections.campaigns import views as campaigns
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
    path("campaigns/<slug:slug>/settings/", campaigns.settings, name="campaign-settings"),
    path("campaigns/<slug:slug>/sites/", campaigns.sites, name="campaign-sites"),
    path("campaigns/<slug:slug>/sites/<int:pk>/", campaigns.place, name="campaign-site"),
    path("campaigns/<slug:slug>/sites/<int:pk>/truth/", campaigns.truth, name="campaign-truth"),
    path("campaigns/<slug:slug>/draw/", campaigns.draw, name="campaign-draw"),
    path("campaigns/<slug:slug>/draw/<int:pk>.json", campaigns.draw_file, name="draw-file"),
    path("campaigns/<slug:slug>/frame.xlsx", campaigns.frame_file, name="frame-file"),
    path("campaigns/<slug:slug>/version/", campaigns.version, name="campaign-version"),
    path("campaigns/<slug:slug>/assignments/", assigning.assignments, name="campaign-assignments"),
    path("campaigns/<slug:slug>/assignments/new/", assigning.new, name="assignment-new"),
    path("campaigns/<slug:slug>/assignments/routes.pdf", assigning.routes, name="campaign-routes"),
    path("campaigns/<slug:slug>/assignments/<uuid:uid>/", assigning.assignment, name="assignment"),
    path(
        "campaigns/<slug:slug>/assignments/<uuid:uid>/cancel/",
        assigning.cancel,
        name="assignment-cancel",
    ),
    path("campaigns/<slug:slug>/truth/", assigning.accuracy, name="campaign-accuracy"),
    path("inspectors/", assigning.inspectors, name="inspectors"),
    path("inspectors/<int:pk>/", assigning.inspector, name="inspector"),
    path("inspectors/<int:pk>/conflicts/", assigning.declare, name="conflict-declare"),
    path("campaigns/<slug:slug>/record/", console.record, name="visit-record"),
    path("visits/<int:pk>/", console.visit, name="visit"),
    path("photographs/<int:pk>/", console.photograph, name="photograph"),
]
