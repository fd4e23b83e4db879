"""mingcha topline: every question of a survey with base, share or mean and interval, in both
languages.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from config.language.problems import say
from config.work.spoken import SpokenCommand
from config.work.terminal import Steps, prepare_database, speak_the_terminals_language
from reports.data.snapshots.answers import SUFFIX, reopen
from reports.management.failing import in_words
from reports.production.make import make_topline
from reports.publishing import bundle
from reports.topline.files import NAMES
from surveys.collection.selectors import find_survey


class Command(SpokenCommand):
    help = say("Make the topline of a survey: PDF in Chinese and English, XLSX and manifest.")

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("survey", help=say("its name, or a published snapshot.parquet"))
        parser.add_argument("--out", type=Path, required=True, help=say("the directory to write"))

    def handle(self, *args: Any, survey: str, out: Path, **options: Any) -> None:
        speak_the_terminals_language()
        prepare_database()
        with in_words():
            bundle.refuse_foreign(out)
            path = Path(survey)
            source = reopen(path, "topline") if path.suffix == SUFFIX else find_survey(survey)
            make_topline(source, out, Steps().tell)
        for name in NAMES:
            self.stdout.write(str(out / name))
