"""The second factor turned on, used, changed and turned off; each writes a line of the audit trail.

The first of app and passkeys turns it on and gives recovery codes; with the last of both it is off.
"""

from __future__ import annotations

import secrets
import time
import unicodedata
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from config.accounts import audit, people
from config.accounts.models import User
from config.accounts.second_factor import totp
from config.accounts.second_factor.models import AuthenticatorApp, Passkey, RecoveryCode
from config.accounts.signing_in import sessions
from config.storage.encryption import Unreadable, digest, seal, unseal

CODES = 10
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that looks like another
LENGTH = 10  # log2(31¹⁰) = 49 bits, behind limits on attempts
MOST_PASSKEYS = 10
ADMINISTRATOR = "administrator"


class NotPossible(Exception):
    """What would leave a person without the second factor that their role demands."""


def is_on(person: User) -> bool:
    """Say whether a person is asked for a second factor when signing in."""
    return (
        AuthenticatorApp.objects.filter(user=person).exists()
        or Passkey.objects.filter(user=person).exists()
    )


def is_demanded(person: User) -> bool:
    """Say whether a role of theirs demands one; a superuser counts as an administrator."""
    demanding = settings.SECOND_FACTOR_ROLES
    if not demanding:
        return False
    if person.is_superuser and ADMINISTRATOR in demanding:
        return True
    return person.groups.filter(name__in=demanding).exists()


def is_wanting(person: User) -> bool:
    """Say whether a person has to set one up before anything else."""
    return is_demanded(person) and not is_on(person)


@transaction.atomic
def set_app(*, person: User, secret: str, code: str) -> list[str]:
    """Keep an app that shows the right code, in place of an earlier one. Return recovery codes
    where this turned the second factor on. Raises ValidationError for another code.
    """
    step = totp.matching_step(secret, plain(code), seconds=_now(), after=0)
    if step is None:
        raise ValidationError(
            _(
                "This is not the code that the app shows now. Is the phone's clock right? Then"
                " enter the next one."
            )
        )
    was_on = _locked_is_on(person)
    AuthenticatorApp.objects.update_or_create(
        user=person,
        defaults={"sealed": seal({"secret": secret}), "last_step": step},
    )
    _tell(person, "second_factor.add", kind="app")
    return [] if was_on else _new_codes(person)


@transaction.atomic
def add_passkey(
    *, person: User, name: str, host: str, credential_id: str, credential: bytes, counter: int
) -> list[str]:
    """Keep a passkey. Return recovery codes where this turned the second factor on.

    Raises ValidationError for one that is there already, a name that cannot be, or one too many.
    """
    was_on = _locked_is_on(person)
    if Passkey.objects.filter(user=person).count() >= MOST_PASSKEYS:
        raise ValidationError(
            _("You have %(most)s passkeys; remove one that is not used.") % {"most": MOST_PASSKEYS}
        )
    passkey = Passkey(
        user=person,
        name=name,
        host=host,
        credential_id=credential_id,
        credential=credential,
        counter=counter,
    )
    passkey.full_clean()
    passkey.save(force_insert=True)
    _tell(person, "second_factor.add", kind="passkey", name=name)
    return [] if was_on else _new_codes(person)


@transaction.atomic
def rename_passkey(*, passkey: Passkey, name: str) -> None:
    """Give a passkey another name."""
    before = {"name": passkey.name}
    passkey.name = name
    passkey.save(update_fields=["name"])
    audit.record(
        by=passkey.user,
        action="second_factor.rename",
        target=passkey.user,
        before=before,
        after={"name": name},
    )


@transaction.atomic
def remove_passkey(*, passkey: Passkey) -> None:
    """Take a passkey away. Raises NotPossible for the last factor of who needs one."""
    person = passkey.user
    passkey.delete()
    _after_removal(person)
    _tell(person, "second_factor.remove", kind="passkey", name=passkey.name)


@transaction.atomic
def remove_app(*, person: User) -> None:
    """Take the app away. Raises NotPossible for the last factor of who needs one."""
    deleted, _by_model = AuthenticatorApp.objects.filter(user=person).delete()
    if deleted:
        _after_removal(person)
        _tell(person, "second_factor.remove", kind="app")


@transaction.atomic
def new_codes(*, person: User) -> list[str]:
    """Make new recovery codes, known only now; earlier ones end."""
    if not _locked_is_on(person):
        raise NotPossible
    _tell(person, "second_factor.new_codes")
    return _new_codes(person)


@transaction.atomic
def turn_off(*, person: User) -> None:
    """Take everything away. Raises NotPossible for who needs a second factor."""
    if is_demanded(person):
        raise NotPossible
    if _locked_is_on(person):
        _clear(person)
        _tell(person, "second_factor.off")


@transaction.atomic
def reset(*, person: User, reason: str, by: User) -> None:
    """Take away the second factor of somebody who lost it, and sign them out everywhere.

    Raises people.NotAllowed for oneself, for a superuser but by one, and without a reason.
    """
    if not people.may_decide(person=person, by=by) or not reason.strip():
        raise people.NotAllowed
    _locked_is_on(person)
    _clear(person)
    sessions.end_all(person)
    audit.record(by=by, action="second_factor.reset", target=person, reason=reason.strip())


@transaction.atomic
def use_code(*, person: User, code: str) -> bool:
    """Say whether this is the app's code of now or a recovery code, and use it up."""
    typed = plain(code)
    return _use_app(person, typed) or _use_recovery_code(person, typed)


def note_use(*, passkey: Passkey, counter: int) -> bool:
    """Note that a passkey was used; False where its counter did not grow, as that of a copy would
    not (WebAuthn 7.2, step 22). Keys that are shared among devices do not count and stay at 0.
    """
    today = timezone.localdate()
    kept = Passkey.objects.filter(pk=passkey.pk)
    if counter or passkey.counter:
        kept = kept.filter(counter__lt=counter)
    return bool(kept.update(counter=counter, last_used_on=today))


def plain(code: str) -> str:
    """Return a code as it is compared: full-width digits, blanks, dashes and case do not matter."""
    text = unicodedata.normalize("NFKC", code).lower()
    return "".join(c for c in text if c.isalnum())


def _use_app(person: User, code: str) -> bool:
    app = AuthenticatorApp.objects.filter(user=person).first()
    if app is None:
        return False
    try:
        secret = unseal(app.sealed)["secret"]
    except Unreadable:  # the key of the installation was lost; recovery codes still open
        return False
    step = totp.matching_step(secret, code, seconds=_now(), after=app.last_step)
    if step is None:
        return False
    # of two who send the same code at once, one is let in
    fresh = AuthenticatorApp.objects.filter(pk=app.pk, last_step__lt=step)
    return bool(fresh.update(last_step=step))


def _use_recovery_code(person: User, code: str) -> bool:
    unused = RecoveryCode.objects.filter(user=person, used_at=None)
    if not unused.filter(digest=_hashed(person, code)).update(used_at=timezone.now()):
        return False
    _tell(person, "second_factor.recovery_code", left=unused.count())
    return True


def _locked_is_on(person: User) -> bool:
    """Say whether it is on, and let nobody else change that until the end of the transaction."""
    User.objects.select_for_update().get(pk=person.pk)
    return is_on(person)


def _after_removal(person: User) -> None:
    if not _locked_is_on(person):
        if is_demanded(person):
            raise NotPossible
        RecoveryCode.objects.filter(user=person).delete()


def _clear(person: User) -> None:
    for model in (AuthenticatorApp, Passkey, RecoveryCode):
        model._default_manager.filter(user=person).delete()


def _new_codes(person: User) -> list[str]:
    RecoveryCode.objects.filter(user=person).delete()
    codes = ["".join(secrets.choice(LETTERS) for _n in range(LENGTH)) for _code in range(CODES)]
    RecoveryCode.objects.bulk_create(
        RecoveryCode(user=person, digest=_hashed(person, code)) for code in codes
    )
    return [f"{code[:5]}-{code[5:]}" for code in codes]


def _hashed(person: User, code: str) -> str:
    return digest(f"{person.pk}\x1f{code}", "recovery-code")


def _tell(person: User, action: str, **after: Any) -> None:
    audit.record(by=person, action=action, target=person, after=after)


def _now() -> float:
    return time.time()
