"""mingcha messages: collects every marked text into the Chinese catalogue and compiles it,
without GNU gettext.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from babel.messages import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.core.management.base import CommandError, CommandParser
from django.utils.translation.template import templatize

from config.work.terminal import TerminalCommand

ROOMS = ("config", "surveys", "inspections", "reports")
KEYWORDS: dict[str, Any] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "say": None,
}
# without dates of its own the catalogue changes only when its messages do
HEADER: dict[str, Any] = {
    "project": "Mingcha",
    "version": "1",
    "header_comment": "# Chinese (Simplified) messages of Mingcha.",
    "last_translator": "Mingcha",
    "language_team": "Mingcha",
    "msgid_bugs_address": "Mingcha",
    "creation_date": datetime(2026, 11, 23, tzinfo=UTC),
    "revision_date": datetime(2026, 11, 23, tzinfo=UTC),
    "charset": "utf-8",
    "fuzzy": False,
}


class Command(TerminalCommand):
    help = (
        "Collect and compile the Chinese messages; with --check, only fail where they are behind."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="fail on anything missing, fuzzy or unused"
        )

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        po = settings.LOCALE_PATHS[0] / "zh_Hans" / "LC_MESSAGES" / "django.po"
        catalogue = _read(po)
        catalogue.update(_found(settings.BASE_DIR), no_fuzzy_matching=True)
        missing = [
            message.id for message in catalogue if message.id and not _translated(message.string)
        ]
        unused = list(catalogue.obsolete)
        missing += [message.id for message in catalogue if message.id and not _same_values(message)]
        if check:
            if missing or unused:
                raise CommandError(
                    f"messages: {len(missing)} not translated {missing[:3]},"
                    f" {len(unused)} unused {unused[:3]}"
                )
            if po.with_suffix(".mo").read_bytes() != _compiled(catalogue):
                raise CommandError(
                    "messages: the compiled catalogue is behind; run ./mingcha messages"
                )
            return
        catalogue.obsolete.clear()
        po.parent.mkdir(parents=True, exist_ok=True)
        with po.open("wb") as file:
            write_po(
                file, catalogue, sort_output=True, no_location=True, omit_header=False, width=110
            )
        po.with_suffix(".mo").write_bytes(_compiled(catalogue))
        self.stdout.write(f"{len(catalogue)} messages, {len(missing)} not translated")


def _read(po: Path) -> Catalog:
    if not po.exists():
        return Catalog(locale="zh_Hans", **HEADER)
    with po.open("rb") as file:
        return read_po(file, locale="zh_Hans")


def _found(base: Path) -> Catalog:
    found = Catalog(**HEADER)
    for room in ROOMS:
        for path in sorted((base / room).rglob("*")):
            if path.suffix in (".py", ".html") and "migrations" not in path.parts:
                for message, context in _extract(path):
                    found.add(message, context=context)
    return found


def _extract(path: Path) -> Iterator[tuple[str | tuple[str, ...], str | None]]:
    source = path.read_text(encoding="utf-8")
    if path.suffix == ".html":
        # read as Python, in which the indentation of elements would mean something
        source = re.sub(r"(?m)^[ \t]+", "", templatize(source, origin=str(path)))
    for _line, message, _comments, context in extract(
        "python", io.BytesIO(source.encode()), KEYWORDS
    ):
        yield message, context


# {name} of a problem, %(name)s of a template
VALUES = re.compile(r"\{(\w+)[^}]*\}|%\((\w+)\)")


def _same_values(message: Message) -> bool:
    """Say whether a translation names no value that the message does not have."""
    source, target = (
        " ".join([text] if isinstance(text, str) else text)
        for text in (message.id, message.string or "")
    )
    return set(VALUES.findall(target)) <= set(VALUES.findall(source))


def _translated(string: str | tuple[str, ...] | list[str] | None) -> bool:
    return all([string] if isinstance(string, str) else string or [""])


def _compiled(catalogue: Catalog) -> bytes:
    out = io.BytesIO()
    write_mo(out, catalogue)
    return out.getvalue()
