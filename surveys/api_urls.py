"""Addresses of surveys, questionnaires, companies and responses in the API."""

from __future__ import annotations

from django.urls import path

from surveys.collection.api import Surveys
from surveys.designing.api import Questionnaires, Workbooks
from surveys.directory.api import Companies
from surveys.monitoring.api import Fieldwork
from surveys.responses.api import Exports, Responses

urlpatterns = [
    path("surveys/", Surveys.as_view({"get": "list"}), name="api-surveys"),
    path("surveys/<slug:slug>/", Surveys.as_view({"get": "retrieve"}), name="api-survey"),
    path(
        "surveys/<slug:slug>/fieldwork/",
        Fieldwork.as_view({"get": "figures"}),
        name="api-fieldwork",
    ),
    path(
        "surveys/<slug:slug>/responses/",
        Responses.as_view({"get": "list", "post": "create"}),
        name="api-responses",
    ),
    path(
        "surveys/<slug:slug>/responses.csv", Exports.as_view({"get": "export"}), name="api-export"
    ),
    path(
        "surveys/<slug:slug>/responses/<uuid:uid>/",
        Responses.as_view({"get": "retrieve"}),
        name="api-response",
    ),
    path("questionnaires/", Questionnaires.as_view({"get": "list"}), name="api-questionnaires"),
    path(
        "questionnaires/<int:pk>/",
        Questionnaires.as_view({"get": "retrieve"}),
        name="api-questionnaire",
    ),
    path(
        "questionnaires/<int:pk>/compiled/",
        Questionnaires.as_view({"get": "compiled"}),
        name="api-compiled",
    ),
    path(
        "questionnaires/<int:pk>/workbook/",
        Workbooks.as_view({"get": "workbook"}),
        name="api-workbook",
    ),
    path("companies/", Companies.as_view({"get": "list"}), name="api-companies"),
    path("companies/<slug:key>/", Companies.as_view({"get": "retrieve"}), name="api-company"),
]
