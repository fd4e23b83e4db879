"""A form that came after the session had ended is sent after signing in, by its sender only."""

from __future__ import annotations

import html as entities
import re
import time

import pytest
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile

from config.accounts.models import User
from config.console import resume
from tests import field
from tests.pages import html
from tests.people import person

pytestmark = pytest.mark.django_db

CLOSE = "/surveys/repairs/close/"
PASSWORD = "a-long-password"


@pytest.fixture
def survey():
    return field.survey()


@pytest.fixture
def ended(client, survey):
    """A browser in which somebody was signed in until a moment ago."""
    person("ann")
    sign_in(client, "ann")
    assert client.get("/").status_code == 200
    end(client)
    client.cookies["django_language"] = "en"
    return client


def sign_in(client, name, after="/resume/"):
    return client.post("/login/", {"username": name, "password": PASSWORD, "next": after})


def end(client):
    """End the session, as its time or another sign-out does."""
    del client.cookies["sessionid"]


def shown(page) -> dict[str, list[str]]:
    """Return the fields that the first form of the page's own would send."""
    form = re.search(r"<h1>.*?</form>", html(page))[0]
    fields: dict[str, list[str]] = {}
    for name, value in re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', form):
        fields.setdefault(name, []).append(entities.unescape(value))
    return fields


def test_what_was_sent_is_shown_after_signing_in_and_sent_by_a_click(ended, survey):
    sent = {"why": "结束了 <b>", "several": ["a", "b"], "csrfmiddlewaretoken": "old"}

    away = ended.post(CLOSE, sent)
    assert away.status_code == 302
    assert away["Location"] == "/login/?next=/resume/"
    assert "is not lost" in html(ended.get(away["Location"], headers={"Accept-Language": "en"}))
    assert sign_in(ended, "ann")["Location"] == "/resume/"
    page = ended.get("/resume/")

    assert f'action="{CLOSE}"' in html(page)
    fields = shown(page)
    token = fields.pop("csrfmiddlewaretoken")
    assert token != ["old"]
    assert fields == {"why": ["结束了 <b>"], "several": ["a", "b"]}
    survey.refresh_from_db()
    assert survey.state() == "open", "nothing is done before the click"
    ended.post(CLOSE, fields)
    survey.refresh_from_db()
    assert survey.state() == "closed"
    assert ended.get("/resume/").status_code == 410, "what was sent does not wait any more"


def test_what_was_sent_is_not_sent_on_request(ended, survey):
    ended.post(CLOSE, {"why": "x"})
    sign_in(ended, "ann")

    assert ended.post("/resume/")["Location"] == "/"

    assert ended.get("/resume/").status_code == 410
    survey.refresh_from_db()
    assert survey.state() == "open"


def test_another_person_does_not_see_it(ended):
    person("bob")
    ended.post(CLOSE, {"why": "ann's own words"})
    sign_in(ended, "bob")

    page = ended.get("/resume/")

    assert page.status_code == 410
    assert "own words" not in html(page)
    sign_in(ended, "ann")
    assert ended.get("/resume/").status_code == 410, "it is gone, not only hidden"


def test_nobody_sees_it_before_signing_in(ended):
    ended.post(CLOSE, {"why": "ann's own words"})

    assert ended.get("/resume/")["Location"] == "/login/?next=/resume/"


def test_it_is_kept_for_half_an_hour(ended, monkeypatch):
    ended.post(CLOSE, {"why": "x"})
    sign_in(ended, "ann")
    now = time.time()

    monkeypatch.setattr(resume.time, "time", lambda: now + 29 * 60)
    assert ended.get("/resume/").status_code == 200
    monkeypatch.setattr(resume.time, "time", lambda: now + 31 * 60)
    assert ended.get("/resume/").status_code == 410


def test_what_was_sent_lies_sealed(ended):
    ended.post(CLOSE, {"why": "ann's own words"})

    kept = ended.session[resume.KEPT]
    assert kept["path"] == CLOSE
    assert "own words" not in str(kept)


@pytest.mark.parametrize(
    "fields", [{"why": "x" * 200_001}, {"password1": "secret"}, {"why": "很" * 70_000}]
)
def test_what_is_too_large_or_a_password_is_not_kept_and_that_is_said(ended, fields):
    away = ended.post(CLOSE, fields, headers={"Accept-Language": "en"})

    assert away["Location"] == f"/login/?next={CLOSE}"
    page = html(ended.get(away["Location"], headers={"Accept-Language": "en"}))
    assert "could not be kept" in page
    assert "is not lost" not in page
    assert resume.KEPT not in ended.session


def test_files_are_to_be_chosen_again(ended):
    upload = SimpleUploadedFile("小问卷.xlsx", b"content")

    ended.post("/questionnaires/upload/", {"note": "a", "files": upload})
    sign_in(ended, "ann")
    page = html(ended.get("/resume/"))

    assert re.search(r'<input type="file" name="files"[^>]* required', page)
    assert "小问卷.xlsx" in page
    assert 'enctype="multipart/form-data"' in page
    assert shown(ended.get("/resume/"))["note"] == ["a"]


def test_a_stranger_leaves_nothing_behind(client, survey):
    away = client.post(CLOSE, {"why": "x"})

    assert away["Location"] == f"/login/?next={CLOSE}"
    assert Session.objects.count() == 0


def test_nobody_writes_another_name_into_the_browser(ended):
    person("bob")
    ended.cookies[resume.WHO] = str(User.objects.get(username="bob").pk)

    ended.post(CLOSE, {"why": "x"})

    assert resume.KEPT not in ended.session


def test_a_part_of_a_page_does_not_become_the_sign_in_page(ended):
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/surveys/repairs/"}

    got = ended.get("/surveys/repairs/fieldwork/", headers=headers)
    sent = ended.post(CLOSE, {"why": "x"}, headers=headers)

    assert got["HX-Redirect"] == "/login/?next=/surveys/repairs/"
    assert sent["HX-Redirect"] == "/login/?next=/resume/"


@pytest.mark.parametrize(
    "address", ["/s/repairs/", "/withdraw/", "/login/", "/static/config/seal.svg"]
)
def test_what_is_for_everybody_needs_no_sign_in_and_sets_no_cookie(client, survey, address):
    page = client.get(address)
    page.close()

    assert page.status_code == 200
    assert "sessionid" not in page.cookies
    assert resume.WHO not in page.cookies


def test_a_respondents_page_is_the_same_for_every_session(client, survey):
    assert "Cookie" not in client.get("/s/repairs/").get("Vary", "")


def test_the_language_is_changed_and_signed_out_without_being_signed_in(client):
    assert client.post("/language/setlang/", {"language": "en"})["Location"] == "/"
    assert client.post("/logout/")["Location"] == "/login/"


def test_every_other_page_is_for_those_who_signed_in(client, survey):
    for address in ("/", "/surveys/", "/reports/", "/resume/", "/surveys/repairs/responses/"):
        assert client.get(address)["Location"] == f"/login/?next={address}"
