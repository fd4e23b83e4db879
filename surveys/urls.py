"""Addresses of the pages for respondents, and of the back office's pages of surveys."""

from __future__ import annotations

from django.urls import path, re_path

from surveys.views import console, fill

urlpatterns = [
    path("s/<slug:slug>/", fill.fill, name="fill"),
    path("s/<slug:slug>/thanks/<slug:receipt>/", fill.thanks, name="thanks"),
    path("surveys/", console.surveys, name="surveys"),
    path("surveys/<slug:slug>/", console.survey, name="survey"),
    re_path(r"^surveys/(?P<slug>[-\w]+)/(?P<what>open|close|reopen)/$", console.step, name="survey-step"),
]
