"""Addresses of the API's entrance; each room adds its own."""

from __future__ import annotations

from django.urls import path

from config.api.root import Root, docs

urlpatterns = [
    path("", Root.as_view({"get": "root"}), name="api"),
    path("schema/", Root.as_view({"get": "document"}), name="api-schema"),
    path("docs/", docs, name="api-docs"),
]
