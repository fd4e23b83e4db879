"""mingcha upgrade: after a new version was fetched, looks, backs up, brings the database to it and
says the way back.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _

from config import __version__
from config.backup import copies, upgrading
from config.language.problems import InvalidInput, say
from config.storage.encryption import require_keys
from config.storage.secret import private_folder
from config.work import holding
from config.work.spoken import SpokenCommand
from config.work.terminal import prepare_database, refusal, speak_the_terminals_language


class Command(SpokenCommand):
    help = say("Bring the data to this version: look first, back up, migrate, check.")

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", nargs="?", type=Path, metavar="DIR")
        parser.add_argument("--look", action="store_true", help=say("look only, change nothing"))

    def handle(self, *args: Any, folder: Path | None, look: bool, **options: Any) -> None:
        speak_the_terminals_language()
        os.umask(0o077)
        var = Path(settings.VAR)
        private_folder(var)
        try:
            held = holding.hold(holding.data_folder(var))
        except holding.Held:
            raise CommandError(_("stop the site first"), returncode=2) from None
        try:
            self.upgrade(folder or (Path(settings.BACKUP) if settings.BACKUP else None), look)
        except InvalidInput as error:
            raise refusal(error) from None
        finally:
            os.close(held)

    def upgrade(self, folder: Path | None, look: bool) -> None:
        """Do it, as far as nothing is in the way."""
        coming = upgrading.to_come()
        for name in coming:
            self.stdout.write(_("to come: %(name)s") % {"name": name})
        if found := list(upgrading.hindrances()):
            raise InvalidInput(*found)
        if look or not coming:
            if not coming:
                self.stdout.write(_("the data are of version %(v)s") % {"v": __version__})
            return
        if folder is None:
            raise CommandError(
                _("name a folder for the backup, or set MINGCHA_BACKUP"), returncode=2
            )
        backup = copies.take(folder)
        _backup, wrong = copies.verify(backup)
        if wrong:
            raise CommandError(_("the backup cannot be relied on; nothing was changed"))
        way_back = _(
            "The way back: take the earlier version, move %(var)s away, and\n"
            "  ./mingcha restore %(backup)s --keys %(var)s.away"
        ) % {"var": settings.VAR, "backup": backup}
        self.stdout.write(way_back)
        prepare_database()
        require_keys()
        call_command("audit", "verify", stdout=self.stdout)
        self.stdout.write(_("the data are of version %(v)s") % {"v": __version__})
