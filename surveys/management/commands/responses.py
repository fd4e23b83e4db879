"""mingcha responses: import takes a file of answers in, mapping writes how its columns are read."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _

from config.language.problems import InvalidInput, Problem, say
from config.tabular.writers import as_csv
from config.work.spoken import SpokenCommand
from config.work.terminal import Steps, prepare_database, refusal, speak_the_terminals_language
from surveys.channels.files import guessing
from surveys.channels.files import mapping as mappings
from surveys.channels.files import services as imports
from surveys.channels.files.outline import outline_of
from surveys.collection.selectors import find_survey, questionnaire_of
from surveys.responses.answer_text import flaws_of


class Command(SpokenCommand):
    help = say("Take in answers from a file, or write a mapping of its columns.")

    def add_arguments(self, parser: CommandParser) -> None:
        parts = parser.add_subparsers(dest="action", required=True)
        take = parts.add_parser(
            "import", help=say("take in every row; what became of each is written beside the file")
        )
        take.add_argument("survey")
        take.add_argument("file", type=Path)
        take.add_argument("--mapping", type=Path, required=True)
        take.add_argument("--result", type=Path, help=say("the file of results (FILE.result.csv)"))
        draft = parts.add_parser("mapping", help=say("write a mapping from the header of a file"))
        draft.add_argument("file", type=Path)
        draft.add_argument("--survey", help=say("the survey, where there is more than one"))
        draft.add_argument("--out", type=Path, help=say("the mapping to write (FILE.mapping.yaml)"))

    def handle(self, *args: Any, action: str, **options: Any) -> None:
        speak_the_terminals_language()
        prepare_database()
        try:
            self.stdout.write(
                self.take_in(**options) if action == "import" else self.draft(**options)
            )
        except InvalidInput as error:
            raise refusal(error) from None

    def take_in(
        self, *, survey: str, file: Path, mapping: Path, result: Path | None, **options: Any
    ) -> str:
        """Import a file, write what became of each row, and say how many."""
        chosen = find_survey(survey)
        try:
            content = mapping.read_bytes()
            answers = file.read_bytes()
        except OSError as error:
            raise InvalidInput(Problem(str(error.filename), say("there is no such file"))) from None
        read_as = mappings.parse(content, mapping.name, questionnaire_of(chosen))
        step = Steps()
        step(_("reading %(file)s") % {"file": file.name})
        rows = imports.take_in(
            survey=chosen,
            content=answers,
            name=file.name,
            mapping=read_as,
            progress=lambda done, all_: step.within(
                _("taken in: %(done)s / %(all)s") % {"done": done, "all": all_}
            ),
        )
        target = result or file.with_name(f"{file.name}.result.csv")
        write_results(target, rows)
        counts = Counter(row.outcome for row in rows)
        return _(
            "%(accepted)s rows accepted, %(rejected)s rejected and kept, %(known)s already there,"
            " %(conflict)s in conflict with what came before; each row: %(file)s"
        ) % {
            "accepted": counts["accepted"],
            "rejected": counts["rejected"],
            "known": counts["known"],
            "conflict": counts["conflict"],
            "file": target,
        }

    def draft(self, *, file: Path, survey: str | None, out: Path | None, **options: Any) -> str:
        """Write a mapping for the columns of a file."""
        chosen = find_survey(survey)
        try:
            table = imports.table_of(file.read_bytes(), file.name)
        except OSError:
            raise InvalidInput(Problem(str(file), say("there is no such file"))) from None
        text = guessing.draft(outline_of(table), questionnaire_of(chosen))
        target = out or file.with_name(f"{file.name}.mapping.yaml")
        try:
            with target.open("x", encoding="utf-8") as made:
                made.write(text)
        except FileExistsError:
            raise CommandError(
                _("%(file)s is there already; nothing was changed") % {"file": target}, returncode=2
            ) from None
        return _("%(file)s written. Read it, then: %(next)s") % {
            "file": target,
            "next": f"./mingcha responses import {chosen.slug} {file} --mapping {target}",
        }


def write_results(target: Path, rows: list[imports.RowResult]) -> None:
    """Write what became of each row, for a person with a spreadsheet."""
    labels = {
        "accepted": _("accepted"),
        "rejected": _("rejected"),
        "known": _("already there"),
        "conflict": _("in conflict"),
    }
    heads = [_("row"), _("result"), _("response"), _("reasons")]
    lines = (
        (
            row.row,
            labels[row.outcome],
            str(row.response),
            _("; ").join(f"{question}: {words}" for question, words in flaws_of(row.response)),
        )
        for row in rows
    )
    target.write_bytes(as_csv(heads, lines))
