"""What the site says of itself: the log without anything personal, and three addresses for
programs.
"""

from __future__ import annotations

import json
import logging
import subprocess

import pytest
from django.db import OperationalError

from config import health
from config.log import JsonLines
from tests import field
from tests.conftest import ROOT
from tests.people import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def lines():
    """Return a function that gives what was logged since, as it is written."""

    class Kept(logging.Handler):
        def emit(self, record):
            kept.append(json.loads(JsonLines().format(record)))

    kept, handler = [], Kept()
    loggers = [logging.getLogger(name) for name in ("config.request", "django.request")]
    for logger in loggers:
        logger.addHandler(handler)
    yield kept
    for logger in loggers:
        logger.removeHandler(handler)


def test_every_request_is_a_line_with_an_id_and_without_its_secrets(client, lines):
    receipt = field.send(field.survey()).receipt

    answer = client.get(f"/w/{receipt}/")

    [line] = lines
    assert line["route"] == "w/<slug:receipt>/"
    assert (line["method"], line["status"], line["logger"]) == ("GET", 200, "config.request")
    assert line["request"] == answer.headers["X-Request-ID"]
    assert receipt not in json.dumps(line)


def test_an_error_has_its_traceback_the_same_id_and_no_address(client, lines, monkeypatch):
    client.raise_request_exception = False
    monkeypatch.setattr("surveys.respondent.notice.render", lambda *given, **more: 1 / 0)
    receipt = field.send(field.survey()).receipt

    answer = client.get(f"/w/{receipt}/")

    assert answer.status_code == 500
    error = next(line for line in lines if line["level"] == "ERROR")
    assert "ZeroDivisionError" in error["exception"]
    assert error["message"] == "500 GET w/<slug:receipt>/"
    assert error["request"] == answer.headers["X-Request-ID"]
    assert receipt not in json.dumps(lines)


def test_who_is_signed_in_is_a_number(client, lines):
    ada = person("ada")
    client.force_login(ada)

    client.get("/account/")

    assert lines[0]["person"] == ada.pk
    assert "ada" not in json.dumps({**lines[0], "route": ""})


@pytest.mark.parametrize(
    ("proxies", "given", "kept"),
    [
        (1, "abc-12345678", True),
        (1, "short", False),
        (1, 'x" y\n' * 3, False),
        (0, "abc-12345678", False),
    ],
)
def test_the_id_of_a_proxy_of_ours_is_taken_over(client, settings, proxies, given, kept):
    settings.PROXIES = proxies

    answer = client.get("/healthz", headers={"x-request-id": given})

    assert (answer.headers["X-Request-ID"] == given) is kept


def test_what_postgresql_quotes_of_an_entry_is_left_out():
    record = logging.LogRecord(
        "x", logging.ERROR, "", 0, "failed\nDETAIL:  Key (tel)=(138)", (), None
    )

    assert "138" not in JsonLines().format(record)


def test_health_asks_nothing_and_is_not_in_the_log(client, lines, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert client.get("/healthz").content == b"ok\n"

    assert lines == []


def test_ready_says_what_is_missing(client, monkeypatch):
    assert client.get("/readyz").json() == {
        "database": True,
        "migrations": True,
        "folder": True,
        "room": True,
    }

    def away():
        raise OperationalError("gone")

    monkeypatch.setitem(health.CHECKS, "database", away)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["database"]) == (503, False)


def test_figures_are_for_who_has_the_token(client, settings):
    assert client.get("/metrics").status_code == 404
    settings.METRICS_TOKEN = "a-token"
    assert client.get("/metrics", headers={"authorization": "Bearer no"}).status_code == 404

    said = client.get("/metrics", headers={"authorization": "Bearer a-token"}).content.decode()

    assert '\nmingcha_jobs{state="waiting"} 0\n' in said
    assert "mingcha_disk_free_bytes" in said


def test_a_backup_shows_its_age(client, settings):
    settings.METRICS_TOKEN = "a-token"
    (settings.VAR / "backup.json").write_text(
        '{"at": "2026-01-01T00:00:00+00:00", "folder": "x", "verified_at": null}'
    )

    said = client.get("/metrics", headers={"authorization": "Bearer a-token"}).content.decode()

    assert "mingcha_backup_age_seconds" in said


def test_units_of_systemd_are_right(program, tmp_path):
    verify = program("systemd-analyze")
    made = []
    for unit in (ROOT / "docs" / "systemd").glob("*.service"):
        # its program and folder are where somebody puts them
        text = unit.read_text().replace("/opt/mingcha", str(ROOT))
        (tmp_path / unit.name).write_text(text)
        made.append(str(tmp_path / unit.name))
    done = subprocess.run(
        [verify, "verify", "--man=no", *made], capture_output=True, text=True, check=False
    )
    assert made
    assert (done.returncode, done.stderr) == (0, "")
