"""How commands speak: in the language of the terminal, with progress on stderr and one way to
fail.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils import translation
from django.utils.translation import gettext as _

from config.language.languages import terminals_language
from config.language.problems import InvalidInput
from config.storage.secret import close_to_others


class TerminalCommand(BaseCommand):
    """What the program's own commands have in common: they do not look through the pages first.

    Django's checks import every address of the site with all libraries behind it, six seconds
    before `doctor` or `questionnaire check` can say a word; `./mingcha check` runs them.
    """

    requires_system_checks = []


def speak_the_terminals_language() -> None:
    """Speak Chinese in a Chinese locale, English elsewhere."""
    translation.activate(terminals_language())


class Steps:
    """Prints each step with the time since the start, and inside a long one how far it is, every
    two seconds.
    """

    def __init__(self) -> None:
        self.start = self.last = time.monotonic()

    def __call__(self, text: str) -> None:
        """Say what begins now."""
        self.last = time.monotonic()
        print(f"{self.last - self.start:6.1f} s  {text}", file=sys.stderr, flush=True)

    def tell(self, text: str, begins: bool) -> None:
        """Say a step that begins, or how far it is inside one."""
        if begins:
            self(text)
        else:
            self.within(text)

    def within(self, text: str) -> None:
        """Say how far it is, unless something was said just now."""
        if time.monotonic() - self.last > 2:
            self(text)


def refusal(error: InvalidInput) -> CommandError:
    """Return the error to raise: every problem on a line of its own, in the terminal's language,
    exit status 2.
    """
    return CommandError("\n".join(problem.render(_) for problem in error.problems), returncode=2)


def prepare_database() -> None:
    """Bring the database to what this version needs; a new one is made. Commands that read it
    call this first.
    """
    if connection.vendor == "sqlite" and not connection.is_in_memory_db():  # type: ignore[attr-defined]
        # to open and close the file beside an open connection would take that one's locks away
        connection.close()
        close_to_others(Path(settings.DATABASES["default"]["NAME"]))
    call_command("migrate", verbosity=0)
