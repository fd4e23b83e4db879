"""A wait after wrong attempts that grows, for the line or browser they came from; no account is
ever locked.

Whoever tries a stranger's account waits longer and longer. The person themselves signs in from
another line, or in a browser in which they have signed in before, and does not wait. Runs are kept
in the database, so that they hold in every process, and as keyed hashes.

An attempt is counted before it is looked at: a hundred sent at once are a hundred, not one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import models, transaction
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from config.accounts import audit
from config.accounts.models import AuditEvent, User
from config.accounts.signing_in import known_browsers
from config.accounts.signing_in.models import WrongAttempts
from config.storage.encryption import digest
from config.storage.visitors import line_hash, network_text

Kind = WrongAttempts.Kind
# how many wrong attempts are answered at once; typing errors are 2 or 3, and a line may be that of
# a whole office. After that 15 s, 30 s, 1, 2, 4, 8 and from then on 15 minutes
FREE = {Kind.ACCOUNT: 5, Kind.LINE: 30, Kind.BROWSER: 10, Kind.CODE: 20}
FIRST_WAIT = 15
LONGEST_WAIT = 15 * 60
KEPT = timedelta(days=1)  # after the last of a run; then it begins anew


class TooManyAttempts(Exception):
    """Nothing was looked at: first so many seconds have to go by."""

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds)
        self.seconds = max(1, seconds)


@dataclass(frozen=True)
class Attempt:
    """An attempt that was counted as wrong; `right` takes that back."""

    runs: tuple[WrongAttempts, ...]
    action: str

    @transaction.atomic
    def right(self) -> None:
        """End the runs of this account, and take this one attempt off those it shares."""
        for run in self.runs:
            found = WrongAttempts.objects.filter(pk=run.pk)
            if run.kind in (Kind.LINE, Kind.CODE):
                # a whole run must not end because an attacker signs in to an account of their own
                found.filter(wrong__gt=0).update(wrong=F("wrong") - 1, wait_until=run.last_at)
            else:
                found.delete()

    @transaction.atomic
    def wrong(self, *, account: User | None) -> None:
        """Leave it counted, and write the first wait of a run into the audit trail, once a day."""
        for run in self.runs:
            if run.wrong == FREE[Kind(run.kind)]:
                _tell(self.action, run, account if run.kind != Kind.LINE else None)


def begin_password(request: HttpRequest, username: str) -> Attempt:
    """Count an attempt with a password. Raises TooManyAttempts."""
    name = User.normalize_username(username)
    if browser := known_browsers.known(request, name):
        keys = [(Kind.BROWSER, f"{browser}\x1f{name}")]
    else:
        line = line_hash(request, "sign-in")
        keys = [(Kind.ACCOUNT, f"{line}\x1f{name}")]
        keys += [(Kind.LINE, line)] if line else []  # behind a socket all would share one
    return _begin(request, keys, action="sign_in.wrong_passwords")


def begin_code(request: HttpRequest, person: User) -> Attempt:
    """Count an attempt with a code of the second step. Raises TooManyAttempts.

    Six digits are guessed from many lines at once, so they are counted for the account too. Who
    gets there knows the password; the person's own browsers do not wait for them.
    """
    name = person.get_username()
    if browser := known_browsers.known(request, name):
        keys = [(Kind.BROWSER, f"code\x1f{browser}\x1f{name}")]
    else:
        line = line_hash(request, "sign-in")
        keys = [(Kind.ACCOUNT, f"code\x1f{line}\x1f{name}"), (Kind.CODE, name)]
    return _begin(request, keys, action="sign_in.wrong_codes")


def wait_text(seconds: int) -> str:
    """Say how long to wait."""
    if seconds < 90:
        time = ngettext("%(n)s second", "%(n)s seconds", seconds) % {"n": seconds}
    else:
        minutes = -(-seconds // 60)
        time = ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": minutes}
    return _("Too many wrong attempts. Wait %(time)s, then try again.") % {"time": time}


def answered(response: HttpResponse, *, wait: int, is_wrong: bool) -> HttpResponse:
    """Return a page with its form as the answer to an attempt: to wait first, wrong, or neither."""
    response.status_code = 429 if wait else 422 if is_wrong else 200
    if wait:
        response["Retry-After"] = str(wait)
    return response


def forget_old() -> int:
    """Delete the runs whose last attempt is a day old; return how many."""
    deleted, _by_model = WrongAttempts.objects.filter(last_at__lt=timezone.now() - KEPT).delete()
    return deleted


@transaction.atomic
def _begin(request: HttpRequest, keys: Iterable[tuple[Kind, str]], *, action: str) -> Attempt:
    now = timezone.now()
    start = {"network": network_text(request), "last_at": now, "wait_until": now}
    runs = [_locked(kind, key, start) for kind, key in keys]
    waiting = max((run.wait_until - now).total_seconds() for run in runs)
    if waiting > 0:
        raise TooManyAttempts(round(waiting))
    for run in runs:
        run.wrong = 1 if run.last_at < now - KEPT else run.wrong + 1
        run.last_at = now
        run.wait_until = now + timedelta(seconds=_wait(Kind(run.kind), run.wrong))
        run.save(update_fields=["wrong", "last_at", "wait_until"])
    return Attempt(tuple(runs), action)


def _locked(kind: Kind, key: str, start: dict[str, Any]) -> WrongAttempts:
    """Return the run of a key, locked; the order of keys is always the same, so nobody waits in a
    ring.
    """
    hashed = digest(key, f"wrong-attempts:{kind}")
    WrongAttempts.objects.get_or_create(key=hashed, defaults={"kind": kind, **start})
    return WrongAttempts.objects.select_for_update().get(key=hashed)


def _wait(kind: Kind, wrong: int) -> int:
    """Return the seconds to wait after so many wrong attempts."""
    over = wrong - FREE[kind]
    return min(FIRST_WAIT * 2 ** min(over, 10), LONGEST_WAIT) if over >= 0 else 0


def _tell(action: str, run: WrongAttempts, account: User | None) -> None:
    # a name that is no account's may be a password typed into the wrong field: it is not written
    # down, and the line is written as long as that of a name that is one
    target: models.Model = account or run
    told = AuditEvent.objects.filter(
        action=action,
        target=target._meta.label_lower,
        target_id=str(target.pk),
        at__gt=timezone.now() - KEPT,
    )
    if not told.exists():
        after = {"wrong": run.wrong, "network": run.network}
        audit.record(by=None, action=action, target=target, after=after)
