"""mingcha worker: does what takes long, until it is stopped. `serve` starts it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from config.language.problems import say
from config.work import holding
from config.work.spoken import SpokenCommand
from config.work.worker import SteadyWorker


class Command(SpokenCommand):
    help = say("Do the long work that waits, until stopped; serve starts one by itself.")

    def handle(self, *args: Any, **options: Any) -> None:
        os.umask(0o077)
        try:
            # its name among workers is that of the machine, so there is one
            holding.hold(Path(settings.VAR) / "working", patience=5)
        except holding.Held:
            raise CommandError(_("a worker of this data folder is running"), returncode=2) from None
        worker = SteadyWorker()
        worker.configure_signals()
        worker.run()
