"""Before a new version changes the data they are looked at and backed up."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from config.backup import upgrading
from config.work import holding
from config.work.models import Job
from tests.conftest import ROOT


def manage(variables, *arguments):
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=variables,
        capture_output=True,
        text=True,
    )


def test_data_of_an_earlier_version_are_backed_up_then_brought_to_this_one(tmp_path):
    variables = {
        **os.environ,
        "MINGCHA_VAR": str(tmp_path / "var"),
        "DATABASE_URL": "",
        "LC_ALL": "C.UTF-8",
    }
    assert manage(variables, "migrate", "config", "0009", "-v0").returncode == 0

    looked = manage(variables, "upgrade", "--look")
    assert looked.returncode == 0, looked.stderr
    assert "to come: config 0010_job_task" in looked.stdout
    refused = manage(variables, "upgrade")
    assert refused.returncode == 2
    assert "name a folder for the backup" in refused.stderr

    done = manage(variables, "upgrade", str(tmp_path / "backups"))
    assert done.returncode == 0, done.stderr
    [backup] = (tmp_path / "backups").glob("[0-9]*")
    assert f"./mingcha restore {backup}" in done.stdout
    assert "to come" not in manage(variables, "upgrade", "--look").stdout


@pytest.mark.django_db
def test_work_under_way_is_in_the_way():
    Job.objects.create(title="a report", state=Job.State.RUNNING)

    with pytest.raises(CommandError, match="a report: is being worked at"):
        call_command("upgrade", "--look")


@pytest.mark.django_db
def test_too_little_room_is_in_the_way(monkeypatch):
    monkeypatch.setattr(upgrading, "LEAST", 1 << 60)

    with pytest.raises(CommandError, match="MB are needed"):
        call_command("upgrade", "--look")


@pytest.mark.django_db
def test_nothing_is_done_while_the_site_runs(settings):
    held = holding.hold(holding.data_folder(settings.VAR))
    try:
        with pytest.raises(CommandError, match="stop the site"):
            call_command("upgrade", "--look")
    finally:
        os.close(held)
