"""mingcha questionnaire: check prints every problem of a workbook, starters writes the shipped
ones.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from config.language.problems import InvalidInput, Problem, say
from config.work.spoken import SpokenCommand
from config.work.terminal import prepare_database, refusal, speak_the_terminals_language
from surveys.designing import services as questionnaires
from surveys.questionnaires.compiling import compile_workbook
from surveys.questionnaires.workbook import read
from surveys.workbooks import make

WORKBOOKS = (".xlsx", ".xls")
REASONS = 3  # printed of a workbook in a table; `check FILE` prints all
FITS, REFUSED, UNREAD = 0, 1, 2  # of a workbook, and the exit status of the worst


class Command(SpokenCommand):
    help = say("Check a questionnaire, an Excel workbook, or write the shipped ones to start from.")

    def add_arguments(self, parser: CommandParser) -> None:
        parts = parser.add_subparsers(dest="action", required=True)
        check = parts.add_parser(
            "check",
            help=say(
                "print every problem with sheet, row and column, or a table of the workbooks in a"
                " directory; exit status 1 if any cannot be used, 2 if any cannot be read"
            ),
        )
        check.add_argument("file", type=Path)
        freeze = parts.add_parser(
            "freeze",
            help=say("keep a workbook as a version that surveys can use; it never changes"),
        )
        freeze.add_argument("file", type=Path)
        starters = parts.add_parser(
            "starters", help=say("write the shipped workbooks into a directory")
        )
        starters.add_argument("directory", type=Path)
        starters.add_argument(
            "--force", action="store_true", help="write over those that are there, edited or not"
        )

    def handle(self, *args: Any, action: str, **options: Any) -> None:
        speak_the_terminals_language()
        if action == "check" and options["file"].is_dir():
            self.check_directory(options["file"])
        elif action == "check":
            self.check_workbook(options["file"])
        elif action == "freeze":
            prepare_database()
            self.check_workbook(options["file"])
            try:
                file = options["file"]
                version = questionnaires.freeze(
                    workbook=file.read_bytes(), file=file.name, files=beside(file)
                )
            except InvalidInput as error:
                raise refusal(error) from None
            self.stdout.write(_("frozen as %(version)s") % {"version": version})
        else:
            self.write_starters(options["directory"], anew=options["force"])

    def write_starters(self, directory: Path, *, anew: bool) -> None:
        """Write the shipped workbooks, and say which were there and stay as they are."""
        for written in make.write_all(directory, anew=anew):
            stays = _("%(file)s is there already and stays as it is; --force writes it anew")
            self.stdout.write(
                str(written.path) if written.is_new else stays % {"file": written.path}
            )

    def check_workbook(self, file: Path) -> None:
        """Print what is wrong with a workbook, or what is in it."""
        try:
            content = file.read_bytes()
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}", returncode=2) from None
        try:
            compiled = compile_workbook(content, file.name, beside(file))
        except InvalidInput as error:
            for problem in error.problems:
                self.say(problem)
            errors = sum(not problem.warning for problem in error.problems)
            raise CommandError(
                ngettext("%(n)s error", "%(n)s errors", errors) % {"n": errors}, returncode=1
            ) from None
        for problem in compiled.warnings:
            self.say(problem)
        questionnaire = compiled.questionnaire
        self.stdout.write(
            _(
                "%(file)s can be used: %(name)s, version %(version)s, %(sections)s pages,"
                " %(questions)s questions,"
                " %(leaves)s indicators"
            )
            % {
                "file": file.name,
                "name": questionnaire.name,
                "version": questionnaire.version or "–",
                "sections": len(questionnaire.sections),
                "questions": sum(q.is_asked for q in questionnaire.questions.values()),
                "leaves": len(list(questionnaire.leaves())),
            }
        )

    def check_directory(self, directory: Path) -> None:
        """Print a line for every workbook below a directory, with its first reasons, and counts."""
        files = sorted(path for path in directory.rglob("*") if path.suffix.lower() in WORKBOOKS)
        outcomes = [self.check_one(file, str(file.relative_to(directory))) for file in files]
        counts = {outcome: outcomes.count(outcome) for outcome in (FITS, REFUSED, UNREAD)}
        self.stdout.write(
            _("%(n)s workbooks: %(fit)s compile, %(refused)s refused, %(unread)s cannot be read")
            % {
                "n": len(outcomes),
                "fit": counts[FITS],
                "refused": counts[REFUSED],
                "unread": counts[UNREAD],
            }
        )
        if worst := max(outcomes, default=FITS):
            raise CommandError(_("not every workbook can be used"), returncode=worst)

    def check_one(self, file: Path, name: str) -> int:
        """Print a workbook's line of the table. Returns FITS, REFUSED or UNREAD."""
        try:
            compile_workbook(file.read_bytes(), file.name, beside(file))
        except OSError as error:
            self.stdout.write(f"{name}: {error.strerror}")
            return UNREAD
        except InvalidInput as error:
            reasons = [problem for problem in error.problems if not problem.warning]
            self.stdout.write(_("%(file)s: refused") % {"file": name})
            for problem in reasons[:REASONS]:
                self.stdout.write(f"    {problem.render(_)}")
            if (more := len(reasons) - REASONS) > 0:
                line = ngettext("and %(n)s more", "and %(n)s more", more)
                self.stdout.write(f"    {line % {'n': more}}")
            return REFUSED
        self.stdout.write(_("%(file)s: compiles") % {"file": name})
        return FITS

    def say(self, problem: Problem) -> None:
        """Print a problem on a line of its own."""
        kind = _("warning") if problem.warning else _("error")
        self.stdout.write(f"{kind}: {problem.render(_)}")


def beside(file: Path) -> dict[str, bytes]:
    """Return the lists and pictures that lie beside a workbook and are named in it, by name."""
    try:
        book = read(file.read_bytes(), file.name)
    except InvalidInput:
        return {}
    cells = {
        cell
        for sheet in ("survey", "choices")
        for row in book.rows(sheet)
        for cell in row.cells.values()
    }
    named = {word for cell in cells for word in (cell, cell.rpartition(" ")[2])}
    return {
        path.name: path.read_bytes()
        for path in file.parent.iterdir()
        if path.is_file() and path.name in named
    }
