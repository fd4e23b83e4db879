"""People of the association: invited by a link, given roles and postings, gone and come back.

Every change writes one line of the audit trail in the same transaction. Nobody decides about
themselves, only a superuser about a superuser, and somebody is always left who can manage people.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection, Iterable
from datetime import timedelta

from django.contrib.auth.models import Group
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from config.accounts import audit, tokens
from config.accounts.models import PersonLink, Posting, User
from config.accounts.roles import ROLES
from config.accounts.signing_in import sessions

LINK_LIVES = timedelta(days=7)
ADMINISTRATOR = "administrator"


class NotAllowed(Exception):
    """What nobody may do: decide about oneself or somebody above, or leave the house without an
    administrator.
    """


@transaction.atomic
def invite(
    *, username: str, name: str, roles: Collection[str], areas: Collection[str], by: User
) -> tuple[User, str]:
    """Make a person with roles and postings; return them with the token of a link, shown once.

    Raises ValidationError for a name that cannot be, or is taken.
    """
    person = User(username=username.strip(), first_name=name.strip()[:150])
    person.set_unusable_password()
    person.full_clean(exclude=["password"])
    try:
        with transaction.atomic():
            person.save()
    except IntegrityError:  # somebody else invited the same name a moment ago
        person.validate_unique()
        raise
    _give(person, roles, areas)
    audit.record(by=by, action="person.invite", target=person, after=_state(person))
    return person, _link(person)


@transaction.atomic
def change(
    *, person: User, name: str, roles: Collection[str], areas: Collection[str], by: User
) -> None:
    """Change the name, roles and postings of somebody else. Raises NotAllowed."""
    locked = _of_another(person, by)
    before = _state(locked)
    locked.first_name = name.strip()[:150]
    locked.save(update_fields=["first_name"])
    _give(locked, roles, areas)
    _somebody_is_left()
    after = _state(locked)
    if before != after:
        audit.record(by=by, action="person.change", target=locked, before=before, after=after)


@transaction.atomic
def new_link(*, person: User, by: User) -> str:
    """Return the token of a new link to set a password; earlier ones end.

    Raises NotAllowed for somebody who has left, and for oneself: whoever changes their own password
    says the old one.
    """
    locked = _of_another(person, by)
    if not locked.is_active:
        raise NotAllowed
    audit.record(by=by, action="person.new_link", target=locked)
    return _link(locked)


@transaction.atomic
def leave(*, person: User, reason: str, by: User) -> None:
    """Let somebody else sign in no more: sessions, links and tokens end; what they did stays.

    Raises NotAllowed without a reason, and for the last administrator.
    """
    locked = _of_another(person, by)
    if not reason.strip() or not locked.is_active:
        raise NotAllowed
    locked.is_active = False
    locked.save(update_fields=["is_active"])
    locked.links.filter(used_at=None).delete()
    sessions.end_all(locked)
    # otherwise they would open the API again when the person comes back
    ended = tokens.usable(locked).update(revoked_at=timezone.now(), revoked_by=by)
    _somebody_is_left()
    audit.record(
        by=by,
        action="person.leave",
        target=locked,
        after={"tokens_ended": ended},
        reason=reason.strip(),
    )


@transaction.atomic
def sign_out(*, person: User, by: User) -> None:
    """End every session of somebody else; they may sign in again. Raises NotAllowed."""
    locked = _of_another(person, by)
    ended = sessions.end_all(locked)
    audit.record(by=by, action="person.sign_out", target=locked, after={"ended": ended})


@transaction.atomic
def come_back(*, person: User, by: User) -> None:
    """Take a leaving back; the password stays as it was. Raises NotAllowed."""
    locked = _of_another(person, by)
    if locked.is_active:
        raise NotAllowed
    locked.is_active = True
    locked.save(update_fields=["is_active"])
    audit.record(by=by, action="person.come_back", target=locked)


def find_link(token: str) -> PersonLink | None:
    """Return the link of a token that may still be used."""
    living = PersonLink.objects.select_related("user").filter(
        token_sha256=_hash(token), used_at=None, expires_at__gt=timezone.now(), user__is_active=True
    )
    return living.first()


@transaction.atomic
def set_password(*, link: PersonLink, password: str) -> User:
    """Set the password of a link's person and use the link up.

    Raises ValidationError for a weak password, NotAllowed for a link that was used meanwhile.
    """
    validate_password(password, link.user)
    used = PersonLink.objects.filter(pk=link.pk, used_at=None).update(used_at=timezone.now())
    if not used:
        raise NotAllowed
    link.user.set_password(password)
    link.user.save(update_fields=["password"])
    sessions.end_all(link.user)
    audit.record(by=link.user, action="person.set_password", target=link.user)
    return link.user


def managers() -> QuerySet[User]:
    """Return the people who can manage people."""
    able = Q(is_superuser=True) | Q(groups__name=ADMINISTRATOR, postings=None)
    return User.objects.filter(able, is_active=True).distinct()


def may_decide(*, person: User, by: User) -> bool:
    """Say whether somebody may decide about a person: never about oneself, and about a superuser
    only as one. Whoever sets a superuser's password can do everything.
    """
    return person.pk != by.pk and (by.is_superuser or not person.is_superuser)


def _of_another(person: User, by: User) -> User:
    """Return somebody else, locked with everybody who manages people, always in one order: two who
    let each other go at the same moment stand in line, and the second of them may no more.
    Raises NotAllowed for who may not decide, or manages people no more.
    """
    able = User.objects.filter(pk__in=managers().values("pk"))
    in_line = able | User.objects.filter(pk=person.pk)
    rows = {row.pk: row for row in in_line.select_for_update().order_by("pk")}
    locked = rows[person.pk]
    if not may_decide(person=locked, by=by) or not managers().filter(pk=by.pk).exists():
        raise NotAllowed
    return locked


def _somebody_is_left() -> None:
    if not managers().exists():
        raise NotAllowed


def _give(person: User, roles: Iterable[str], areas: Iterable[str]) -> None:
    unknown = set(roles) - ROLES.keys()
    if unknown:
        raise ValidationError(_("there is no role %(name)s") % {"name": ", ".join(sorted(unknown))})
    person.groups.set([Group.objects.get_or_create(name=key)[0] for key in roles])
    person.postings.exclude(area_id__in=areas).delete()
    for code in areas:
        Posting.objects.get_or_create(user=person, area_id=code)


def _state(person: User) -> dict[str, object]:
    return {
        "name": person.first_name,
        "roles": sorted(person.groups.values_list("name", flat=True)),
        "areas": sorted(person.postings.values_list("area_id", flat=True)),
    }


def _link(person: User) -> str:
    person.links.filter(used_at=None).delete()
    token = secrets.token_urlsafe(32)
    PersonLink.objects.create(
        user=person, token_sha256=_hash(token), expires_at=timezone.now() + LINK_LIVES
    )
    return token


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
