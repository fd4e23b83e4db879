"""mingcha serve: the site and its worker, two processes, until Ctrl-C."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from io import StringIO
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from config.middleware import clear_static
from config.work import jobs
from config.work.server import site
from config.work.terminal import speak_the_terminals_language

DAY = 24 * 3600


class Command(BaseCommand):
    help = "Serve the site, and run the worker for long work beside it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--demo", action="store_true", help="the demonstration's data (made by ./mingcha demo)"
        )
        parser.add_argument(
            "--lan", action="store_true", help="answer to other machines on this network too"
        )
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *args: Any, demo: bool, lan: bool, port: int, **options: Any) -> None:
        speak_the_terminals_language()
        if demo and not (settings.VAR / "mingcha.sqlite3").exists():
            raise CommandError(
                _("there is no demonstration yet; make it with ./mingcha demo"), returncode=2
            )
        call_command("migrate", verbosity=0)
        jobs.sweep()
        forget()
        clear_static()
        host, names = (
            ("0.0.0.0", ["localhost", "127.0.0.1", _own_address()])
            if lan
            else ("127.0.0.1", ["localhost"])
        )
        environment = {**os.environ, "MINGCHA_VAR": str(settings.VAR)}
        if lan:
            environment["MINGCHA_HOSTS"] = ",".join([*settings.ALLOWED_HOSTS, *names])
        for name in names:
            self.stdout.write(f"http://{name}:{port}/")
        self.stdout.write(_phone(lan))
        _run_both(host, port, environment)


def forget() -> None:
    """Delete what was promised to be deleted by now."""
    call_command("forget", stdout=StringIO())


def _phone(lan: bool) -> str:
    if not lan:
        return _("A phone cannot reach this machine; with --lan one on the same network can.")
    return _(
        "A phone on the same network can open these addresses, fill in surveys and sign in. Over"
        " plain http it cannot"
        " work offline, give its place or be installed on the home screen: browsers allow that"
        " with https only. What is"
        " typed can be read by others on the network."
    )


def _own_address() -> str:
    """Return this machine's address on the network; nothing is sent to find it."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # TEST-NET-1, RFC 5737
        except OSError:
            return "127.0.0.1"
        return str(probe.getsockname()[0])


def _run_both(host: str, port: int, environment: dict[str, str]) -> None:
    """Run site and worker until one ends or somebody stops them."""
    worker = [
        sys.executable,
        str(settings.BASE_DIR / "manage.py"),
        "db_worker",
        "--interval",
        "0.5",
    ]
    running = [
        subprocess.Popen(c, cwd=settings.BASE_DIR, env=environment)
        for c in (site(host, port), worker)
    ]
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        due = time.monotonic() + DAY
        while all(process.poll() is None for process in running):
            time.sleep(0.5)
            if time.monotonic() > due:
                due += DAY
                forget()
    except (KeyboardInterrupt, SystemExit):
        pass
    finally:
        for process in running:
            process.terminate()
        for process in running:
            process.wait(timeout=30)
