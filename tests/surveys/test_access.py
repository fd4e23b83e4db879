"""Staff who are posted to a city see its part and change nothing for all; strangers see nothing."""

from __future__ import annotations

import pytest
from django.test import Client

from config.accounts.models import User
from surveys.collection.models.survey import Survey
from tests import field
from tests.people import person

pytestmark = pytest.mark.django_db

READ = [
    "/surveys/",
    "/surveys/repairs/",
    "/surveys/repairs/fieldwork/",
    "/companies/",
    "/companies/ash/",
]
FOR_ALL = [
    ("get", "/surveys/repairs/imports/"),
    ("get", "/surveys/repairs/cleaning/"),
    ("post", "/surveys/repairs/cleaning/run/"),
    ("post", "/surveys/repairs/close/"),
    ("post", "/companies/"),
    ("post", "/companies/ash/"),
    ("post", "/companies/ash/merge/"),
    ("post", "/companies/ash/offer/"),
]


@pytest.fixture
def city(client):
    """Sign in somebody who is posted to Datong."""
    user = person("ada", areas=["140200"])
    client.force_login(user)
    return client


@pytest.mark.parametrize("address", READ)
def test_a_city_reads(city, address):
    field.survey()
    assert city.get(address).status_code == 200


@pytest.mark.parametrize(("method", "address"), FOR_ALL)
def test_a_city_changes_nothing_for_all(city, method, address):
    field.survey()
    assert getattr(city, method)(address).status_code == 403
    assert Survey.objects.get().state() == "open"


@pytest.mark.parametrize(("method", "address"), FOR_ALL)
def test_strangers_are_asked_to_sign_in(client, method, address):
    field.survey()
    assert getattr(client, method)(address).url.startswith("/login/")


def test_a_refusal_and_a_form_without_its_token_are_said_in_both_languages(city):
    field.survey()
    refused = city.post("/companies/ash/merge/").content.decode()
    assert "所有地区" in refused
    assert "every area" in refused
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(User.objects.get())
    unsent = strict.post("/companies/ash/merge/")
    assert unsent.status_code == 403
    assert "表单没有提交" in unsent.content.decode()
