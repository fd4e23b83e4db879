"""mingcha companies: import takes a list in, merge and split say which records are one company."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _

from config.language.problems import InvalidInput, say
from config.tabular.tables import read
from config.work.spoken import SpokenCommand
from config.work.terminal import prepare_database, refusal, speak_the_terminals_language
from surveys.companies import services as companies
from surveys.companies.models import Company
from surveys.directory import lists as company_lists


class Command(SpokenCommand):
    help = say("Take in a list of companies, or merge and split them.")

    def add_arguments(self, parser: CommandParser) -> None:
        parts = parser.add_subparsers(dest="action", required=True)
        take = parts.add_parser(
            "import", help=say("columns key, name, name_en, kind, credit_code, brands, aliases")
        )
        take.add_argument("file", type=Path)
        merge = parts.add_parser(
            "merge", help=say("count everything about one company for another")
        )
        merge.add_argument("company")
        merge.add_argument("into")
        merge.add_argument("--reason", required=True)
        split = parts.add_parser(
            "split", help=say("take a company out of the one it was merged into")
        )
        split.add_argument("company")
        split.add_argument("--reason", required=True)

    def handle(self, *args: Any, action: str, **options: Any) -> None:
        speak_the_terminals_language()
        prepare_database()
        try:
            if action == "import":
                counts = company_lists.take_in(table=read(options["file"]), by=None)
                message = _("%(new)s new, %(changed)s changed, %(unchanged)s unchanged")
                self.stdout.write(
                    message % {key: counts[key] for key in ("new", "changed", "unchanged")}
                )
            elif action == "merge":
                company, into = self.company(options["company"]), self.company(options["into"])
                companies.merge(company=company, into=into, reason=options["reason"], by=None)
            else:
                companies.split(
                    company=self.company(options["company"]), reason=options["reason"], by=None
                )
        except InvalidInput as error:
            raise refusal(error) from None
        except companies.NotPossible:
            raise CommandError(
                _("these companies cannot be merged or split so; nothing was done"), returncode=2
            ) from None

    def company(self, key: str) -> Company:
        """Return the company of a key, or end in words."""
        found = Company.objects.filter(key=key).first()
        if found is None:
            raise CommandError(_("there is no company %(key)s") % {"key": key}, returncode=2)
        return found
