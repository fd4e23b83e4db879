"""mingcha plan: init writes a first plan, check reads one and its data, rehearse tries one
before fieldwork.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from config.language.problems import InvalidInput, Problem, say
from config.tabular.tables import TextTable, content_of, parse, sheets
from config.work.spoken import SpokenCommand
from config.work.terminal import prepare_database, speak_the_terminals_language
from reports.data.snapshots.snapshot import Snapshot, freeze
from reports.data.snapshots.take import gather, take
from reports.data.sources.naming import proposed
from reports.management.failing import in_words
from reports.plans import draft
from reports.plans.guessing import Guess, infer
from reports.plans.plan import Expect, Plan
from reports.plans.source_file import source_file
from reports.plans.validation import load
from reports.production.earlier import earlier_of
from reports.publishing import bundle
from reports.ranking import files
from reports.ranking.earlier import Earlier
from reports.ranking.outlook import outlook, proposals, told
from reports.ranking.presenters.rehearsal import told as told_of_rehearsal
from reports.ranking.rehearsal import rehearse_plan


class Command(SpokenCommand):
    help = say(
        "Write a first plan for a file, check a plan and its data, or rehearse it before fieldwork."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parts = parser.add_subparsers(dest="action", required=True)
        init = parts.add_parser(
            "init", help=say("write a commented plan by looking at the columns of a file")
        )
        init.add_argument("file", type=Path)
        init.add_argument("--out", type=Path, help=say("the plan to write (beside the file)"))
        init.add_argument(
            "--sheet", help=say("the sheet with the ratings, where there are several")
        )
        check = parts.add_parser("check", help=say("read a plan and its data, write nothing"))
        check.add_argument("plan", type=Path)
        check.add_argument(
            "--source", type=Path, help=say("the data, in place of the file the plan names")
        )
        check.add_argument("--out", type=Path, help=say("the directory that a ranking shall write"))
        trial = parts.add_parser(
            "rehearse", help=say("simulate a plan before fieldwork and say what to expect of it")
        )
        trial.add_argument("plan", type=Path)
        trial.add_argument(
            "--companies", type=int, help=say("how many, in place of the plan's expect")
        )
        trial.add_argument(
            "--answers", type=int, help=say("of each company, in place of the plan's expect")
        )

    def handle(self, *args: Any, action: str, **options: Any) -> None:
        speak_the_terminals_language()
        actions: dict[str, Callable[..., str]] = {
            "init": self.init,
            "check": self.check_plan,
            "rehearse": self.rehearse,
        }
        with in_words():
            self.stdout.write(actions[action](**options))

    def init(self, *, file: Path, out: Path | None, sheet: str | None, **options: Any) -> str:
        """Write a draft and say what was guessed."""
        target = out or file.with_suffix(".yaml")
        if target.exists():
            raise _there_already(target)
        chosen, table = drafted_from(file, sheet)
        guess = infer({str(name): table.frame[name].tolist() for name in table.frame.columns})
        today = timezone.localdate().isoformat()
        text = draft.write(file.name, guess, today, sheet=chosen, translate=_)
        try:
            with target.open("x", encoding="utf-8") as plan:
                plan.write(text)
        except FileExistsError:
            raise _there_already(target) from None
        return "\n".join(_guessed(target, guess, table))

    def rehearse(
        self, *, plan: Path, companies: int | None, answers: int | None, **options: Any
    ) -> str:
        """Simulate the plan and return what to expect."""
        loaded = load(plan)
        if companies or answers:
            loaded = replace(loaded, expect=_expect(loaded, companies, answers))
        return "\n".join(told_of_rehearsal(rehearse_plan(loaded), loaded))

    def check_plan(
        self, *, plan: Path, source: Path | None, out: Path | None, **options: Any
    ) -> str:
        """Read everything a ranking would read, and say how much would be in it."""
        if out is not None:
            bundle.refuse_foreign(out, plan, *([source] if source else []))
        checked = load(plan)
        if checked.source.slug or (checked.further.compare_with or "").isdecimal():
            prepare_database()
        earlier = earlier_of(checked, plan.parent)
        path = source_file(checked, plan, source)
        if out is not None and path is not None:
            bundle.refuse_foreign(out, path)
        if path is not None and path.suffix == ".parquet":
            checked, snapshot = take(checked, path)
            return "\n".join(_outlook(checked, snapshot, earlier))
        checked, table = gather(checked, path)
        likely = proposed(table.rows_of_companies(), checked.company.aliases) if path else []
        lines = _outlook(checked, freeze(checked, table), earlier)
        return "\n".join([*lines, *proposals(likely)])


def _outlook(plan: Plan, snapshot: Snapshot, earlier: Earlier | None) -> list[str]:
    """Say what a ranking will hold. Refuses what a ranking refuses."""
    found = outlook(plan, snapshot, earlier)
    files.refuse_unprintable(plan, snapshot.manifest, found.names)
    return list(told(found, plan))


def drafted_from(file: Path, sheet: str | None) -> tuple[str | None, TextTable]:
    """Return the sheet of a file that a plan is drafted for, None for its only one, and its table.

    Of several sheets, the one in which companies are rated. Raises InvalidInput where there is not
    exactly one.
    """
    content = content_of(file)
    names = sheets(content, file.name)
    if sheet is not None or len(names) < 2:
        return sheet, parse(content, file.name, sheet=sheet)
    rated = {}
    for name in names:
        try:
            table = parse(content, file.name, sheet=name)
        except InvalidInput:
            continue  # a cover, a chart or notes
        guess = infer({str(column): table.frame[column].tolist() for column in table.frame})
        if guess.items and guess.candidates:
            rated[name] = table
    if len(rated) == 1:
        return next(iter(rated.items()))
    message = say(
        "has several sheets; name the one with the ratings with --sheet. Rated columns are in:"
        " {rated}; there are: {names}"
    )
    values = {"rated": ", ".join(rated) or "–", "names": ", ".join(names)}
    raise InvalidInput(Problem(file.name, message, values))


def _guessed(target: Path, guess: Guess, table: TextTable) -> Iterator[str]:
    """Say what a drafted plan holds, and what is left to its author."""
    if table.aside:
        rows = ", ".join(map(str, table.aside))
        yield _("rows that are neither heading nor data: %(rows)s") % {"rows": rows}
    next_ = f"./mingcha plan check {target}"
    if guess.company:
        yield _(
            "%(file)s written: company in %(company)s, %(items)s rated columns. Read it, then:"
            " %(next)s"
        ) % {"file": target, "company": guess.company, "items": len(guess.items), "next": next_}
        return
    if not guess.candidates:
        yield _(
            "%(file)s written: %(items)s rated columns. No column looks like the names of"
            " companies; a plan needs a row for every response, and a column that says which"
            " company it is about. Fill it in, then: %(next)s"
        ) % {"file": target, "items": len(guess.items), "next": next_}
        return
    columns = _(", ").join(candidate.column for candidate in guess.candidates)
    yield _(
        "%(file)s written: %(items)s rated columns. Which column names the company is not sure; it"
        " may be: %(columns)s. Fill it in, then: %(next)s"
    ) % {"file": target, "items": len(guess.items), "columns": columns, "next": next_}


def _there_already(target: Path) -> CommandError:
    return CommandError(
        _("%(file)s is there already; nothing was changed") % {"file": target}, returncode=2
    )


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
