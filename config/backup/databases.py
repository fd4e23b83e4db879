"""A database as one file, of one moment, while others write: SQLite and PostgreSQL."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.backends.sqlite3._functions import register

from config.language.problems import InvalidInput, Problem, say
from config.storage.secret import close_to_others

Rows = dict[str, int]  # how many rows each table has
NAMES = {"sqlite": "database.sqlite3", "postgresql": "database.dump"}
TABLES = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
    "postgresql": "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()",
}


def dump(folder: Path) -> tuple[str, Rows]:
    """Write the database into a folder; return the file's name and the rows that are in it."""
    name = NAMES[connection.vendor]
    if connection.vendor == "sqlite":
        (folder / name).touch(mode=0o600)
        with _opened(_file()) as database, _opened(folder / name) as copy:
            # all pages within one read transaction: whoever writes meanwhile is not held up
            database.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")  # one file, without a log beside it
        return name, rows_of(folder / name)
    return name, _pg_dump(folder / name)


def rows_of(path: Path) -> Rows:
    """Return how many rows each table of a SQLite file has."""
    with _opened(path) as database:
        return _count(database.cursor(), "sqlite")


def load(path: Path) -> Rows:
    """Put a dump into the place of the settings, where nothing is yet; return the rows there.

    Raises InvalidInput where something is, or for a dump of the other kind of database.
    """
    _require_kind(path)
    _require_empty()
    if connection.vendor == "sqlite":
        close_to_others(_file())
        shutil.copyfile(path, _file())
        with _file().open("rb") as file:
            os.fsync(file.fileno())
        return rows_of(_file())
    _run("pg_restore", "--no-owner", "--exit-on-error", "--dbname", _address(), str(path))
    with connection.cursor() as cursor:
        return _count(cursor, "postgresql")


def try_out(path: Path, scratch: Path) -> tuple[Rows, list[str]]:
    """Load a dump into a scratch place that is thrown away; return its rows and what is broken."""
    _require_kind(path)
    if path.name == NAMES["sqlite"]:
        copy = scratch / path.name
        shutil.copyfile(path, copy)
        with _opened(copy) as database:
            said = [str(row[0]) for row in database.execute("PRAGMA integrity_check")]
            said += [f"{row[0]}: {row}" for row in database.execute("PRAGMA foreign_key_check")]
        return rows_of(copy), [line for line in said if line != "ok"]
    with _scratch_database() as address:
        _run("pg_restore", "--no-owner", "--exit-on-error", "--dbname", address, str(path))
        import psycopg

        with psycopg.connect(address, password=_password()) as database:
            return _count(database.cursor(), "postgresql"), []


def _count(cursor: Any, vendor: str) -> Rows:
    cursor.execute(TABLES[vendor])
    names = sorted(str(row[0]) for row in cursor.fetchall())
    rows: Rows = {}
    for name in names:
        cursor.execute(f'SELECT COUNT(*) FROM "{name}"')
        rows[name] = int(cursor.fetchone()[0])
    return rows


def _file() -> Path:
    return Path(settings.DATABASES["default"]["NAME"])


@contextmanager
def _opened(path: Path) -> Iterator[Any]:
    """Open a SQLite file that must be there, with the SQLite that Django uses."""
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True)) as database:
        register(database)  # constraints call functions of Django
        yield database


def _require_kind(path: Path) -> None:
    if path.name != NAMES[connection.vendor]:
        message = say("is a copy of another kind of database than this installation has")
        raise InvalidInput(Problem(str(path), message))


def _require_empty() -> None:
    if connection.vendor == "sqlite":
        there = [path for path in _file().parent.glob(f"{_file().name}*") if path.stat().st_size]
        place = str(_file())
    else:
        with connection.cursor() as cursor:
            cursor.execute(TABLES["postgresql"])
            there = cursor.fetchall()
        place = str(settings.DATABASES["default"]["NAME"])
    if there:
        message = say("has data in it already; a backup is restored into nothing")
        raise InvalidInput(Problem(place, message))


# --- PostgreSQL: by its own programs ------------------------------------------------------------


def _pg_dump(path: Path) -> Rows:
    """Dump and count in one snapshot, so that both are of the same moment."""
    with closing(connection.copy()) as apart, apart.cursor() as cursor:
        cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ")
        cursor.execute("SELECT pg_export_snapshot()")
        [snapshot] = cursor.fetchone()
        _run(
            *("pg_dump", "--format", "custom", "--no-owner", "--snapshot", snapshot),
            *("--file", str(path), "--dbname", _address()),
        )
        path.chmod(0o600)
        return _count(cursor, "postgresql")


def _address(name: str = "") -> str:
    """Return how PostgreSQL's programs reach the database; the password is told apart."""
    from psycopg.conninfo import make_conninfo

    # as it is set, not as the library that Django uses fills it up: its programs may be older
    given = settings.DATABASES["default"]
    parameters = {word: given.get(word.upper()) or None for word in ("host", "port", "user")}
    options = given.get("OPTIONS", {})
    parameters |= {word: text for word, text in options.items() if word.startswith("ssl")}
    return make_conninfo("", dbname=name or given["NAME"], **parameters)


@contextmanager
def _scratch_database() -> Iterator[str]:
    name = f"mingcha_try_{os.getpid()}"
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name} TEMPLATE template0")
    try:
        yield _address(name)
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE {name}")


def _run(program: str, *arguments: str) -> None:
    """Run a program of PostgreSQL. Raises InvalidInput with what it said."""
    command: Sequence[str] = [_program(program), *arguments]
    told = {**os.environ, "PGPASSWORD": _password()}
    done = subprocess.run(command, env=told, capture_output=True, text=True, check=False)
    if done.returncode:
        said = (done.stderr.strip().splitlines() or [str(done.returncode)])[0]
        raise InvalidInput(Problem(program, "{said}", {"said": said}))


def _password() -> str:
    return str(settings.DATABASES["default"].get("PASSWORD") or "")


def _program(name: str) -> str:
    """Return a program's path, the newest where Debian keeps several."""
    of_debian = Path("/usr/lib/postgresql").glob(f"*/bin/{name}")
    found = sorted(of_debian, key=lambda path: int(path.parts[-3].split(".")[0]))
    if path := (str(found[-1]) if found else shutil.which(name)):
        return path
    message = say("is not installed (apt-get install postgresql-client)")
    raise InvalidInput(Problem(name, message))
