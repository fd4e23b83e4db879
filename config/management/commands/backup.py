"""mingcha backup: takes a copy of everything while people write; backup verify restores it into a
scratch place and compares.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _

from config.backup import copies
from config.language.problems import InvalidInput, say
from config.work.spoken import SpokenCommand
from config.work.terminal import refusal, speak_the_terminals_language

VERIFY = "verify"
DAILY = timedelta(hours=20)


class Command(SpokenCommand):
    help = say(
        "Take a backup into a new folder within DIR, or verify the latest one there. Without DIR it"
        " is MINGCHA_BACKUP."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("words", nargs="*", metavar="verify | DIR")
        parser.add_argument(
            "--keys", type=Path, help=say("another folder, for the keys that open what is sealed")
        )
        parser.add_argument(
            "--daily",
            action="store_true",
            help=say("only where the last one is older than 20 hours; it is verified then"),
        )

    def handle(self, *args: Any, words: list[str], **options: Any) -> None:
        speak_the_terminals_language()
        os.umask(0o077)
        only_verify = words[:1] == [VERIFY]
        folder = _folder(words[1:] if only_verify else words)
        if options["daily"] and _is_fresh():
            return
        try:
            if not only_verify:
                done = copies.take(folder, options["keys"])
                self.stdout.write(_("backup: %(folder)s") % {"folder": done})
                if not options["keys"]:
                    self.stdout.write(_("The keys are not in it; keep them apart: --keys DIR"))
            if only_verify or options["daily"]:
                self.verify(folder)
        except InvalidInput as error:
            raise refusal(error) from None

    def verify(self, folder: Path) -> None:
        """Say what a trial restore finds; end with 1 where it differs."""
        backup, wrong = copies.verify(folder)
        for line in wrong:
            self.stdout.write(line)
        if wrong:
            message = _("%(folder)s: %(n)s differences; it cannot be relied on")
            raise CommandError(message % {"folder": backup, "n": len(wrong)})
        self.stdout.write(
            _("%(folder)s: restored, every row and file is there") % {"folder": backup}
        )


def _folder(words: list[str]) -> Path:
    if len(words) > 1 or not (words or settings.BACKUP):
        raise CommandError(_("name one folder, or set MINGCHA_BACKUP"), returncode=2)
    return Path(words[0] if words else settings.BACKUP)


def _is_fresh() -> bool:
    last = copies.last_taken()
    if not last or not last["at"]:
        return False
    age = datetime.now(UTC) - datetime.fromisoformat(last["at"])
    return timedelta() <= age < DAILY  # one of the future is of a clock that was wrong
