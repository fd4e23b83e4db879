"""mingcha ranking: a plan and its data in, a bilingual ranking out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _

from config.language.problems import say
from config.work.spoken import SpokenCommand
from config.work.terminal import Steps, prepare_database, speak_the_terminals_language
from reports.management.failing import in_words
from reports.plans.source_file import source_file
from reports.plans.validation import load
from reports.production.make import make_ranking
from reports.publishing import bundle
from reports.ranking import files as files_of_a_ranking
from reports.ranking.result import Ranking


class Command(SpokenCommand):
    help = say(
        "Make a ranking: PDF in Chinese and English, CSV, XLSX, JSON, snapshot and manifest."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("plan", type=Path, help=say("the plan, a YAML file"))
        parser.add_argument(
            "--source", type=Path, help=say("the data, in place of the file the plan names")
        )
        parser.add_argument("--out", type=Path, required=True, help=say("the directory to write"))

    def handle(
        self, *args: Any, plan: Path, source: Path | None, out: Path, **options: Any
    ) -> None:
        speak_the_terminals_language()
        with in_words():
            ranking = make(plan, source, out, Steps())
        for name in files_of_a_ranking.NAMES:
            self.stdout.write(str(out / name))
        self.stdout.write(summary(ranking))


def make(plan_file: Path, source: Path | None, out: Path, step: Steps) -> Ranking:
    """Make the ranking of a plan, unless that would take away what is not ours."""
    bundle.refuse_foreign(out, plan_file, *([source] if source else []))
    plan = load(plan_file)
    file = source_file(plan, plan_file, source)
    if plan.source.slug or (plan.further.compare_with or "").isdecimal():
        prepare_database()
    if file:
        bundle.refuse_foreign(out, file)
    return make_ranking(plan, file, out, step.tell, folder=plan_file.parent)


def summary(ranking: Ranking) -> str:
    """Return the result in a line."""
    return _(
        "%(ranked)s companies ranked: %(above)s above, %(average)s not distinguishable, %(below)s"
        " below;"
        " %(withheld)s withheld"
    ) % {
        "ranked": len(ranking.ranked),
        "above": len(ranking.of_class("above")),
        "average": len(ranking.of_class("average")),
        "below": len(ranking.of_class("below")),
        "withheld": ranking.manifest.withheld,
    }
