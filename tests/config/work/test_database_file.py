"""The embedded database is opened by a SQLite that several processes may write with."""

from __future__ import annotations

import sqlite3
import subprocess
import sys

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.db.backends.sqlite3.base import Database

from config.work.database_file import SAFE, DatabaseFile, is_safe
from tests.conftest import ROOT

embedded = pytest.mark.skipif(
    connection.vendor != "sqlite", reason="not run: this database is no file"
)


@embedded
@pytest.mark.django_db
def test_django_uses_the_sqlite_that_is_brought_along(capsys):
    import pysqlite3.dbapi2

    assert Database is sqlite3.dbapi2 is pysqlite3.dbapi2
    with connection.cursor() as cursor:
        cursor.execute("SELECT sqlite_version()")
        [opened_by] = cursor.fetchone()
    assert tuple(map(int, opened_by.split("."))) >= SAFE

    call_command("doctor")

    assert f"ok     database: SQLite {opened_by}" in capsys.readouterr().out


@embedded
@pytest.mark.parametrize("version", [(3, 7, 0), (3, 40, 1), (3, 51, 2)])
def test_several_processes_are_refused_on_one_that_damages(monkeypatch, capsys, version):
    monkeypatch.setattr(sqlite3, "sqlite_version_info", version)
    monkeypatch.setattr(sqlite3, "sqlite_version", ".".join(map(str, version)))
    assert not is_safe()

    with pytest.raises(CommandError, match=r"can damage a database"):
        call_command("serve", port=1)
    with pytest.raises(CommandError, match="things are missing"):
        call_command("doctor")
    assert "LACKS  database: SQLite" in capsys.readouterr().out


@embedded
def test_without_it_python_s_own_is_used():
    code = (
        "import sys; sys.modules['pysqlite3'] = None; import config, sqlite3;"
        "print(sqlite3.__name__)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)

    assert done.stdout == "sqlite3\n"


@embedded
def test_another_file_under_the_name_is_noticed(tmp_path, settings):
    path = tmp_path / "mingcha.sqlite3"
    path.write_bytes(b"one")
    settings.DATABASES["default"] = {**settings.DATABASES["default"], "NAME": path}
    file = DatabaseFile()
    path.write_bytes(b"written into")
    assert file.is_the_same()

    (tmp_path / "new").write_bytes(b"another")
    (tmp_path / "new").rename(path)
    assert not file.is_the_same()
    path.unlink()
    assert not file.is_the_same()
