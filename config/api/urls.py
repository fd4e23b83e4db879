"""Addresses of the API's entrance; each room adds its own."""

from __future__ import annotations

from django.urls import path

from config.api.root import Entrance, docs

urlpatterns = [
    path("", Entrance.as_view({"get": "entrance"}), name="api"),
    path("schema/", Entrance.as_view({"get": "document"}), name="api-schema"),
    path("docs/", docs, name="api-docs"),
]
