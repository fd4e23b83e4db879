"""mingcha plan: init writes a first plan, check reads one and its data, rehearse tries one
before fieldwork.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from config.language.problems import InvalidInput
from config.tabular.tables import read
from config.work.terminal import (
    TerminalCommand,
    prepare_database,
    refusal,
    speak_the_terminals_language,
)
from reports.data.snapshots.take import take
from reports.plans import draft
from reports.plans.plan import Expect, Plan
from reports.plans.source_file import source_file
from reports.plans.validation import load
from reports.ranking.presenters.rehearsal import told
from reports.ranking.rehearsal import rehearse_plan


class Command(TerminalCommand):
    help = (
        "Write a first plan for a file, check a plan and its data, or rehearse it before fieldwork."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parts = parser.add_subparsers(dest="action", required=True)
        init = parts.add_parser(
            "init", help="write a commented plan by looking at the columns of a file"
        )
        init.add_argument("file", type=Path)
        init.add_argument("--out", type=Path, help="the plan to write (beside the file)")
        check = parts.add_parser("check", help="read a plan and its data, write nothing")
        check.add_argument("plan", type=Path)
        check.add_argument("--source", type=Path)
        trial = parts.add_parser(
            "rehearse", help="simulate a plan before fieldwork and say what to expect of it"
        )
        trial.add_argument("plan", type=Path)
        trial.add_argument("--companies", type=int, help="how many, in place of the plan's expect")
        trial.add_argument(
            "--answers", type=int, help="of each company, in place of the plan's expect"
        )

    def handle(self, *args: Any, action: str, **options: Any) -> None:
        speak_the_terminals_language()
        try:
            actions: dict[str, Callable[..., str]] = {
                "init": self.init,
                "check": self.check_plan,
                "rehearse": self.rehearse,
            }
            self.stdout.write(actions[action](**options))
        except InvalidInput as error:
            raise refusal(error) from None

    def init(self, *, file: Path, out: Path | None, **options: Any) -> str:
        """Write a draft and say what was guessed."""
        frame = read(file).frame
        guess = draft.infer({str(name): frame[name].tolist() for name in frame.columns})
        target = out or file.with_suffix(".yaml")
        text = draft.write(file.name, guess, timezone.localdate().isoformat())
        try:
            with target.open("x", encoding="utf-8") as plan:
                plan.write(text)
        except FileExistsError:
            raise CommandError(
                _("%(file)s is there already; nothing was changed") % {"file": target}, returncode=2
            ) from None
        return _(
            "%(file)s written: company in %(company)s, %(items)s rated columns. Read it, then:"
            " %(next)s"
        ) % {
            "file": target,
            "company": guess.company or "?",
            "items": len(guess.items),
            "next": f"./mingcha plan check {target}",
        }

    def rehearse(
        self, *, plan: Path, companies: int | None, answers: int | None, **options: Any
    ) -> str:
        """Simulate the plan and return what to expect."""
        loaded = load(plan)
        if companies or answers:
            loaded = replace(loaded, expect=_expect(loaded, companies, answers))
        return "\n".join(told(rehearse_plan(loaded), loaded))

    def check_plan(self, *, plan: Path, source: Path | None, **options: Any) -> str:
        """Read everything a ranking would read, and say how much would be in it."""
        checked = load(plan)
        if checked.source.slug:
            prepare_database()
        manifest = take(checked, source_file(checked, plan, source))[1].manifest
        return _(
            "%(plan)s and its data can be used: %(rows)s rows in, %(kept)s companies, %(withheld)s"
            " withheld"
        ) % {
            "plan": plan.name,
            "rows": f"{manifest.rows_in:,}",
            "kept": manifest.companies - manifest.withheld,
            "withheld": manifest.withheld,
        }


def _expect(plan: Plan, companies: int | None, answers: int | None) -> Expect:
    """Return what the options say, the plan's own word where they are silent."""
    told = plan.expect or Expect(())
    count, each = (
        companies or len(told.answers),
        answers or (told.answers[0] if told.answers else 0),
    )
    if count < 2 or each < 1:
        raise CommandError(_("give both --companies (at least 2) and --answers"), returncode=2)
    return replace(told, answers=(each,) * count)
