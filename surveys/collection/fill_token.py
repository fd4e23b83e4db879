"""The signed token in the address of a response: which response, when begun, by which collector.
Nothing personal.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID, uuid4

from django.core import signing
from django.utils import timezone

from config.language.texts import Language
from surveys.collection.models.draft import Draft
from surveys.collection.models.survey import Survey


class BadToken(Exception):
    """An address that was cut off, changed, or made for another survey."""


@dataclass(frozen=True)
class Token:
    """A response that was begun, and the language it was begun in."""

    uid: UUID
    started_at: datetime
    collector: int | None = None
    invitation: int | None = None
    language: Language = "zh-Hans"

    def signed(self, survey: Survey) -> str:
        """Return the token as text for an address that nobody else can make."""
        began = f"{round(self.started_at.timestamp() * 1e6):x}"
        parts = (self.uid.hex, began, self.collector or "", self.invitation or "")
        return _signer(survey).sign(
            "-".join(map(str, (*parts, "e" if self.language == "en" else "z")))
        )


def begin(*, collector: int | None, invitation: int | None, language: Language) -> Token:
    """Return the token of a new sheet."""
    return Token(uuid4(), timezone.now(), collector, invitation, language)


def of_invited(
    draft: Draft | None, *, collector: int | None, invitation: int, language: Language
) -> Token:
    """Return the token of an invited person's sheet: of the one that was begun, where there is
    one.
    """
    if draft is None:
        return begin(collector=collector, invitation=invitation, language=language)
    return Token(draft.uid, draft.started_at, collector or draft.collector_id, invitation, language)


def read(text: str, survey: Survey) -> Token:
    """Read a token. Raises BadToken."""
    try:
        uid, started, collector, invitation, language = _signer(survey).unsign(text).split("-")
        moment = datetime.fromtimestamp(int(started, 16) / 1e6, UTC)
    except (signing.BadSignature, ValueError):
        raise BadToken from None
    return Token(
        UUID(hex=uid),
        moment,
        int(collector) if collector else None,
        int(invitation) if invitation else None,
        "en" if language == "e" else "zh-Hans",
    )


def _signer(survey: Survey) -> signing.Signer:
    return signing.Signer(salt=f"surveys.fill:{survey.pk}", sep=".")
