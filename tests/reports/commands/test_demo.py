"""The demonstration is built where nothing else is, and not under a site that shows it."""

from __future__ import annotations

import os

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection

from config.work import holding


@pytest.fixture(autouse=True)
def _folder(settings, tmp_path):
    settings.VAR = tmp_path / "demo"
    settings.VAR.mkdir()


def test_it_is_not_built_among_the_data_of_another_database(monkeypatch):
    monkeypatch.setattr(connection, "vendor", "postgresql")

    with pytest.raises(CommandError, match="DATABASE_URL"):
        call_command("demo")


@pytest.mark.skipif(connection.vendor != "sqlite", reason="not run: this database is no file")
def test_one_that_is_being_served_stays(settings):
    held = holding.hold(holding.data_folder(settings.VAR))
    try:
        with pytest.raises(CommandError, match="being served"):
            call_command("demo")
    finally:
        os.close(held)
