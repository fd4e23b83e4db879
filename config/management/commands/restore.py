"""mingcha restore: puts a backup where this installation has nothing yet."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import CommandParser
from django.utils.translation import gettext as _

from config.backup import copies
from config.language.problems import InvalidInput, say
from config.work.spoken import SpokenCommand
from config.work.terminal import refusal, speak_the_terminals_language


class Command(SpokenCommand):
    help = say("Put a backup, or the latest one in a folder, where there are no data yet.")

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, metavar="DIR")
        parser.add_argument("--keys", type=Path, help=say("where its keys were kept"))

    def handle(self, *args: Any, folder: Path, keys: Path | None, **options: Any) -> None:
        speak_the_terminals_language()
        os.umask(0o077)
        try:
            backup, made = copies.restore(folder, keys)
        except InvalidInput as error:
            raise refusal(error) from None
        call_command("migrate", verbosity=0)  # a backup of an earlier version
        message = _("%(folder)s of %(at)s is restored: %(rows)s rows, %(files)s files")
        counts = {"rows": sum(made.rows.values()), "files": len(made.files) - 1}
        self.stdout.write(message % {"folder": backup, "at": made.taken_at, **counts})
        if made.keys and not keys:
            self.stdout.write(
                _(
                    "Without its keys, contact details and second factors in it stay sealed, and"
                    " everybody signs in again: restore once more into nothing, with --keys DIR"
                )
            )
