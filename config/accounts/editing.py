"""Two people who change one record: the second to save is told who changed what, and loses nothing.

A form that changes a record carries what it showed when it was opened, a digest for each part, in
a hidden field. Where the record says something else by now, nothing is saved: the form comes back
as it was typed, and sending it once more takes the place of what the other person wrote.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from config.accounts.audit_words import action_label
from config.accounts.models import AuditEvent

LOCK = 0x65646974  # PostgreSQL: one who saves a form of a record at a time
LETTERS = 12  # of a digest of 64: 48 bits tell two values of one field apart
LOOKED_AT = 100  # lines of the audit trail
SAID = 5  # lines of the audit trail that are repeated at the form


class Changed(ValidationError):
    """The record says something else than the form did when it was opened."""


class EditForm(forms.Form):
    """A form that changes `record`. Save within `unchanged(form)`; show what it raises by `blame`.

    A subclass says in `shown` what it shows of the record, read from the database each time: by
    the names of its fields where they stand in one. `parts` are labels of what is no field.
    """

    # whatever is sent for it is taken: what cannot be read is what was never shown
    seen = forms.Field(widget=forms.HiddenInput, required=False)
    parts: ClassVar[Mapping[str, Any]] = {}

    def __init__(
        self, data: Any = None, files: Any = None, *, record: models.Model, **options: Any
    ) -> None:
        self.record = record
        super().__init__(data, files, **options)
        if not self.is_bound:
            self.initial["seen"] = self._stamp()

    def shown(self) -> Mapping[str, object]:
        """Return what the record says now, as plain values."""
        raise NotImplementedError

    def last(self) -> int:
        """Return a number that grows with every change anybody is told about."""
        newest = self.events().first()
        return newest.number if newest else 0

    def events(self) -> models.QuerySet[AuditEvent]:
        """Return the lines of the audit trail about the record, the latest first."""
        label, key = self.record._meta.label_lower, str(self.record.pk)
        return AuditEvent.objects.filter(target=label, target_id=key).order_by("-number")

    def since(self, number: int) -> Iterable[str]:
        """Return a sentence for every change after a number, the latest first; of those that say
        what they changed, where there are any.
        """
        later = list(self.events().filter(number__gt=number)[:LOOKED_AT])
        telling = [event for event in later if self._touched(event)]
        return map(self._told_of, (telling or later)[:SAID])

    def _touched(self, event: AuditEvent) -> list[str]:
        return [label for name in event.after if (label := self.label_of(name))]

    def _told_of(self, event: AuditEvent) -> str:
        moment = timezone.localtime(event.at).strftime("%Y-%m-%d %H:%M")
        who, what = event.by_name or _("the program"), action_label(event.action)
        if names := self._touched(event):
            what = _("%(what)s (%(names)s)") % {"what": what, "names": _(", ").join(names)}
        return f"{moment} {who}: {what}"

    def label_of(self, name: str) -> str:
        """Return what a part of the record is called, "" where it is no part of this form."""
        if name in self.fields and name != "seen":
            return str(self.fields[name].label or "")
        return str(self.parts.get(name, ""))

    def check_seen(self) -> None:
        """Raise Changed where the record says something else than when the form was opened; the
        form knows then what it says now.
        """
        number, opened = _read(str(self.cleaned_data["seen"] or ""))
        now = self.shown()
        different = [name for name, value in now.items() if opened.get(name) != _digest(value)]
        if not different:
            return
        self.data = self.data.copy() if hasattr(self.data, "copy") else dict(self.data)
        self.data[self.add_prefix("seen")] = self._stamp()
        raise Changed(dict(self._told(number if opened else None, different, now)))

    def _told(
        self, number: int | None, different: list[str], now: Mapping[str, object]
    ) -> Iterator[tuple[str, list[str]]]:
        """Yield the sentences at the whole form, and at each field that says something else now.

        number is None where the form did not say what it had shown.
        """
        if number is None:
            text = _(
                "Nothing was saved: the page did not say what it had shown. Look at it once more,"
                " then send it again."
            )
            yield NON_FIELD_ERRORS, [text]
            return
        text = _(
            "Somebody changed this while you had it open. Nothing of yours was saved, and all of it"
            " stands here as you typed it. Sent once more, it takes the place of what they wrote."
        )
        yield NON_FIELD_ERRORS, [text, *self.since(number)]
        for name in different:
            if name in self.fields and name in self.initial:
                said = _said(self.fields[name], now[name]) or "–"
                yield name, [_("Changed in the meantime; it says now: %(said)s") % {"said": said}]

    def _stamp(self) -> str:
        parts = [f"{name}:{_digest(value)}" for name, value in self.shown().items()]
        return " ".join([str(self.last()), *parts])


@contextmanager
def unchanged(form: EditForm) -> Iterator[None]:
    """Save a valid form in here, in one transaction. Raises Changed where somebody else was first.

    Two who save forms of one record stand in line; SQLite lets one write at a time anyway.
    """
    with transaction.atomic():
        if connection.vendor == "postgresql":
            name = f"{form.record._meta.label_lower}:{form.record.pk}".encode()
            with connection.cursor() as cursor:
                # the function takes signed numbers of 32 bits
                key = zlib.crc32(name) - 2**31
                cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK, key])
        form.check_seen()
        yield


def _read(seen: str) -> tuple[int, dict[str, str]]:
    """Return the number and the digests of a form; none where it has not got them."""
    first, *parts = seen.split() or [""]
    if not (first.isascii() and first.isdigit() and len(first) < 19):
        return 0, {}
    return int(first), dict(part.split(":", 1) for part in parts if ":" in part)


def _digest(value: object) -> str:
    text = json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:LETTERS]


def _said(field: forms.Field, value: object) -> str:
    """Return a value as the form says it: the labels of choices, moments as the clock on the wall
    has them, everything else as it is.
    """
    if value is None:
        return ""
    if isinstance(value, datetime):
        return timezone.localtime(value).strftime("%Y-%m-%d %H:%M")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    values = value if isinstance(value, list | tuple) else [value]
    labels = {str(key): str(label) for key, label in getattr(field, "choices", ())}
    return _(", ").join(labels.get(str(one), str(one)) for one in values)
