"""mingcha createsuperuser: Django's own, in a database that is made where there is none yet."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.management.commands import createsuperuser

from config.work.terminal import TerminalCommand, prepare_database


class Command(createsuperuser.Command):
    requires_system_checks = TerminalCommand.requires_system_checks

    def execute(self, *args: Any, **options: Any) -> str | None:
        """Prepare the database first: this is the first thing that anybody does."""
        prepare_database()
        return super().execute(*args, **options)
