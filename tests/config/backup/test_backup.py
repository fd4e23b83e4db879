"""A backup is taken while people send answers, tried out, and put into nothing under another host
name; the same on SQLite and PostgreSQL.
"""

from __future__ import annotations

import json
import os
import sqlite3
import stat
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from config.work import holding
from tests import postgresql
from tests.conftest import ROOT

# a survey with a stored file and sealed contact details; then answers, until somebody says stop
WRITES = """
import sys, threading, django
django.setup()
from config.storage import encryption, files
from config.work.terminal import prepare_database
prepare_database()
from tests import field
made = field.survey()
files.keep(b"an original")
print("sealed", encryption.seal({"phone": "13800000000"}), flush=True)
over = threading.Event()
threading.Thread(target=lambda: (sys.stdin.read(), over.set()), daemon=True).start()
while not over.is_set():
    print(field.send(made).receipt, flush=True)
"""
READS = """
import sys, json, django
django.setup()
from config.storage import encryption, files
from surveys.collection.models.response import Response
from django.test import Client
import hashlib
print(json.dumps({
    "receipts": list(Response.objects.values_list("receipt", flat=True)),
    "file": files.read(hashlib.sha256(b"an original").hexdigest()).decode(),
    "opened": encryption.unseal(sys.argv[1]) if len(sys.argv) > 1 else None,
    "status": Client().get("/s/repairs/", headers={"host": "other.example.cn"}).status_code,
}))
"""


@pytest.fixture(params=["sqlite", "postgresql"])
def two(request, tmp_path, socket_enabled):
    """Return the variables of an installation and of an empty one of the same kind."""
    base = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings", "LC_ALL": "C.UTF-8"}
    one = {**base, "MINGCHA_VAR": str(tmp_path / "one"), "DATABASE_URL": ""}
    other = {
        **base,
        "MINGCHA_VAR": str(tmp_path / "other"),
        "DATABASE_URL": "",
        "MINGCHA_ADDRESS": "http://other.example.cn",
    }
    if request.param == "sqlite":
        yield one, other
        return
    if postgresql.programs() is None:
        pytest.skip("not run: PostgreSQL is not installed")
    # pytest's own folders are closed to the user that the server runs as
    with (
        tempfile.TemporaryDirectory() as folder,
        postgresql.running(Path(folder) / "server") as address,
    ):
        with psycopg.connect(address, autocommit=True) as server:
            server.execute("CREATE DATABASE other")
        empty = address.removesuffix("/postgres") + "/other"
        yield {**one, "DATABASE_URL": address}, {**other, "DATABASE_URL": empty}


def python(variables, *arguments):
    return subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, env=variables, capture_output=True, text=True
    )


def manage(variables, *arguments):
    return python(variables, "manage.py", *arguments)


def test_a_backup_taken_while_people_write_is_whole_elsewhere(tmp_path, two):
    one, other = two
    writing = subprocess.Popen(
        [sys.executable, "-c", WRITES],
        cwd=ROOT,
        env=one,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        sealed = writing.stdout.readline().split()[1]
        before = [writing.stdout.readline().strip() for _n in range(20)]
        taken = manage(one, "backup", str(tmp_path / "backups"), "--keys", str(tmp_path / "keys"))
        after = [writing.stdout.readline().strip() for _n in range(20)]  # nobody was held up
    finally:
        writing.communicate("")
    assert taken.returncode == 0, taken.stderr
    assert len(set(before + after)) == 40

    verified = manage(one, "backup", "verify", str(tmp_path / "backups"))
    assert verified.returncode == 0, verified.stdout + verified.stderr
    assert "every row and file is there" in verified.stdout

    keys = ["--keys", str(tmp_path / "keys")]
    restored = manage(other, "restore", str(tmp_path / "backups"), *keys)
    assert restored.returncode == 0, restored.stderr
    read = python(other, "-c", READS, sealed)
    assert read.returncode == 0, read.stderr
    found = json.loads(read.stdout)
    assert set(before) <= set(found["receipts"])
    assert found["opened"] == {"phone": "13800000000"}
    assert (found["file"], found["status"]) == ("an original", 200)

    again = manage(other, "restore", str(tmp_path / "backups"), *keys)
    assert again.returncode == 2
    assert "has data in it already" in again.stderr


@pytest.fixture
def small(tmp_path):
    """Return the variables of an installation with one stored file, and its backup."""
    base = {**os.environ, "LC_ALL": "C.UTF-8", "DATABASE_URL": ""}
    variables = {
        **base,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "MINGCHA_VAR": str(tmp_path / "one"),
    }
    keep = "import django; django.setup(); from config.storage import files; files.keep(b'x')"
    assert python(variables, "-c", keep).returncode == 0
    with closing(sqlite3.connect(tmp_path / "one" / "mingcha.sqlite3")) as database:
        database.execute("CREATE TABLE answers (answer TEXT)")
        database.execute("INSERT INTO answers VALUES ('9')")
        database.commit()
    done = manage(variables, "backup", str(tmp_path / "backups"))
    assert done.returncode == 0, done.stderr
    [backup] = backups(tmp_path / "backups")
    return variables, backup


def backups(folder):
    return sorted(folder.glob("[0-9]*"))


def elsewhere(variables, tmp_path):
    return {**variables, "MINGCHA_VAR": str(tmp_path / "other")}


def test_a_backup_is_its_owners_alone_and_holds_no_key(small):
    _variables, backup = small

    paths = [backup, *backup.rglob("*")]
    assert [path for path in paths if stat.S_IMODE(path.stat().st_mode) & 0o077] == []
    assert not [path for path in paths if "key" in path.name]


@pytest.mark.parametrize("part", ["database.sqlite3", "files"])
def test_a_damaged_backup_is_said_and_not_restored(tmp_path, small, part):
    variables, backup = small
    path = backup / part if part != "files" else next((backup / "files").glob("*/*"))
    content = path.read_bytes()
    path.write_bytes(content[:-1] + b"?")

    verified = manage(variables, "backup", "verify", str(backup))
    assert verified.returncode == 1
    assert path.name in verified.stdout
    restored = manage(elsewhere(variables, tmp_path), "restore", str(backup))
    assert restored.returncode == 2
    assert "is missing or damaged" in restored.stderr
    assert not (tmp_path / "other" / "mingcha.sqlite3").exists()


def test_rows_that_are_not_those_of_the_manifest_are_said(small):
    variables, backup = small
    manifest = json.loads((backup / "manifest.json").read_text())
    manifest["rows"]["answers"] += 1
    (backup / "manifest.json").write_text(json.dumps(manifest))

    verified = manage(variables, "backup", "verify", str(backup))

    assert verified.returncode == 1
    assert "answers: 1 ≠ 2" in verified.stdout


def test_nothing_is_restored_where_the_site_runs(tmp_path, small):
    variables, backup = small
    other = tmp_path / "other"
    other.mkdir()
    held = holding.hold(holding.data_folder(other))
    try:
        done = manage(elsewhere(variables, tmp_path), "restore", str(backup))
    finally:
        os.close(held)

    assert done.returncode == 2
    assert "stop the site first" in done.stderr


def test_a_backup_beside_the_data_is_refused(tmp_path, small):
    variables, _backup = small

    done = manage(variables, "backup", str(tmp_path / "one" / "backups"))

    assert done.returncode == 2
    assert "would be lost with it" in done.stderr


def test_other_keys_are_refused(tmp_path, small):
    variables, backup = small
    (tmp_path / "wrong").mkdir()
    (tmp_path / "wrong" / "secret-key").write_text("of another installation")

    done = manage(
        elsewhere(variables, tmp_path), "restore", str(backup), "--keys", str(tmp_path / "wrong")
    )

    assert done.returncode == 2
    assert "are not the keys" in done.stderr


def test_the_daily_one_is_taken_once_verified_and_named_by_the_doctor(tmp_path, small):
    variables, _backup = small
    variables = {**variables, "MINGCHA_BACKUP": str(tmp_path / "daily")}
    assert manage(variables, "backup", "--daily").stdout == ""  # one was taken just now
    (tmp_path / "one" / "backup.json").unlink()
    assert "LACKS  backup" in manage(variables, "doctor").stdout

    first = manage(variables, "backup", "--daily")
    second = manage(variables, "backup", "--daily")

    assert "every row and file is there" in first.stdout
    assert second.stdout == ""
    assert len(backups(tmp_path / "daily")) == 1
    assert "ok     backup: 0 hours old" in manage(variables, "doctor").stdout


def test_what_an_earlier_backup_has_takes_no_room(small):
    variables, backup = small
    done = manage(variables, "backup", str(backup.parent))
    assert done.returncode == 0, done.stderr

    [name] = [path.relative_to(backup) for path in (backup / "files").glob("*/*")]
    newest = backups(backup.parent)[-1]
    assert newest != backup
    assert (newest / name).samefile(backup / name)
