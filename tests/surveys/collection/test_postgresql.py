"""The same tests on PostgreSQL: everything that writes answers, and every list, run once more
against a server started for it.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import psycopg
import pytest

from tests import postgresql
from tests.conftest import ROOT

# not the durability test, which kills servers of its own
AGAIN = (
    "config/accounts/test_audit.py",
    "config/accounts/test_people.py",
    "surveys/channels",
    "surveys/collection/test_accept.py",
    "surveys/collection/test_sampling.py",
    "surveys/directory",
    "surveys/monitoring",
    "surveys/quality/test_cleaning.py",
    "surveys/respondent/test_respondents.py",
)


def test_what_writes_answers_does_so_on_postgresql(socket_enabled):
    if postgresql.programs() is None:
        pytest.skip("not run: postgresql is not installed")
    # pytest's own folders are closed to the user that the server runs as
    with (
        tempfile.TemporaryDirectory() as folder,
        postgresql.running(Path(folder) / "server") as address,
    ):
        chosen = [f"tests/{name}" for name in AGAIN]
        again = subprocess.run(
            [
                sys.executable,
                "-m",
                "pytest",
                "-q",
                "--reuse-db",
                "-p",
                "no:cacheprovider",
                "--force-enable-socket",
                *chosen,
            ],
            cwd=ROOT,
            env={**os.environ, "DATABASE_URL": address},
            capture_output=True,
            text=True,
        )
        with psycopg.connect(address) as connection:
            written = connection.execute(
                "SELECT 1 FROM pg_database WHERE datname = 'test_postgres'"
            ).fetchone()
    assert again.returncode == 0, again.stdout[-4000:]
    assert written, "the tests ran on another database"
