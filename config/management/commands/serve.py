"""mingcha serve: the site and its worker, two processes, until Ctrl-C."""

from __future__ import annotations

import logging
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
from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _

from config.language.problems import say
from config.middleware import clear_static
from config.work import jobs
from config.work.server import site
from config.work.spoken import SpokenCommand
from config.work.terminal import prepare_database, speak_the_terminals_language

DAY = 24 * 3600


class Command(SpokenCommand):
    help = say("Serve the site, and run the worker for long work beside it.")

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--demo",
            action="store_true",
            help=say("the demonstration's data (made by ./mingcha demo)"),
        )
        parser.add_argument(
            "--lan", action="store_true", help=say("answer to other machines on this network too")
        )
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *args: Any, demo: bool, lan: bool, port: int, **options: Any) -> None:
        speak_the_terminals_language()
        signal.signal(signal.SIGTERM, _stop)
        os.umask(0o077)  # what site and worker write is nobody else's: answers, reports, copies
        host = "0.0.0.0" if lan else "127.0.0.1"
        _require_free(host, port)
        if demo and not (settings.VAR / "mingcha.sqlite3").exists():
            raise CommandError(
                _("there is no demonstration yet; make it with ./mingcha demo"), returncode=2
            )
        prepare_database()
        jobs.sweep()
        forget()
        clear_static()
        names = ["localhost", "127.0.0.1", _own_address()] if lan else ["localhost"]
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


def _once_a_day() -> None:
    """Delete what is due, close the days that are over and have stamped what was not; the site goes
    on whatever fails, and tomorrow it is tried again.
    """
    for command in (["forget"], ["evidence", "close"]):
        try:
            call_command(*command, stdout=StringIO())
        except Exception:
            logging.getLogger("config.serve").exception(command[0])


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


def _require_free(host: str, port: int) -> None:
    """Raise CommandError for a port that is none or is taken: two sites on one would answer with
    each other's data.
    """
    if not 1 <= port <= 65535:
        raise CommandError(
            _("%(port)s is no port; it takes a number from 1 to 65535") % {"port": port},
            returncode=2,
        )
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise CommandError(
                _("port %(port)s cannot be used (%(why)s); take another one with --port")
                % {"port": port, "why": error.strerror},
                returncode=2,
            ) from None


def _stop(*_signal: object) -> None:
    sys.exit(0)


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
    running: list[subprocess.Popen[bytes]] = []
    try:
        for command in (site(host, port), worker):
            running.append(subprocess.Popen(command, cwd=settings.BASE_DIR, env=environment))
        due = time.monotonic() + DAY
        while all(process.poll() is None for process in running):
            time.sleep(0.5)
            if time.monotonic() > due:
                due += DAY
                _once_a_day()
    except (KeyboardInterrupt, SystemExit):
        pass
    finally:
        for process in running:
            process.terminate()
        for process in running:
            try:
                process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                process.kill()
