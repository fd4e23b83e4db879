"""mingcha forget: deletes what was promised to be deleted by now. `serve` calls it at every
start and every day.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from config.accounts.signing_in import limits
from config.console import resume
from config.language.problems import say
from config.storage import files
from config.work import readings
from config.work.clock import is_believed
from config.work.spoken import SpokenCommand
from config.work.terminal import speak_the_terminals_language
from inspections.phone import parts
from surveys.collection import drafts, laid_aside
from surveys.collection import rights as respondents

LEAPT = say(
    "The clock is days ahead of the last time, so nothing was deleted; set it right within 20"
    " hours, or say --now if the machine was off"
)


class Command(SpokenCommand):
    help = say(
        "Delete what was promised to be deleted: old drafts, hashes of networks, contact details,"
        " runs of wrong attempts to sign in, sessions that have ended and forms kept for them,"
        " parts of files from phones."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--now", action="store_true", help=say("even if the clock has leapt ahead")
        )

    def handle(self, *args: Any, now: bool, **options: Any) -> None:
        speak_the_terminals_language()
        if not is_believed(settings.VAR, timezone.now()) and not now:
            self.stderr.write(_(LEAPT))
            return
        call_command("clearsessions")
        readings.forget_old(
            laid_aside.ANSWERS, laid_aside.COMPANIES
        )  # what was read of files that go now
        counts = {
            "drafts": drafts.forget_old(),
            "hashes": respondents.forget_hashes(),
            "contacts": respondents.forget_contacts(),
            "files": files.clear_temporary(),
            "attempts": limits.forget_old(),
            "forms": resume.forget_old(),
            "parts": parts.clear_old(),
        }
        message = _(
            "deleted: %(drafts)s drafts, %(hashes)s hashes of networks, %(contacts)s contact"
            " details,"
            " %(files)s files that were only looked at, %(attempts)s runs of wrong attempts to sign"
            " in, %(forms)s forms that nobody sent, %(parts)s files of which only a part had come"
        )
        self.stdout.write(message % counts)
