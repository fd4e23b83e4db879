"""mingcha inspection: what a campaign found, by type of site and topic, with the revisits, in
both languages.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from config.language.problems import InvalidInput, Problem, say
from config.work.spoken import SpokenCommand
from config.work.terminal import Steps, prepare_database, speak_the_terminals_language
from inspections.campaigns.models import Campaign
from reports.data.snapshots.answers import SUFFIX, reopen
from reports.inspection.files import NAMES
from reports.management.failing import in_words
from reports.production.make import make_inspection
from reports.publishing import bundle


class Command(SpokenCommand):
    help = say("Make the report of a campaign: PDF in Chinese and English, XLSX and manifest.")

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("campaign", help=say("its name, or a published snapshot.parquet"))
        parser.add_argument("--out", type=Path, required=True, help=say("the directory to write"))

    def handle(self, *args: Any, campaign: str, out: Path, **options: Any) -> None:
        speak_the_terminals_language()
        prepare_database()
        with in_words():
            bundle.refuse_foreign(out)
            path = Path(campaign)
            source = reopen(path, "inspection") if path.suffix == SUFFIX else _find(campaign)
            make_inspection(source, out, Steps().tell)
        for name in NAMES:
            self.stdout.write(str(out / name))


def _find(slug: str) -> Campaign:
    chosen = Campaign.objects.select_related("survey").filter(survey__slug=slug).first()
    if chosen is None:
        names = ", ".join(Campaign.objects.values_list("survey__slug", flat=True)) or "–"
        message = say("there is no such campaign; there are: {names}")
        raise InvalidInput(Problem(slug, message, {"names": names}))
    return chosen
