"""No page of the back office shows made-up figures without saying so."""

from __future__ import annotations

import pytest

from config.accounts.models import User
from surveys.collection.models.survey import Survey
from tests import field

pytestmark = pytest.mark.django_db

MADE_UP = "Companies and answers are invented."
SOME = "Some of the surveys here are demonstrations"


@pytest.fixture
def office(client):
    client.force_login(User.objects.create_superuser("chief"))
    client.cookies["django_language"] = "en"
    return client


def says(office, address):
    return office.get(address).content.decode()


@pytest.mark.parametrize("address", ["/surveys/repairs/", "/surveys/repairs/cleaning/"])
def test_a_page_of_a_demonstration_says_so_and_a_real_one_does_not(office, address):
    survey = field.survey()
    assert MADE_UP not in says(office, address)
    assert SOME not in says(office, address)

    Survey.objects.filter(pk=survey.pk).update(demonstration=True)
    assert MADE_UP in says(office, address)


def test_a_page_of_a_campaign_and_the_lists_say_so(office):
    campaign = field.campaign()
    assert SOME not in says(office, "/campaigns/")

    Survey.objects.filter(pk=campaign.survey_id).update(demonstration=True)
    assert MADE_UP in says(office, "/campaigns/visits/")
    assert SOME in says(office, "/campaigns/")
    assert SOME in says(office, "/")
