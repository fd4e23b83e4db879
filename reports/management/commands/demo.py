"""mingcha demo: the association's two jobs of 2023 with invented companies, from answers to
documents.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError, CommandParser
from django.db import connection
from django.utils.translation import gettext as _

from config.language.problems import InvalidInput, say
from config.storage.secret import private_folder
from config.work import holding
from config.work.spoken import SpokenCommand
from config.work.terminal import Steps, speak_the_terminals_language
from reports.demo import build, inspection
from reports.inspection.presenter import written
from reports.inspection.result import Inspection
from reports.management.commands.ranking import summary
from reports.plans.validation import load
from reports.production.make import make_inspection, make_ranking, make_topline
from reports.publishing import bundle
from reports.topline.presenter import percent
from reports.topline.result import Topline

PLAN = Path(build.__file__).parent / "plan.yaml"


class Command(SpokenCommand):
    help = say("Rebuild the demonstration in var/demo and write its documents into output/demo.")

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--out", type=Path, default=Path("output/demo"), help=say("the directory to write")
        )
        parser.add_argument(
            "--in-database",
            action="store_true",
            help=say("build it in the database of DATABASE_URL, which must be meant for it"),
        )

    def handle(self, *args: Any, out: Path, **options: Any) -> None:
        speak_the_terminals_language()
        if settings.VAR.name != "demo":
            raise CommandError(
                _("the demonstration is built in a folder named demo; it never touches other data")
            )
        if connection.vendor != "sqlite" and not options["in_database"]:
            raise CommandError(
                _(
                    "DATABASE_URL names a database, and the demonstration would be built among what"
                    " is in it; take the setting away, or say --in-database"
                ),
                returncode=2,
            )
        private_folder(settings.VAR)
        try:
            held = holding.hold(holding.data_folder(settings.VAR))
        except holding.Held:
            raise CommandError(
                _("the demonstration is being served; stop it first"), returncode=2
            ) from None
        try:
            self.build(out)
        finally:
            os.close(held)

    def build(self, out: Path) -> None:
        """Build everything anew."""
        for name in ("ranking", "topline", "inspection"):
            try:
                bundle.refuse_foreign(out / name)
            except InvalidInput as error:
                raise CommandError(error.problems[0].render(_), returncode=2) from None
        step = Steps()
        step(_("an empty database in %(folder)s") % {"folder": settings.VAR})
        _empty()
        versions = build.versions()
        build.register_companies()
        step(_("survey: 4,200 responses through the entrance"))
        survey = build.survey(
            versions["appliance_core"], lambda done, all_: step.within(f"{done} / {all_}")
        )
        step(_("campaign: 205 visits, 31 of them seen twice, and their revisits"))
        campaign = inspection.campaign(
            versions["qr_payment"], lambda done, all_: step.within(f"{done} / {all_}")
        )
        trial = build.survey_to_try(versions["appliance_core"])
        name, password = build.login()

        ranking = make_ranking(load(PLAN), None, out / "ranking", step.tell)
        topline = make_topline(survey, out / "topline", step.tell)
        visits = make_inspection(campaign, out / "inspection", step.tell)
        shutil.copyfile(PLAN, out / "plan.yaml")

        for path in sorted(out.rglob("*.*")):
            self.stdout.write(str(path))
        self.stdout.write("")
        self.stdout.write(summary(ranking))
        self.stdout.write(_topline(topline))
        self.stdout.write(_inspection(visits))
        self.stdout.write("")
        self.stdout.write(
            _(
                "To look around:  ./mingcha serve --demo   then sign in as %(name)s with the"
                " password %(password)s"
            )
            % {"name": name, "password": password}
        )
        self.stdout.write(_("A survey to fill in:  /s/%(slug)s/") % {"slug": trial.slug})


def _empty() -> None:
    """Begin with nothing: the demonstration is always the same."""
    connection.close()
    for path in settings.VAR.glob("mingcha.sqlite3*"):
        path.unlink()
    shutil.rmtree(settings.VAR / "files", ignore_errors=True)
    call_command("migrate", verbosity=0)


def _topline(topline: Topline) -> str:
    shares = {
        (result.question.name, choice.name): percent(share.share)
        for result in topline.results
        for choice, share in zip(result.choices, result.whole.shares, strict=True)
    }
    channels = ["local_service", "dealer", "street_shop", "online"]
    problems = ["overcharging", "attitude", "repeat_repair", "late", "exaggerated", "parts"]
    return _("repair channel %(channels)s %%; complaints %(problems)s %%") % {
        "channels": " / ".join(shares["channel", name] for name in channels),
        "problems": " / ".join(shares["problems", name] for name in problems),
    }


def _inspection(result: Inspection) -> str:
    figures = [written(line.counts[0]) for line in result.found[:3]]
    return _("sites with findings %(all)s %%; car parks %(first)s; restaurants %(second)s") % dict(
        zip(("all", "first", "second"), figures, strict=True)
    )
