"""Phones: made for an inspector, shut out at once, recognised by their token.

A token is 256 random bits, so a plain SHA-256 keeps it as safe as a slow hash would.
"""

from __future__ import annotations

import re
import secrets

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from config.accounts import audit
from config.accounts.models import User
from config.accounts.tokens import digest
from inspections.devices.models import Device

MARK = "md_"
WRITTEN = re.compile(rf"{MARK}[A-Za-z0-9_-]{{43}}")


@transaction.atomic
def enrol(*, owner: User, name: str, by: User) -> tuple[Device, str]:
    """Make a phone for an inspector and return it with its token, which is known only now.

    Raises ValidationError for a name that is empty or too long, and for who records no visits.
    """
    if not owner.has_perm("visits.record"):
        raise ValidationError(_("%(name)s is no inspector.") % {"name": owner})
    text = MARK + secrets.token_urlsafe(32)
    device = Device(
        owner=owner,
        name="".join(c for c in name if c.isprintable()).strip(),
        digest=digest(text),
        made_by=by,
    )
    device.full_clean()
    device.save(force_insert=True)
    audit.record(by=by, action="device.make", target=device, after={"owner": owner.pk})
    return device, text


@transaction.atomic
def revoke(*, device: Device, by: User) -> None:
    """Shut a phone out at once; a second time changes nothing. What it holds stays on it."""
    locked = Device.objects.select_for_update().get(pk=device.pk)
    if locked.revoked_at:
        return
    locked.revoked_at, locked.revoked_by = timezone.now(), by
    locked.save(update_fields=["revoked_at", "revoked_by"])
    audit.record(by=by, action="device.revoke", target=locked, after={"unsent": locked.unsent})


def recognised(text: str) -> Device | None:
    """Return the phone of a token; None where it opens nothing: unknown, shut out, or its owner
    records no visits any more.
    """
    if not WRITTEN.fullmatch(text):
        return None
    found = Device.objects.select_related("owner").filter(digest=digest(text)).first()
    if found is None or found.revoked_at or not found.owner.is_active:
        return None
    return found if found.owner.has_perm("visits.record") else None


def seen(device: Device, *, agent: str = "", app_version: str = "", unsent: int = 0) -> None:
    """Note that a phone was heard of, with which program, and how many visits it still holds."""
    Device.objects.filter(pk=device.pk).update(
        last_seen_at=timezone.now(),
        agent=agent[:200],
        app_version=app_version[:40],
        unsent=min(max(unsent, 0), 9999),
    )
