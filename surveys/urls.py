"""Addresses of the pages for respondents."""

from __future__ import annotations

from django.urls import path

from surveys.views import fill

urlpatterns = [
    path("s/<slug:slug>/", fill.fill, name="fill"),
    path("s/<slug:slug>/thanks/<slug:receipt>/", fill.thanks, name="thanks"),
]
