"""Addresses of the back office's pages of sites and campaigns."""

from __future__ import annotations

from django.urls import path

from inspections.assigning import views as assigning
from inspections.campaigns import site_views as sites
from inspections.campaigns import views as campaigns
from inspections.devices import views as devices
from inspections.dossier import views as dossier
from inspections.openrosa import views as openrosa
from inspections.phone import closing_views
from inspections.phone import views as phone
from inspections.review import views as review
from inspections.revisits import views as revisits
from inspections.visits import views as console

urlpatterns = [
    path("i/", phone.app, name="phone-app"),
    path("i/sw.js", phone.worker, name="phone-worker"),
    path("i/app.webmanifest", phone.manifest, name="phone-manifest"),
    path("phones/", devices.index, name="phones"),
    path("phones/<int:pk>/revoke/", devices.revoke, name="phone-revoke"),
    path("campaigns/<slug:slug>/close/", closing_views.close, name="campaign-close"),
    path("openrosa/<str:token>/formList", openrosa.form_list, name="openrosa-forms"),
    path("openrosa/<str:token>/forms/<int:pk>.xml", openrosa.form, name="openrosa-form"),
    path("openrosa/<str:token>/forms/<int:pk>/", openrosa.manifest, name="openrosa-manifest"),
    path("openrosa/<str:token>/forms/<int:pk>/<str:name>", openrosa.media, name="openrosa-media"),
    path("openrosa/<str:token>/submission", openrosa.submission, name="openrosa-submission"),
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
    path("inspectors/", assigning.people_who_visit, name="inspectors"),
    path("inspectors/<int:pk>/", assigning.inspector, name="inspector"),
    path("inspectors/<int:pk>/conflicts/", assigning.declare, name="conflict-declare"),
    path("campaigns/<slug:slug>/record/", console.record, name="visit-record"),
    path("campaigns/<slug:slug>/board/", review.campaign_board, name="campaign-board"),
    path("campaigns/<slug:slug>/claims/", review.campaign_claims, name="campaign-claims"),
    path("visits/<int:pk>/", review.visit, name="visit"),
    path("campaigns/<slug:slug>/revisits/", revisits.campaign, name="campaign-revisits"),
    path("campaigns/<slug:slug>/revisits/draw/", revisits.controls, name="campaign-controls"),
    path("visits/<int:pk>/mend/", revisits.mend, name="visit-mend"),
    path("visits/<int:pk>/outcome/", revisits.outcome, name="visit-outcome"),
    path("visits/days/", dossier.days, name="days"),
    path("visits/<int:pk>/dossier/", dossier.page, name="dossier"),
    path("visits/<int:pk>/dossier/<slug:language>/", dossier.as_pdf, name="dossier-pdf"),
    path("visits/<int:pk>/pack/", dossier.as_pack, name="evidence-pack"),
    path("visits/<int:pk>/<slug:what>/", review.step, name="visit-step"),
    path("findings/<int:pk>/<slug:what>/", review.finding, name="finding-step"),
    path("photographs/<int:pk>/", review.photograph, name="photograph"),
    path("evidence/<int:pk>/illegible/", review.blur, name="evidence-blur"),
    path("evidence/<int:pk>/give-up/", review.give_up, name="evidence-give-up"),
    path("evidence/<int:pk>/certificate/", review.certify, name="evidence-certify"),
]
