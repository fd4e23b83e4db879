"""Committed migrations are never edited: data that went through the one of before would differ from
what the one of now makes.

A new migration is added to the list with

    MINGCHA_WRITE_MIGRATIONS=1 ./mingcha test tests/config/test_migrations.py
"""

from __future__ import annotations

import hashlib
import os

from tests.conftest import ROOT

LIST = ROOT / "tests" / "golden" / "migrations.txt"


def test_migrations_are_as_they_were_committed():
    there = {
        str(path.relative_to(ROOT)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in ROOT.glob("*/migrations/[0-9]*.py")
    }
    listed = dict(line.split()[::-1] for line in LIST.read_text().splitlines())
    if os.environ.get("MINGCHA_WRITE_MIGRATIONS"):
        listed = {**there, **listed}  # only adds
        LIST.write_text("".join(f"{listed[name]} {name}\n" for name in sorted(listed)))

    assert there == listed
