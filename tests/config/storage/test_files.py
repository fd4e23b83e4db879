"""Stored files: whole or not there, under their own SHA-256, in whatever storage was chosen."""

from __future__ import annotations

import hashlib
import json
import os
import stat
from datetime import timedelta

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, storages
from django.utils import timezone

from config.storage import durable, files
from config.storage.choice import chosen
from config.storage.durable import DurableStorage
from tests import field

CONTENT = b"a photograph"
DIGEST = hashlib.sha256(CONTENT).hexdigest()


class Elsewhere(FileSystemStorage):
    """A folder that is none of ours, as another backend would be: it renames what is there."""


BACKENDS = {
    "local": {"BACKEND": "config.storage.durable.DurableStorage"},
    "memory": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "elsewhere": {"BACKEND": "tests.config.storage.test_files.Elsewhere"},
}


@pytest.fixture(params=BACKENDS)
def storage(request, settings, tmp_path):
    """Every storage that the settings may name, through the words of MINGCHA_STORAGE."""
    entry = dict(BACKENDS[request.param])
    if request.param != "memory":
        entry["OPTIONS"] = {"location": str(tmp_path / "kept")}
    settings.STORAGES = {**settings.STORAGES, "evidence": chosen(json.dumps(entry))}
    return storages["evidence"]


def test_what_was_kept_is_read_under_its_own_sha256(storage):
    assert files.keep(CONTENT) == DIGEST
    assert files.keep(CONTENT) == DIGEST

    assert files.read(DIGEST) == CONTENT
    assert storage.size(f"{DIGEST[:2]}/{DIGEST}") == len(CONTENT)
    assert storage.listdir(DIGEST[:2])[1] == [DIGEST]


def test_what_was_not_kept_is_not_there(storage):
    with pytest.raises(FileNotFoundError):
        files.read(DIGEST)
    with pytest.raises(FileNotFoundError):
        files.read_temporary(DIGEST)


def test_two_that_keep_the_same_bytes_at_once_leave_one(storage, monkeypatch):
    files.keep(CONTENT)
    monkeypatch.setattr(type(storage), "exists", exists_only_later(type(storage).exists))

    files.keep(CONTENT)

    monkeypatch.undo()
    assert storage.listdir(DIGEST[:2])[1] == [DIGEST]
    assert files.read(DIGEST) == CONTENT


def exists_only_later(exists):
    """Return an `exists` that does not see a file the first time, as before another wrote it."""
    asked = []
    return lambda self, name: exists(self, name) if asked else bool(asked.append(name))


@pytest.mark.django_db
def test_a_file_that_no_record_holds_is_forgotten(storage):
    held = field.survey().version.workbook
    files.keep(CONTENT)

    files.forget([DIGEST, held, ""])

    assert files.read(held)
    with pytest.raises(FileNotFoundError):
        files.read(DIGEST)


def test_what_is_only_looked_at_goes_after_a_day(storage, monkeypatch):
    assert files.clear_temporary() == 0
    assert files.store_temporary(CONTENT) == DIGEST
    assert files.store_temporary(CONTENT) == DIGEST
    assert files.read_temporary(DIGEST) == CONTENT
    assert files.clear_temporary() == 0

    later = timezone.now() + timedelta(hours=25)
    monkeypatch.setattr(files.timezone, "now", lambda: later)
    assert files.clear_temporary() == 1

    with pytest.raises(FileNotFoundError):
        files.read_temporary(DIGEST)


def test_what_was_stored_is_looked_at_without_being_laid_aside(storage):
    files.keep(CONTENT)

    assert files.read_temporary(DIGEST) == CONTENT


def test_a_local_file_lies_in_the_data_folder_for_its_owner_only(settings):
    files.keep(CONTENT)

    path = settings.VAR / "files" / DIGEST[:2] / DIGEST
    assert path.read_bytes() == CONTENT
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_bytes_and_every_new_name_are_on_the_disk_before_a_file_counts_as_kept(
    settings, monkeypatch
):
    synced = []
    sync = os.fsync

    def noted(descriptor):
        synced.append(os.readlink(f"/proc/self/fd/{descriptor}"))
        sync(descriptor)

    monkeypatch.setattr(durable.os, "fsync", noted)

    files.keep(CONTENT)

    folder = settings.VAR / "files"
    written, *folders = synced
    assert written.startswith(f"{folder / DIGEST[:2]}/.")
    assert folders == [str(folder / DIGEST[:2]), str(folder), str(settings.VAR)]


def test_a_write_that_breaks_off_leaves_no_file_of_that_name(settings, monkeypatch):
    def broken(descriptor):
        raise OSError("no space left")

    monkeypatch.setattr(durable.os, "fsync", broken)
    with pytest.raises(OSError, match="no space left"):
        files.keep(CONTENT)
    monkeypatch.undo()

    with pytest.raises(FileNotFoundError):
        files.read(DIGEST)
    assert [p for p in (settings.VAR / "files").rglob("*") if p.is_file()] == []
    assert files.keep(CONTENT) == DIGEST
    assert files.read(DIGEST) == CONTENT


def test_a_name_is_written_once(tmp_path):
    storage = DurableStorage(location=tmp_path)
    storage.save("ab/name", ContentFile(b"first"))

    assert storage.save("ab/name", ContentFile(b"second")) == "ab/name"

    assert (tmp_path / "ab" / "name").read_bytes() == b"first"


def test_a_stored_file_has_no_address():
    with pytest.raises(ValueError, match="no address"):
        DurableStorage().url("ab/name")


def test_without_a_word_files_stay_on_this_machine():
    assert chosen("") == {"BACKEND": "config.storage.durable.DurableStorage"}


@pytest.mark.parametrize(
    "text",
    [
        "s3",
        "[]",
        "{}",
        '{"BACKEND": 3}',
        '{"BACKEND": "a.B", "OPTIONS": []}',
        '{"BACKEND": "a", "X": 1}',
    ],
)
def test_a_storage_that_cannot_be_understood_is_said(text):
    with pytest.raises(ImproperlyConfigured, match="MINGCHA_STORAGE"):
        chosen(text)
