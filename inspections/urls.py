"""Addresses of the back office's pages of campaigns."""

from __future__ import annotations

from django.urls import path

from inspections.devices import views as devices
from inspections.phone import closing_views
from inspections.phone import views as phone
from inspections.visits import views as console

urlpatterns = [
    path("i/", phone.app, name="phone-app"),
    path("i/sw.js", phone.worker, name="phone-worker"),
    path("i/app.webmanifest", phone.manifest, name="phone-manifest"),
    path("phones/", devices.index, name="phones"),
    path("phones/<int:pk>/revoke/", devices.revoke, name="phone-revoke"),
    path("campaigns/<slug:slug>/close/", closing_views.close, name="campaign-close"),
    path("campaigns/", console.campaigns, name="campaigns"),
    path("campaigns/new/", console.campaign_new, name="campaign-new"),
    path("campaigns/<slug:slug>/", console.campaign, name="campaign"),
    path("campaigns/<slug:slug>/record/", console.record, name="visit-record"),
    path("visits/<int:pk>/", console.visit, name="visit"),
    path("photographs/<int:pk>/", console.photograph, name="photograph"),
]
