"""What is wrong is said in one form and both languages, and nothing a request says is a fault of ours."""

from __future__ import annotations

import json
from uuid import uuid4

import pytest
from django.test import Client

from tests import field
from tests.api.device import API, Device
from tests.people import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def device() -> Device:
    return Device(person("all"))


def problem(answer, status: int, kind: str):
    """Check the form of a problem and return it."""
    content = answer.json()
    assert answer.status_code == content["status"] == status
    assert answer["Content-Type"] == "application/problem+json"
    assert content["type"] == f"urn:mingcha:problem:{kind}"
    assert set(content) == {"type", "title", "status", "detail", "errors"}
    assert content["errors"]
    for error in content["errors"]:
        assert set(error) == {"where", "zh-Hans", "en"}
        assert error["zh-Hans"] != error["en"]
    return content


def sent(device: Device, body: bytes, kind: str = "application/json"):
    """Send a body as it is."""
    return device.browser.generic(
        "POST", f"{API}surveys/repairs/responses/", body, kind, headers=device.headers
    )


def test_a_problem_speaks_the_language_of_the_request():
    english = Client().get(f"{API}surveys/", headers={"Accept-Language": "en"})
    chinese = Client().get(f"{API}surveys/", headers={"Accept-Language": "zh-CN"})

    assert problem(english, 401, "not-signed-in")["title"] == "Who are you?"
    assert (
        problem(chinese, 401, "not-signed-in")["detail"] == english.json()["errors"][0]["zh-Hans"]
    )
    assert english["WWW-Authenticate"] == chinese["WWW-Authenticate"] == 'Bearer realm="mingcha"'


@pytest.mark.parametrize(
    "path",
    [
        "surveys/none/",
        "jobs/0/",
        "jobs/99999999999999999999/",
        "nowhere/",
        f"jobs/{'9' * 5000}/",
        "surveys/%00/",
    ],
)
def test_what_is_not_there_is_a_problem(device, path):
    problem(device.browser.get(API + path, headers=device.headers), 404, "not-found")


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])
def test_an_operation_that_there_is_not_is_a_problem(device, method):
    answer = device.browser.generic(method, f"{API}surveys/", headers=device.headers)

    problem(answer, 405, "method")
    assert "GET" in answer["Allow"]


def test_a_form_that_is_not_given_is_a_problem(device):
    answer = device.browser.get(f"{API}surveys/", headers={**device.headers, "Accept": "image/png"})

    problem(answer, 406, "not-acceptable")


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"\xff\xfe",
        b'{"uid": NaN}',
        b"[" * 100_000,
        b'{"uid": ' + b"9" * 5000 + b"}",
    ],
    ids=["cut", "bytes", "nan", "deep", "digits"],
)
def test_what_is_no_json_is_a_problem(device, body):
    field.survey()

    problem(sent(device, body), 400, "malformed")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"null",
        b"1",
        b'"x"',
        b"{}",
        b'{"uid": [], "answers": 1}',
        b'{"uid": {"a": 1}, "answers": []}',
    ],
)
def test_json_of_another_kind_is_a_problem_with_every_field(device, body):
    field.survey()

    problem(sent(device, body), 400, "invalid")


def test_a_body_that_is_no_json_or_too_large_is_a_problem(device):
    field.survey()

    problem(sent(device, b"a=1", "application/x-www-form-urlencoded"), 415, "media-type")
    problem(sent(device, b'{"a": "' + b"x" * 2**20 + b'"}'), 413, "too-large")


@pytest.mark.parametrize(
    "worth",
    [
        "\x00",
        "9" * 5000,
        10**4000,
        1e308,
        -1,
        True,
        {"a": 1},
        [[1]],
        [None],
        ["\ud800"],
        "\ud800",
        "=1+1",
    ],
    ids=lambda worth: ascii(worth)[:12],
)
@pytest.mark.parametrize(
    "question", ["repaired", "problems", "company", "speed", "hours", "comment"]
)
def test_an_answer_of_any_kind_is_taken_or_refused_and_no_fault(device, question, worth):
    field.survey()
    body = json.dumps({"uid": str(uuid4()), "answers": {**field.FULL, question: worth}}).encode()

    answer = sent(device, body)

    if (
        question == "comment"
        and isinstance(worth, (str, int, float))
        and not isinstance(worth, bool)
        and len(str(worth)) <= 5000
    ):
        assert answer.status_code == 201
    else:
        problem(answer, 422, "refused")


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("surveys/", {"state": "gone"}),
        ("surveys/", {"has_pages": "1"}),
        ("surveys/", {"limit": "0"}),
        ("surveys/", {"limit": "9" * 5000}),
        ("surveys/", {"offset": "-1"}),
        ("surveys/", {"offset": "9" * 30}),
        ("surveys/", {"ordering": "title"}),
        ("companies/", {"search": "a\x00"}),
        ("companies/", {"search": "x" * 121}),
        ("reports/", {"survey": "\x00"}),
        ("surveys/repairs/responses/", {"cursor": "x"}),
        ("surveys/repairs/responses/", {"cursor": "cD1hYmM="}),
        ("surveys/repairs/responses/", {"cursor": "é"}),
        ("surveys/repairs/responses/", {"limit": "1.5"}),
        ("surveys/repairs/responses/", {"submitted_after": "yesterday"}),
        ("surveys/repairs/responses/", {"status": "fine"}),
        ("surveys/repairs/responses/", {"area": "00"}),
        ("surveys/repairs/responses.csv", {"codes": "perhaps"}),
    ],
    ids=lambda given: ascii(given)[:40],
)
def test_a_parameter_that_does_not_fit_is_a_problem(device, path, query):
    field.survey()

    found = problem(device.get(path, **query), 400, "invalid")

    assert found["errors"][0]["where"] in query


def test_who_asks_too_often_is_told_how_long_to_wait(device, settings):
    settings.API_RATES = {"token": "2/min", "network": None}
    other = Device(person("ben", "analyst"))

    answers = [device.get("") for _n in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    problem(answers[2], 429, "too-many")
    assert 1 <= int(answers[2]["Retry-After"]) <= 60
    assert other.get("").status_code == 200


def test_a_network_of_strangers_is_counted_as_one(settings):
    settings.API_RATES = {"token": None, "network": "2/min"}
    bad = {"Authorization": "Bearer mc_" + "x" * 43}

    first = Client().get(API, REMOTE_ADDR="192.0.2.1")
    second = Client().get(API, headers=bad, REMOTE_ADDR="192.0.2.77")
    third = Client().get(API, headers=bad, REMOTE_ADDR="192.0.2.3")
    elsewhere = Client().get(API, REMOTE_ADDR="198.51.100.1")

    assert [a.status_code for a in (first, second, third, elsewhere)] == [401, 401, 429, 401]
