"""The ground floor: users, the signing key, messages, the doctor, the examples."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.core.management import call_command

from config.accounts.models import User
from tests.conftest import ROOT


def test_the_user_is_our_own():
    assert get_user_model() is User


@pytest.mark.django_db
def test_a_superuser_signs_in_to_the_admin_in_chinese(client):
    User.objects.create_superuser("zhang", password="very-long-secret")

    client.login(username="zhang", password="very-long-secret")
    page = client.get("/admin/")

    assert page.status_code == 200
    assert 'lang="zh-hans"' in page.content.decode()


@pytest.mark.django_db
def test_migrations_are_complete():
    call_command("makemigrations", check=True, dry_run=True)


def test_messages_are_complete_and_compiled():
    call_command("messages", check=True)


def test_the_doctor_names_what_is_there(capsys):
    call_command("doctor")

    said = capsys.readouterr().out
    assert re.search(r"ok +Python 3\.1[123]", said)
    assert "Noto Serif CJK SC" in said


def test_the_example_data_is_what_its_script_makes(tmp_path):
    made = tmp_path / "appliance.csv"
    script = ROOT / "docs" / "examples" / "make_appliance.py"
    code = f"import runpy, pathlib; runpy.run_path({str(script)!r})['write'](pathlib.Path({str(made)!r}))"
    subprocess.run([sys.executable, "-c", code], check=True)

    assert made.read_bytes() == (ROOT / "docs" / "examples" / "appliance.csv").read_bytes()


def test_the_launcher_is_posix_sh(program):
    subprocess.run(
        [program("shellcheck"), "-s", "sh", str(ROOT / "mingcha"), str(ROOT / ".ci" / "run")],
        check=True,
    )


def test_lock_files_hold_no_addresses():
    for lock in ROOT.glob("requirements*.lock"):
        assert "://" not in lock.read_text(), lock.name


# fields that are called like a stored file and hold none
NO_FILE = {
    ("FileReading", "sha256"): "a file that is laid aside for a day",
    ("Draw", "sha256"): "over the frame and what was drawn",
    ("VisitDraft", "files"): "what a phone announces, not yet here",
}


def test_every_record_of_a_stored_file_says_so():
    """A model that names bytes by their SHA-256 keeps them from being deleted with another
    record.
    """
    silent = [
        model.__name__
        for model in apps.get_models()
        for field in model._meta.fields
        if field.name in ("sha256", "shown", "workbook", "files")
        and field.name not in getattr(model, "STORED", ())
        and (model.__name__, field.name) not in NO_FILE
    ]
    assert silent == []
