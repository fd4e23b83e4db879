"""Addresses of the back office's pages of reports."""

from __future__ import annotations

from django.urls import path

from reports.production import views as console
from reports.releases import public
from reports.releases import views as releases
from reports.today.views import today

urlpatterns = [
    path("", today, name="today"),
    path("reports/", console.reports, name="reports"),
    path("reports/new/<slug:slug>/", console.new, name="report-new"),
    path("reports/<int:pk>/", console.report, name="report"),
    path("reports/<int:pk>/progress/", console.report_progress, name="report-progress"),
    path("reports/<int:pk>/<str:name>", console.file, name="report-file"),
    path("reports/<int:pk>/release/", releases.new, name="release-new"),
    path("releases/", releases.releases, name="releases"),
    path("releases/<int:pk>/", releases.release, name="release"),
    path("releases/<int:pk>/change/", releases.change, name="release-change"),
    path("releases/<int:pk>/correct/", releases.correct, name="release-correct"),
    path("releases/<int:pk>/steps/<slug:what>/", releases.step, name="release-step"),
    path("releases/<int:pk>/gates/<slug:gate>/", releases.override, name="release-override"),
    path("releases/overrides/<int:pk>/", releases.agree, name="release-agree"),
    path("releases/replies/<int:pk>/", releases.reply, name="release-reply"),
    path("r/", public.index, name="release-index"),
    path("r/feed.xml", public.feed, name="release-feed"),
    path("r/<slug:slug>/", public.latest, name="release-latest"),
    path("r/<slug:slug>/v<str:version>/", public.version, name="release-version"),
    path("r/<slug:slug>/v<str:version>/<str:name>", public.file, name="release-file"),
    path("verify/", public.verify, name="verify"),
]
