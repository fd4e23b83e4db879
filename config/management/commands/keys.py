"""mingcha keys: gives the installation new keys; what was sealed and signed before still opens."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet
from django.conf import settings
from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _

from config.language.problems import say
from config.storage.encryption import CONTACTS, digest_key, reseal
from config.storage.secret import write_whole
from config.work import holding
from config.work.spoken import SpokenCommand
from config.work.terminal import speak_the_terminals_language

FROM_OUTSIDE = {"secret-key": "MINGCHA_SECRET_KEY", CONTACTS: "MINGCHA_CONTACT_KEYS"}


class Command(SpokenCommand):
    help = say("Change the keys of the installation. The site must be stopped.")

    def add_arguments(self, parser: CommandParser) -> None:
        parts = parser.add_subparsers(dest="action", required=True)
        parts.add_parser("rotate", help=say("new keys seal and sign, those before still open"))
        parts.add_parser("reseal", help=say("seal everything anew with the first key"))
        parts.add_parser("drop", help=say("forget all keys but the first"))

    def handle(self, *args: Any, action: str, **options: Any) -> None:
        speak_the_terminals_language()
        var = Path(settings.VAR)
        try:
            held = holding.hold(holding.data_folder(var))
        except holding.Held:
            raise CommandError(_("stop the site first"), returncode=2) from None
        try:
            digest_key(str(var))  # kept apart before the signing key changes
            if action == "rotate":
                self.put_in_front("secret-key", secrets.token_urlsafe(50))
                self.put_in_front(CONTACTS, Fernet.generate_key().decode())
            done, unreadable = reseal()
            if action == "drop":
                if unreadable:
                    message = _("%(n)s sealed records are opened by no key; nothing was dropped")
                    raise CommandError(message % {"n": unreadable})
                for name in FROM_OUTSIDE:
                    self.drop(name)
        finally:
            os.close(held)
        message = _("%(done)s sealed records have the first key, %(unreadable)s no key opens")
        self.stdout.write(message % {"done": done, "unreadable": unreadable})

    def put_in_front(self, name: str, new: str) -> None:
        """Make a key the first of its file; one that comes from outside is changed there."""
        path = Path(settings.VAR) / name
        if os.environ.get(FROM_OUTSIDE[name]):
            message = _("%(name)s comes from outside: put the new key in front there, then reseal")
            self.stdout.write(message % {"name": FROM_OUTSIDE[name]})
        elif path.exists():
            write_whole(path, f"{new}\n{path.read_text().strip()}\n")

    def drop(self, name: str) -> None:
        """Keep only the first key of a file."""
        path = Path(settings.VAR) / name
        if path.exists():
            write_whole(path, f"{path.read_text().split()[0]}\n")
