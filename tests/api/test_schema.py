"""The OpenAPI document: complete, valid, closed to whoever has not signed in."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import get_resolver

from config.api.views import ApiView
from tests.api.device import API, Device
from tests.people import nobody

pytestmark = pytest.mark.django_db


def test_the_document_is_made_without_a_warning(tmp_path):
    call_command("spectacular", file=str(tmp_path / "api.yaml"), fail_on_warn=True, validate=True)


def test_every_operation_stands_in_the_document_with_who_may_do_it_decided():
    paths = Device(nobody("ann")).get("schema/").json()["paths"]

    views = [
        pattern.callback
        for include in get_resolver().url_patterns
        if str(include.pattern) == API.lstrip("/")
        for pattern in include.url_patterns
        if issubclass(getattr(pattern.callback, "cls", object), ApiView)
    ]
    actions = [set(view.actions.values()) for view in views]

    assert sum(map(len, actions)) == sum(map(len, paths.values()))
    assert all(
        view.cls.permissions.keys() >= done for view, done in zip(views, actions, strict=True)
    )


def test_an_operation_that_says_not_who_may_do_it_has_no_address():
    class Open(ApiView):
        permissions = {"list": "surveys.view"}

    with pytest.raises(ValueError, match="retrieve"):
        Open.as_view({"get": "retrieve"})


@pytest.mark.parametrize("path", ["", "schema/"])
def test_strangers_read_neither_entrance_nor_document(path):
    assert Client().get(API + path).status_code == 401


def test_strangers_are_led_to_sign_in_before_the_page_of_the_document():
    answer = Client().get(f"{API}docs/")

    assert (answer.status_code, answer["Location"]) == (302, f"/login/?next={API}docs/")
