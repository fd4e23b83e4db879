"""mingcha serve: the site, its worker and what is due every day, kept running until Ctrl-C."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError, CommandParser
from django.db import connection
from django.utils.translation import gettext as _

from config.backup import copies
from config.backup.upgrading import to_come
from config.language.problems import InvalidInput, say
from config.middleware import clear_static
from config.storage.encryption import require_keys
from config.storage.secret import private_folder
from config.work import holding
from config.work.database_file import DatabaseFile, is_safe, sqlite_version
from config.work.server import site
from config.work.spoken import SpokenCommand
from config.work.supervising import Part, run
from config.work.terminal import prepare_database, refusal, speak_the_terminals_language

HOUR = 3600
DAY = 24 * HOUR
EX_CONFIG = 78  # of sysexits.h: starting again mends nothing, and systemd does not
PORT = say("port %(port)s cannot be used (%(why)s); take another one with --port")
UNSAFE = say(
    "SQLite %(version)s can damage a database that several processes write to; install the"
    " libraries of requirements.lock, which bring a newer one, or use PostgreSQL (DATABASE_URL)"
)
REPLACED = say(
    "%(path)s was replaced or taken away while it was served, so the site was stopped: what people"
    " sent from now on would be lost. Put the file back, or see docs/operations.md, restore"
)


class Command(SpokenCommand):
    help = say(
        "Serve the site, and run the worker for long work beside it; what ends is started again."
    )

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
        _require_safe_sqlite()
        held = _hold(host, port)
        if demo and not (settings.VAR / "mingcha.sqlite3").exists():
            raise CommandError(
                _("there is no demonstration yet; make it with ./mingcha demo"), returncode=2
            )
        _require_backup()
        prepare_database()
        require_keys()
        clear_static()
        names = ["localhost", "127.0.0.1", _own_address()] if lan else ["localhost"]
        environment = {**os.environ, "MINGCHA_VAR": str(settings.VAR)}
        if lan:
            environment["MINGCHA_HOSTS"] = ",".join([*settings.ALLOWED_HOSTS, *names])
        for name in names:
            self.stdout.write(f"http://{name}:{port}/")
        self.stdout.write(_phone(lan))
        self.stdout.flush()
        connection.close()  # from here on the parts alone have the database open
        _keep_running(host, port, environment, held)


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
                _(PORT) % {"port": port, "why": error.strerror}, returncode=2
            ) from None


def _require_safe_sqlite() -> None:
    """Raise CommandError where the site's processes could damage the database between them."""
    if not is_safe():
        raise CommandError(_(UNSAFE) % {"version": sqlite_version()}, returncode=2)


def _require_backup() -> None:
    """Take a backup before a new version changes the data. Raises CommandError where it cannot be
    taken.
    """
    if not settings.BACKUP or not to_come():
        return
    try:
        copies.take(Path(settings.BACKUP))
    except InvalidInput as error:
        raise refusal(error) from None


def _hold(host: str, port: int) -> list[int]:
    """Return what says that this data folder and port are served. Raises CommandError where one
    is served already.
    """
    _require_free(host, port)
    folder = Path(settings.VAR)
    private_folder(folder)
    try:
        data = holding.hold(holding.data_folder(folder), patience=5)
    except holding.Held:
        raise CommandError(
            _("the data in %(folder)s are being served already") % {"folder": folder},
            returncode=2,
        ) from None
    try:
        return [data, holding.hold(holding.port(port))]
    except (holding.Held, PermissionError):
        raise CommandError(
            _(PORT) % {"port": port, "why": _("served already")}, returncode=2
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


def _keep_running(host: str, port: int, environment: dict[str, str], held: list[int]) -> None:
    """Run site, worker and what is due every day until somebody stops them.

    Raises CommandError where the database is not the file any more that they opened.
    """
    parts = [
        Part("site", site(host, port)),
        Part("worker", _own("worker")),
        Part("forget", _own("forget"), every=DAY),
        Part("evidence", _own("evidence", "close"), every=DAY),
    ]
    if settings.BACKUP:
        # asked every hour, so that one that failed, or a machine that slept, is made up for
        parts.append(Part("backup", _own("backup", "--daily"), every=HOUR))
    database = DatabaseFile()

    def look() -> None:
        if not database.is_the_same():
            raise CommandError(_(REPLACED) % {"path": database.path}, returncode=EX_CONFIG)

    with contextlib.suppress(KeyboardInterrupt, SystemExit):
        run(parts, environment=environment, folder=settings.BASE_DIR, keep=held, look=look)


def _own(*command: str) -> list[str]:
    return [sys.executable, str(settings.BASE_DIR / "manage.py"), *command]
