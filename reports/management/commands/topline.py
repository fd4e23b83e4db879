"""mingcha topline: every question of a survey with base, share or mean and interval, in both languages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.console import Steps, prepare_database, refusal, speak_the_terminals_language
from config.problems import Unusable
from reports.documents import bundle
from reports.documents.proof import Unproved
from reports.documents.topline import NAMES
from reports.documents.versions import FontMissing
from reports.production import make_topline
from surveys.selectors import find_survey


class Command(BaseCommand):
    help = "Make the topline of a survey: PDF in Chinese and English, XLSX and manifest."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("survey")
        parser.add_argument("--out", type=Path, required=True, help="the directory to write")

    def handle(self, *args: Any, survey: str, out: Path, **options: Any) -> None:
        speak_the_terminals_language()
        prepare_database()
        try:
            bundle.refuse_foreign(out)
            make_topline(find_survey(survey), out, Steps().tell)
        except Unusable as error:
            raise refusal(error) from None
        except (FontMissing, Unproved) as error:
            raise CommandError(str(error), returncode=1) from None
        for name in NAMES:
            self.stdout.write(str(out / name))
