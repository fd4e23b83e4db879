"""mingcha audit verify: goes through the audit trail and names every line that does not hold."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _

from config.accounts import audit
from config.accounts.models import AuditEvent
from config.language.problems import say
from config.work.spoken import SpokenCommand
from config.work.terminal import prepare_database, speak_the_terminals_language

BREAKS = {
    "changed": say("line {number}: its content is not what was written"),
    "missing": say("line {number}: a line before it is missing"),
    "order": say("line {number}: it does not follow the line before it"),
}


class Command(SpokenCommand):
    help = say("Check the chain of the audit trail. Exit status 1 where it does not hold.")

    def add_arguments(self, parser: CommandParser) -> None:
        parts = parser.add_subparsers(dest="action", required=True)
        verify = parts.add_parser("verify", help=say("go through every line"))
        verify.add_argument("--noted", help=say("a hash that was exported or printed before"))

    def handle(self, *args: Any, noted: str | None = None, **options: Any) -> None:
        speak_the_terminals_language()
        prepare_database()
        broken = 0
        for found in audit.verify():
            broken += 1
            self.stdout.write(_(BREAKS[found.what]).format(number=found.number))
        last = AuditEvent.objects.first()
        if noted and not AuditEvent.objects.filter(hash=noted).exists():
            broken += 1
            self.stdout.write(_("the hash noted before is not in the trail: lines were cut off"))
        if broken:
            raise CommandError(_("the audit trail does not hold"), returncode=1)
        self.stdout.write(
            _("%(n)s lines hold; the last is %(hash)s")
            % {"n": last.number if last else 0, "hash": last.hash if last else "–"}
        )
