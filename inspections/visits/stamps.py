"""Time stamps (RFC 3161) of the daily hashes, by a service from outside where one is set.

A day that cannot be stamped stays as it is, and is tried again with the next.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from http.client import HTTPException
from pathlib import Path
from urllib.request import Request, urlopen

from cryptography import x509
from django.conf import settings
from django.utils.translation import gettext as _
from django_tasks import task
from rfc3161_client import (
    HashAlgorithm,
    TimestampRequestBuilder,
    TimeStampResponse,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

from inspections.evidence import verify
from inspections.visits.models import DailyRoot

SECONDS = 20  # that the service may take
LARGEST = 2**16  # a stamp with its certificates has 2 to 8 kB
QUERY = {"Content-Type": "application/timestamp-query"}


class NotStamped(Exception):
    """A stamp that was not given, or does not fit; the text says why, in the user's language."""


@dataclass(frozen=True)
class Stamp:
    """A time stamp that was checked: whose it is, and when it was given by the service's clock."""

    content: bytes
    by: str
    at: datetime


@task
def stamp() -> None:
    """Stamp in the background what is not stamped yet."""
    for _day, _why in stamp_days():
        pass  # the page shows which days wait


def stamp_days() -> Iterator[tuple[DailyRoot, str]]:
    """Have every closed day stamped that has no stamp, the oldest first; yield each with why it has
    none, "" where it was stamped. After the first failure the others are not tried.
    """
    for root in DailyRoot.objects.filter(stamp=None).order_by("day"):
        try:
            made = _asked(root)
        except NotStamped as why:
            yield root, str(why)
            return
        # whoever was first stays: a stamp is never replaced
        DailyRoot.objects.filter(pk=root.pk, stamp=None).update(
            stamp=made.content, stamped_by=made.by, stamped_at=made.at
        )
        root.refresh_from_db()
        yield root, ""


def checked(root: DailyRoot) -> Stamp:
    """Return the stamp of a day, checked against its hash and the certificates that are trusted.

    Raises NotStamped where it does not fit, or no certificates are set.
    """
    return _fitting(bytes(root.stamp or b""), root)


def stamped_hash(content: bytes) -> str:
    """Return the hash that a time stamp is of, as hex digits; "" for what is no time stamp."""
    try:
        return decode_timestamp_response(content).tst_info.message_imprint.message.hex()
    except ValueError:
        return ""


def _asked(root: DailyRoot) -> Stamp:
    """Ask the service for the stamp of a day. Raises NotStamped."""
    content = verify.day_content(root.previous, root.day.isoformat(), root.visits, root.root)
    query = TimestampRequestBuilder().data(content).hash_algorithm(HashAlgorithm.SHA256).build()
    try:
        request = Request(settings.TIMESTAMP_URL, query.as_bytes(), QUERY)
        with urlopen(request, timeout=SECONDS) as answer:
            given = answer.read(LARGEST)
    except (OSError, HTTPException) as error:
        raise NotStamped(
            _("the time stamp service did not answer: %(why)s") % {"why": error}
        ) from None
    return _fitting(given, root, query.nonce)


def _fitting(content: bytes, root: DailyRoot, nonce: int | None = None) -> Stamp:
    verifier = VerifierBuilder(roots=_trusted(), nonce=nonce).build()
    try:
        response = decode_timestamp_response(content)
    except ValueError:
        raise NotStamped(_("this is no time stamp (RFC 3161)")) from None
    try:
        verifier.verify(response, bytes.fromhex(root.hash))
        return Stamp(content, _name(response), response.tst_info.gen_time)
    except (VerificationError, ValueError) as error:
        raise NotStamped(_("the time stamp does not fit: %(why)s") % {"why": error}) from None


def _trusted() -> list[x509.Certificate]:
    """Return the certificates that stamps are checked against. Raises NotStamped for none."""
    if not settings.TIMESTAMP_ROOT:
        raise NotStamped(_("set MINGCHA_TIMESTAMP_ROOT, without which no time stamp is checked"))
    try:
        return x509.load_pem_x509_certificates(Path(settings.TIMESTAMP_ROOT).read_bytes())
    except (OSError, ValueError):
        raise NotStamped(
            _("%(file)s holds no certificates (PEM)") % {"file": settings.TIMESTAMP_ROOT}
        ) from None


def _name(response: TimeStampResponse) -> str:
    """Return who signed a stamp: the common name of the certificate in it."""
    [signer] = response.signed_data.signer_infos
    for one in map(x509.load_der_x509_certificate, response.signed_data.certificates):
        if (one.issuer, one.serial_number) == (signer.issuer, signer.serial_number):
            names = one.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
            return str(names[0].value if names else one.subject.rfc4514_string())[:200]
    return signer.issuer.rfc4514_string()[:200]
