"""A newcomer's first day: what goes wrong with a machine is one line in words, and nothing is left
behind.
"""

from __future__ import annotations

import io
import logging
import os
import signal
import socket
import stat
import subprocess
import sys
import time
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import get_commands, load_command_class

from config.address import read
from config.storage.visitors import network_text
from tests import field
from tests.conftest import ROOT
from tests.people import person


def environment(tmp_path, **more):
    return {
        **os.environ,
        "MINGCHA_VAR": str(tmp_path / "var"),
        "LC_ALL": "C.UTF-8",
        "DATABASE_URL": "",
        **more,
    }


def manage(tmp_path, *arguments, **more):
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=environment(tmp_path, **more),
        capture_output=True,
        text=True,
    )


def said(done):
    """Return what a command said when it failed: one line, no traceback."""
    assert done.returncode != 0
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr
    return done.stderr


@pytest.fixture
def taken(socket_enabled):
    with socket.socket() as there:
        there.bind(("127.0.0.1", 0))
        there.listen()
        yield there.getsockname()[1]


HEAVY = {"pandas", "pyarrow", "scipy", "weasyprint", "pikepdf", "pyreadstat", "rest_framework"}


@pytest.mark.parametrize(
    "command",
    [
        ("--help",),
        ("doctor",),
        ("messages", "--check"),
        ("companies", "--help"),
        ("companies", "merge", "oak", "pine", "--reason", "one register entry"),
        ("questionnaire", "check", "tests"),
        ("serve", "--port", "80000"),
        ("forget",),
    ],
    ids=" ".join,
)
def test_a_command_that_reads_no_data_loads_no_library_for_data(tmp_path, command):
    heard = manage(tmp_path, *command, PYTHONPROFILEIMPORTTIME="1").stderr

    loaded = {line.rpartition("|")[2].strip() for line in heard.splitlines()}
    assert "django" in loaded
    assert HEAVY & loaded == set()


@pytest.mark.parametrize(
    "name",
    [
        name
        for name, app in get_commands().items()
        if app in ("config", "surveys", "inspections", "reports")
    ],
)
def test_a_command_of_ours_does_not_look_through_the_pages_first(name):
    command = load_command_class(get_commands()[name], name)

    assert command.requires_system_checks == []


def test_a_port_that_is_taken_is_said_before_anything_is_made(tmp_path, taken):
    done = manage(tmp_path, "serve", "--port", str(taken))

    assert f"port {taken} cannot be used" in said(done)
    assert not (tmp_path / "var" / "mingcha.sqlite3").exists()


@pytest.mark.parametrize("port", ["0", "80000", "-1"])
def test_a_port_that_is_none_is_said(tmp_path, port):
    assert "is no port" in said(manage(tmp_path, "serve", f"--port={port}"))


def test_a_database_that_is_not_there_is_said(tmp_path):
    wrong = "postgres://nobody@127.0.0.1:1/none"

    assert "the database cannot be used" in said(manage(tmp_path, "migrate", DATABASE_URL=wrong))


def test_a_database_address_that_is_none_is_said(tmp_path):
    assert "DATABASE_URL" in said(manage(tmp_path, "migrate", DATABASE_URL="nonsense"))


@pytest.mark.parametrize(
    ("url", "words"),
    [("tsa.example.cn", "MINGCHA_TIMESTAMP_URL is no address"), ("https://a.cn", "TIMESTAMP_ROOT")],
)
def test_a_time_stamp_service_that_cannot_be_used_is_said(tmp_path, url, words):
    assert words in said(manage(tmp_path, "migrate", MINGCHA_TIMESTAMP_URL=url))


def test_a_folder_that_cannot_be_written_is_said(tmp_path):
    (tmp_path / "file").write_text("no folder")

    assert said(manage(tmp_path, "migrate", MINGCHA_VAR=str(tmp_path / "file" / "var")))


@pytest.mark.parametrize("address", ["survey.example.cn", "ftp://a", "https://a/path", "https://"])
def test_a_public_address_that_is_none_is_said(tmp_path, address):
    assert "MINGCHA_ADDRESS" in said(manage(tmp_path, "check", MINGCHA_ADDRESS=address))


def test_the_database_is_its_owners_alone(tmp_path):
    done = manage(tmp_path, "createsuperuser", "--no-input", "--username=zhang", "--email=")
    assert done.returncode == 0, done.stderr

    assert (tmp_path / "var" / "mingcha.sqlite3").exists()
    assert open_to_others(tmp_path / "var") == []


def test_what_a_questionnaire_leaves_in_the_data_folder_is_its_owners_alone(tmp_path):
    var = tmp_path / "var" / "demo"
    assert manage(tmp_path, "questionnaire", "starters", str(tmp_path)).returncode == 0

    done = manage(
        tmp_path, "questionnaire", "freeze", str(tmp_path / "mediation.xlsx"), MINGCHA_VAR=str(var)
    )

    assert done.returncode == 0, done.stderr
    assert list((var / "files").glob("*/*"))
    assert open_to_others(tmp_path / "var") == []


def open_to_others(folder):
    """Return what below a folder, itself included, somebody else may look into."""
    paths = [folder, *folder.rglob("*")]
    return [str(path) for path in paths if stat.S_IMODE(path.stat().st_mode) & 0o077]


def port_of_nobody():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(port):
    try:
        with urlopen(f"http://127.0.0.1:{port}/login/", timeout=5) as page:
            return page.status == 200
    except (URLError, OSError):
        return False


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_nothing_keeps_the_port_when_the_site_is_stopped(tmp_path, socket_enabled, how):
    port = port_of_nobody()
    command = [sys.executable, "manage.py", "serve", "--port", str(port)]
    site = subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment(tmp_path),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    try:
        for _second in range(180):
            if answers(port) or site.poll() is not None:
                break
            time.sleep(1)
        assert (tmp_path / "var" / "static").is_dir()
        assert open_to_others(tmp_path / "var") == []
        site.send_signal(how)
        _out, errors = site.communicate(timeout=120)
    finally:
        site.kill()

    assert b"Traceback" not in errors
    with socket.socket() as again:
        again.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        again.bind(("127.0.0.1", port))


@pytest.mark.django_db
def test_a_public_address_is_what_links_say_and_forms_may_come_from(client, settings):
    settings.PUBLIC_ADDRESS = "https://survey.example.cn"
    settings.CSRF_TRUSTED_ORIGINS = ["https://survey.example.cn"]
    field.survey()
    client.force_login(person("ada"))

    page = client.get("/surveys/repairs/collectors/").content.decode()

    assert "https://survey.example.cn/s/repairs/" in page
    assert "http://testserver" not in page


@pytest.mark.django_db
def test_a_poster_for_this_machine_alone_is_not_printed(client, settings):
    settings.ALLOWED_HOSTS = ["localhost"]
    field.survey()
    client.force_login(person("ada"))
    client.cookies["django_language"] = "en"

    page = client.get(
        "/surveys/repairs/collectors/posters.pdf", SERVER_NAME="localhost", follow=True
    )

    assert "No phone can follow http://localhost/" in page.content.decode()


@pytest.mark.django_db
def test_an_error_of_the_site_is_a_line_with_its_traceback(client, monkeypatch):
    handlers = logging.getLogger("django.request").handlers
    to_stderr = next(handler for handler in handlers if handler.get_name() == "stderr")
    written = io.StringIO()
    monkeypatch.setattr(to_stderr, "stream", written)
    client.force_login(person("ada"))
    client.raise_request_exception = False
    monkeypatch.setattr("reports.today.views.waiting", lambda person: 1 / 0)

    assert client.get("/").status_code == 500

    assert "ZeroDivisionError" in written.getvalue()


@pytest.mark.parametrize(
    ("written", "address", "host"),
    [
        ("HTTPS://Survey.Example.CN/", "https://survey.example.cn", "survey.example.cn"),
        ("http://[::1]:8000", "http://[::1]:8000", "[::1]"),
        ("", "", ""),
    ],
)
def test_a_public_address_is_read_in_one_form(written, address, host):
    assert read(written) == (address, host)


@pytest.mark.parametrize("written", ["https://a?b", "https://u:p@a", "https://a#b", "https://a:x"])
def test_a_public_address_with_more_in_it_is_refused(written):
    with pytest.raises(ImproperlyConfigured):
        read(written)


@pytest.mark.parametrize(
    ("forwarded", "network"),
    [("203.0.113.9:5", "203.0.113.0/24"), ("[2001:db8::1]:3", "2001:db8::/48"), ("x", "")],
)
def test_a_port_behind_a_forwarded_address_does_not_hide_it(rf, settings, forwarded, network):
    settings.PROXIES = 1

    assert network_text(rf.get("/", headers={"X-Forwarded-For": forwarded})) == network
