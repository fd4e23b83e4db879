"""API tokens: made for a device, shown once, revoked by their owner or whoever manages people.

A token is 256 random bits, so a plain SHA-256 keeps it as safe as a slow hash would.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from config.accounts import audit
from config.accounts.models import ApiToken, User

MARK = "mc_"  # by which a token is known where it should not be, in a mail or a repository
SHOWN = len(MARK) + 8
WRITTEN = re.compile(rf"{MARK}[A-Za-z0-9_-]{{43}}")
DAYS = (30, 90, 365)  # how long a token may live
MOST = 20  # that one person may have at a time


class NotPossible(Exception):
    """A token that this person may not revoke, or that is revoked already."""


@transaction.atomic
def make(*, owner: User, name: str, days: int) -> tuple[ApiToken, str]:
    """Make a token and return it with its text, which is known only now.

    Raises ValidationError for a name that is empty or too long, days that are none of DAYS, or one
    token too many.
    """
    if days not in DAYS:
        raise ValidationError(_("Choose how long the token is to live."))
    if usable(owner).count() >= MOST:
        raise ValidationError(
            _("You have %(most)s tokens; revoke one that is not used.") % {"most": MOST}
        )
    text = MARK + secrets.token_urlsafe(32)
    token = ApiToken(
        owner=owner,
        name="".join(c for c in name if c.isprintable()).strip(),
        prefix=text[:SHOWN],
        digest=digest(text),
        expires_at=timezone.now() + timedelta(days=days),
    )
    token.full_clean()
    token.save(force_insert=True)
    audit.record(
        by=owner,
        action="token.make",
        target=token,
        after={"owner": owner.pk, "expires_at": token.expires_at},
    )
    return token, text


@transaction.atomic
def revoke(*, token: ApiToken, by: User) -> None:
    """End a token at once. Raises NotPossible for somebody else's, or one that has ended so."""
    locked = ApiToken.objects.select_for_update().get(pk=token.pk)
    is_allowed = locked.owner_id == by.pk or by.has_perm("people.manage")
    if not is_allowed or locked.revoked_at:
        raise NotPossible
    locked.revoked_at, locked.revoked_by = timezone.now(), by
    locked.save(update_fields=["revoked_at", "revoked_by"])
    audit.record(by=by, action="token.revoke", target=locked, after={"owner": locked.owner_id})


def usable(owner: User) -> QuerySet[ApiToken]:
    """Return the tokens of a person that open the API now."""
    return ApiToken.objects.filter(
        owner=owner, revoked_at=None, expires_at__gt=timezone.now()
    ).order_by("-pk")


def recognised(text: str) -> ApiToken | None:
    """Return the token of a text, and note the day of its use; None where it opens nothing.

    It opens nothing when it is unknown, revoked or expired, or its owner may not sign in.
    """
    if not WRITTEN.fullmatch(text):
        return None
    found = ApiToken.objects.select_related("owner").filter(digest=digest(text)).first()
    if found is None or found.revoked_at or found.expires_at <= timezone.now():
        return None
    if not found.owner.is_active:
        return None
    today = timezone.localdate()
    if found.last_used_on != today:
        ApiToken.objects.filter(pk=found.pk).update(last_used_on=today)
    return found


def digest(text: str) -> str:
    """Return what is kept of a token: its SHA-256, 64 hex digits."""
    return hashlib.sha256(text.encode()).hexdigest()
