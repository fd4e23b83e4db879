"""Making the database ready leaves nothing else behind."""

from __future__ import annotations

import pytest

from config.work import terminal

pytestmark = pytest.mark.django_db


def test_a_database_in_memory_leaves_no_file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    terminal.prepare_database()

    assert list(tmp_path.iterdir()) == []
