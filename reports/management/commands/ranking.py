"""mingcha ranking: a plan and its data in, a bilingual ranking out."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from config.console import Steps, refusal, speak_the_terminals_language
from config.problems import Unusable
from reports.documents import bundle
from reports.documents import ranking as files_of_a_ranking
from reports.documents.proof import Unproved
from reports.documents.versions import FontMissing
from reports.plans.source_file import source_file
from reports.plans.validation import load
from reports.ranking import Ranking, compute
from reports.snapshots.take import take


class Command(BaseCommand):
    help = "Make a ranking: PDF in Chinese and English, CSV, XLSX, JSON, snapshot and manifest."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("plan", type=Path, help="the plan, a YAML file")
        parser.add_argument("--source", type=Path, help="the data, in place of the file the plan names")
        parser.add_argument("--out", type=Path, required=True, help="the directory to write")

    def handle(self, *args: Any, plan: Path, source: Path | None, out: Path, **options: Any) -> None:
        speak_the_terminals_language()
        try:
            ranking = make(plan, source, out, Steps())
        except Unusable as error:
            raise refusal(error) from None
        except (FontMissing, Unproved) as error:
            raise CommandError(str(error), returncode=1) from None
        except OSError as error:
            raise CommandError(f"{error.filename or out}: {error.strerror or error}", returncode=1) from None
        for name in files_of_a_ranking.NAMES:
            self.stdout.write(str(out / name))
        self.stdout.write(summary(ranking))


def make(plan_file: Path, source: Path | None, out: Path, step: Steps) -> Ranking:
    """Read, freeze, compute, render, write."""
    plan = load(plan_file)
    file = source_file(plan, plan_file, source)
    bundle.refuse_foreign(out, plan_file, *([file] if file else []))
    step(_("reading %(file)s") % {"file": file.name if file else plan.source.slug})
    plan, snapshot = take(plan, file)
    manifest = snapshot.manifest
    step(
        _("frozen: %(rows)s rows of %(companies)s companies")
        % {"rows": f"{manifest.rows_in:,}", "companies": manifest.companies - manifest.withheld}
    )
    ranking = compute(plan, snapshot, partial(_computing, step))
    files = files_of_a_ranking.make(ranking, snapshot, partial(_setting, step))
    bundle.write(files, out)
    step(_("written"))
    return ranking


def _computing(step: Steps, stage: str, done: int, all_: int) -> None:
    text = _("estimating") if stage == "estimate" else _("drawing rank ranges")
    if done:
        step.within(f"{text}: {done} / {all_}")
    else:
        step(text)


def _setting(step: Steps, file: str, page: int) -> None:
    if page:
        step.within(_("setting %(file)s: page %(page)s") % {"file": file, "page": page})
    else:
        step(_("setting %(file)s") % {"file": file})


def summary(ranking: Ranking) -> str:
    """Return the result in a line."""
    return _(
        "%(ranked)s companies ranked: %(above)s above, %(average)s not distinguishable, %(below)s below;"
        " %(withheld)s withheld"
    ) % {
        "ranked": len(ranking.ranked),
        "above": len(ranking.of_class("above")),
        "average": len(ranking.of_class("average")),
        "below": len(ranking.of_class("below")),
        "withheld": ranking.manifest.withheld,
    }
