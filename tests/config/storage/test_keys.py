"""Keys are made whole, never over what an earlier one sealed, and changed without losing it."""

from __future__ import annotations

import os
import stat

import pytest
from django.core import signing
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.core.management.base import CommandError

from config.accounts.second_factor.models import AuthenticatorApp
from config.storage import encryption, secret
from config.storage.secret import kept_secret, signing_keys
from config.work import holding
from tests.people import person


@pytest.fixture(autouse=True)
def _own_keys(monkeypatch):
    for name in ("MINGCHA_SECRET_KEY", "MINGCHA_CONTACT_KEYS", "MINGCHA_DIGEST_KEY"):
        monkeypatch.delenv(name, raising=False)
    encryption._box.cache_clear()
    encryption.digest_key.cache_clear()
    yield
    encryption._box.cache_clear()
    encryption.digest_key.cache_clear()


def test_a_signing_key_is_made_once_and_kept_private(tmp_path):
    [key] = signing_keys(tmp_path / "var")

    assert len(key) > 50
    assert signing_keys(tmp_path / "var") == [key]
    assert stat.S_IMODE((tmp_path / "var" / "secret-key").stat().st_mode) == 0o600


def test_a_full_disk_leaves_no_key_rather_than_an_empty_one(tmp_path, monkeypatch):
    def full(descriptor):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(secret.os, "fsync", full)
        with pytest.raises(OSError, match="No space left"):
            kept_secret(tmp_path / "key", lambda: "made")

    assert list(tmp_path.iterdir()) == []
    assert kept_secret(tmp_path / "key", lambda: "made") == "made"


def test_an_empty_key_is_said(tmp_path):
    (tmp_path / "key").touch()

    with pytest.raises(ImproperlyConfigured, match="is empty"):
        kept_secret(tmp_path / "key", lambda: "made")


def test_the_signing_key_of_data_is_not_made_anew(tmp_path):
    (tmp_path / "mingcha.sqlite3").write_bytes(b"data")

    with pytest.raises(ImproperlyConfigured, match="is missing"):
        signing_keys(tmp_path)
    assert not (tmp_path / "secret-key").exists()


def sealed_app(name="ada"):
    sealed = encryption.seal({"secret": "s"})
    return AuthenticatorApp.objects.create(user=person(name), sealed=sealed)


@pytest.mark.django_db
def test_a_key_that_sealed_something_is_not_made_anew(settings):
    sealed_app()
    (settings.VAR / "contact-keys").unlink()
    encryption._box.cache_clear()

    with pytest.raises(ImproperlyConfigured, match="is missing"):
        encryption.seal({"secret": "another"})
    with pytest.raises(ImproperlyConfigured, match="is missing"):
        encryption.require_keys()
    assert not (settings.VAR / "contact-keys").exists()


@pytest.mark.django_db
def test_keys_are_changed_without_losing_what_was_sealed_signed_or_hashed(settings):
    settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS = signing_keys(settings.VAR)
    app, hashed = sealed_app(), encryption.digest("13800000000", "contact")
    before, signed = app.sealed, signing.dumps("a page under way")

    call_command("keys", "rotate")
    settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS = signing_keys(settings.VAR)
    encryption.digest_key.cache_clear()

    app.refresh_from_db()
    assert app.sealed != before
    assert encryption.unseal(app.sealed) == {"secret": "s"}
    assert signing.loads(signed) == "a page under way"
    assert encryption.digest("13800000000", "contact") == hashed

    call_command("keys", "drop")
    encryption._box.cache_clear()
    assert encryption.unseal(app.sealed) == {"secret": "s"}
    with pytest.raises(encryption.Unreadable):
        encryption.unseal(before)
    assert len(signing_keys(settings.VAR)) == 1


@pytest.mark.django_db
def test_a_record_that_no_key_opens_keeps_the_old_keys(settings):
    sealed_app()
    AuthenticatorApp.objects.create(user=person("ben"), sealed="of another installation")
    call_command("keys", "rotate")
    keys = (settings.VAR / "contact-keys").read_text()

    with pytest.raises(CommandError, match="1 sealed records"):
        call_command("keys", "drop")

    assert (settings.VAR / "contact-keys").read_text() == keys


@pytest.mark.django_db
def test_keys_stay_while_the_site_runs(settings):
    held = holding.hold(holding.data_folder(settings.VAR))
    try:
        with pytest.raises(CommandError, match="stop the site"):
            call_command("keys", "rotate")
    finally:
        os.close(held)
