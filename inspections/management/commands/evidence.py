"""mingcha evidence: checks the chains of all visits and every original; closes days; packs."""

from __future__ import annotations

import hashlib
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from config.storage import files
from config.work.terminal import (
    TerminalCommand,
    prepare_database,
    speak_the_terminals_language,
)
from inspections.dossier import pack
from inspections.evidence import verify
from inspections.visits import chain, stamps
from inspections.visits.models import DailyRoot, Evidence, Visit


class Command(TerminalCommand):
    help = "Check the evidence of all visits, close the days that are over, write evidence packs."

    def add_arguments(self, parser: ArgumentParser) -> None:
        commands = parser.add_subparsers(dest="command", required=True)
        commands.add_parser(
            "verify", help=_("check every chain, daily hash, time stamp and stored original")
        )
        commands.add_parser(
            "close", help=_("make the hash of every day that is over, and have it stamped")
        )
        packing = commands.add_parser("pack", help=_("write the evidence pack of a visit"))
        packing.add_argument("visit", type=int, help=_("the number of the visit in its address"))
        packing.add_argument("file", type=Path, help=_("the zip to write"))

    def handle(self, *args: Any, **options: Any) -> None:
        speak_the_terminals_language()
        prepare_database()
        {"verify": self.verify, "close": self.close, "pack": self.pack}[options["command"]](options)

    def verify(self, _options: dict[str, Any]) -> None:
        """Check everything; exit with 1 where anything is wrong."""
        wrong = 0
        for text in (*broken_chains(), *broken_days(), *broken_stamps(), *broken_files()):
            self.stdout.write(text)
            wrong += 1
        counts = {
            "visits": Visit.objects.count(),
            "days": DailyRoot.objects.count(),
            "files": Evidence.objects.exclude(received_at=None).count(),
        }
        if wrong:
            raise CommandError(_("%(n)s problems") % {"n": wrong}, returncode=1)
        self.stdout.write(
            _("%(visits)s visits, %(days)s daily hashes and %(files)s files hold") % counts
        )

    def close(self, _options: dict[str, Any]) -> None:
        """Close the days that are over, print their hashes, and have stamped what has no stamp;
        exit with 1 where a stamp was asked for and not given.
        """
        for root in chain.close_days():
            self.stdout.write(f"{root.day} {root.hash}")
        for root, why in stamps.stamp_days() if settings.TIMESTAMP_URL else ():
            if why:
                raise CommandError(
                    _("%(day)s is not stamped and will be tried again: %(why)s")
                    % {"day": root.day, "why": why},
                    returncode=1,
                )
            self.stdout.write(
                _("%(day)s stamped by %(who)s") % {"day": root.day, "who": root.stamped_by}
            )

    def pack(self, options: dict[str, Any]) -> None:
        """Write one pack; a file that is there is not overwritten."""
        visit = Visit.objects.filter(pk=options["visit"]).first()
        if visit is None:
            raise CommandError(
                _("There is no visit %(pk)s.") % {"pk": options["visit"]}, returncode=2
            )
        try:
            with options["file"].open("xb") as out:
                out.write(pack.build(visit=visit, by=None))
        except FileExistsError:
            raise CommandError(
                _("%(file)s is there already.") % {"file": options["file"]}, returncode=2
            ) from None
        self.stdout.write(str(options["file"]))


def broken_chains() -> Iterator[str]:
    """Yield what is wrong in the chain of any visit."""
    for visit in Visit.objects.order_by("pk").iterator(chunk_size=200):
        for text in chain.breaks(visit):
            yield _("visit %(pk)s: %(text)s") % {"pk": visit.pk, "text": text}


def broken_days() -> Iterator[str]:
    """Yield what is wrong with the hash of any day."""
    previous = ""
    for root in DailyRoot.objects.order_by("day"):
        leaves = [verify.leaf(uid, head) for uid, head in chain.heads(root.day)]
        tree = verify.root(leaves)
        expected = verify.day_hash(previous, root.day.isoformat(), len(leaves), tree)
        if (root.root, root.hash, root.previous) != (tree, expected, previous):
            yield _("%(day)s: the daily hash is not that of its visits") % {"day": root.day}
        previous = root.hash


def broken_stamps() -> Iterator[str]:
    """Yield which time stamps are not those of their day, or cannot be checked."""
    for root in DailyRoot.objects.exclude(stamp=None).order_by("day"):
        try:
            stamps.checked(root)
        except stamps.NotStamped as why:
            yield _("%(day)s, time stamp: %(why)s") % {"day": root.day, "why": why}


def broken_files() -> Iterator[str]:
    """Yield originals that are missing or changed."""
    kept = Evidence.objects.exclude(received_at=None).order_by("pk")
    for piece in kept.iterator(chunk_size=200):
        try:
            is_whole = hashlib.sha256(files.read(piece.sha256)).hexdigest() == piece.sha256
        except FileNotFoundError:
            yield _("visit %(pk)s: %(name)s is missing in the storage") % {
                "pk": piece.visit_id,
                "name": piece.name,
            }
            continue
        if not is_whole:
            yield _("visit %(pk)s: %(name)s was changed in the storage") % {
                "pk": piece.visit_id,
                "name": piece.name,
            }
