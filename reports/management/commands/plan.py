"""mingcha plan: init writes a first plan for a file, check reads a plan and its data and writes nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from config.console import prepare_database, refusal, speak_the_terminals_language
from config.problems import Unusable
from config.tables import read
from reports.plans import draft
from reports.plans.source_file import source_file
from reports.plans.validation import load
from reports.snapshots.take import take


class Command(BaseCommand):
    help = "Write a first plan for a file, or check a plan and its data."

    def add_arguments(self, parser: CommandParser) -> None:
        parts = parser.add_subparsers(dest="action", required=True)
        init = parts.add_parser("init", help="write a commented plan by looking at the columns of a file")
        init.add_argument("file", type=Path)
        init.add_argument("--out", type=Path, help="the plan to write (beside the file)")
        check = parts.add_parser("check", help="read a plan and its data, write nothing")
        check.add_argument("plan", type=Path)
        check.add_argument("--source", type=Path)

    def handle(self, *args: Any, action: str, **options: Any) -> None:
        speak_the_terminals_language()
        try:
            self.stdout.write(self.init(**options) if action == "init" else self.check_plan(**options))
        except Unusable as error:
            raise refusal(error) from None

    def init(self, *, file: Path, out: Path | None, **options: Any) -> str:
        """Write a draft and say what was guessed."""
        frame = read(file).frame
        guess = draft.look({str(name): frame[name].tolist() for name in frame.columns})
        target = out or file.with_suffix(".yaml")
        text = draft.write(file.name, guess, timezone.localdate().isoformat())
        try:
            with target.open("x", encoding="utf-8") as plan:
                plan.write(text)
        except FileExistsError:
            raise CommandError(
                _("%(file)s is there already; nothing was changed") % {"file": target}, returncode=2
            ) from None
        return _("%(file)s written: company in %(company)s, %(items)s rated columns. Read it, then: %(next)s") % {
            "file": target,
            "company": guess.company or "?",
            "items": len(guess.items),
            "next": f"./mingcha plan check {target}",
        }

    def check_plan(self, *, plan: Path, source: Path | None, **options: Any) -> str:
        """Read everything a ranking would read, and say how much would be in it."""
        checked = load(plan)
        if checked.source.slug:
            prepare_database()
        manifest = take(checked, source_file(checked, plan, source))[1].manifest
        return _("%(plan)s and its data can be used: %(rows)s rows in, %(kept)s companies, %(withheld)s withheld") % {
            "plan": plan.name,
            "rows": f"{manifest.rows_in:,}",
            "kept": manifest.companies - manifest.withheld,
            "withheld": manifest.withheld,
        }
