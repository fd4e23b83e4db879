"""Who gets in where: every address is asked for as every role, posted and not, and compared with the
one table in docs/access.md.

In the table ✓ is let in, ○ is let in unless posted to an area, and an empty cell is refused (403). An
address that names an object is asked with one that is not there: who is let in finds nothing (404), who
is not let in is refused before anything is looked for.

The operations of the API are asked in the same way. Django's middleware does not ask them to sign in
(they say 401 themselves, where a page leads to the page for it), which makes none of them public.

After a change that is meant, write the table anew and read the difference:

    MINGCHA_WRITE_ACCESS=1 ./mingcha test tests/spec/test_access.py
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from config.accounts.models import User
from config.accounts.roles import PERMISSIONS, ROLES
from config.api.views import ApiView
from tests import field
from tests.conftest import ROOT
from tests.people import nobody, person

pytestmark = pytest.mark.django_db

TABLE = ROOT / "docs" / "access.md"
# a value of every kind that an address holds, of an object that is not there
NONE = {
    "int": "0",
    "slug": "none",
    "str": "none",
    "path": "none",
    "uuid": "0" * 8 + "-0000" * 3 + "-" + "0" * 12,
}
NAMED = {"what": "open", "digest": "0" * 64}
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
SIGN_IN = "/login/"
SIGNED_IN, PUBLIC = "signed in", "public"


@dataclass(frozen=True)
class Address:
    """One address of the site: its route, an example to ask for, and whether it says it is public."""

    route: str
    example: str
    is_public: bool


def addresses() -> list[Address]:
    """Return every address but those of the plain admin, which has a test of its own."""
    return sorted(_all(get_resolver().url_patterns, ""), key=lambda a: a.route)


def _all(patterns: list, before: str) -> Iterator[Address]:
    for pattern in patterns:
        route = before + str(pattern.pattern).removeprefix("^").removesuffix("$")
        if isinstance(pattern, URLResolver):
            if pattern.app_name != "admin":
                yield from _all(pattern.url_patterns, route)
        elif isinstance(pattern, URLPattern):
            yield Address(route, _example(route), _is_public(pattern.callback))


def _is_public(view: object) -> bool:
    if issubclass(getattr(view, "cls", object), ApiView):
        return False
    return getattr(view, "login_required", True) is False


def _example(route: str) -> str:
    """Return an address of the route: <slug:slug> and (?P<what>…) become what names nothing."""
    out, rest = "", route
    while rest:
        if rest.startswith("<"):
            kind, _colon, _name = rest[1 : rest.index(">")].rpartition(":")
            out, rest = out + NONE[kind or "str"], rest[rest.index(">") + 1 :]
        elif rest.startswith("(?P<"):
            out += NAMED.get(rest[4 : rest.index(">")], "none")
            rest = rest[_closing(rest) + 1 :]
        else:
            out, rest = out + rest[0], rest[1:]
    return "/" + out.replace("\\.", ".")


def _closing(text: str) -> int:
    """Return where the bracket closes that a text begins with."""
    depth = 0
    for at, sign in enumerate(text):
        depth += {"(": 1, ")": -1}.get(sign, 0)
        if depth == 0:
            return at
    raise ValueError(text)


def asked(client: Client, address: Address, method: str) -> int:
    """Ask for an address and return the status of what came back, 401 where it is "sign in first"."""
    accepted = "*/*" if address.route.startswith("api/") else "text/html"
    answer = client.generic(method, address.example, HTTP_ACCEPT=accepted)
    to_sign_in = answer.status_code == 302 and answer["Location"].startswith(SIGN_IN)
    return 401 if to_sign_in else answer.status_code


def signed_in(name: str, *roles: str, posted: bool = False) -> Client:
    """Return a browser in which somebody is signed in."""
    browser = Client(raise_request_exception=True)
    browser.force_login(person(name, *roles, areas=["140200"] if posted else []))
    return browser


def walk() -> dict[tuple[str, str], list[str]]:
    """Ask for every address by every method as everybody; return the cells of the table."""
    stranger = Client()
    without = Client()
    without.force_login(nobody("without"))
    everywhere = {key: signed_in(key, key) for key in ROLES}
    posted = {key: signed_in(f"{key}-posted", key, posted=True) for key in ROLES}
    found: dict[tuple[str, str], list[str]] = {}
    for address in addresses():
        if address.route == "logout/":  # it would end what the others are asked with
            continue
        for method in METHODS:
            first = asked(stranger, address, method)
            if first == 405:
                continue
            row = (address.route, method)
            if address.is_public:
                assert not _is_refused(first), f"{method} {address.route} is public and refuses"
                found[row] = [PUBLIC] + [""] * len(ROLES)
                continue
            assert _is_refused(first), f"{method} {address.route} lets strangers in ({first})"
            if asked(without, address, method) == 405:
                continue
            if not _is_refused(asked(without, address, method)):
                found[row] = [SIGNED_IN] + [""] * len(ROLES)
                continue
            cells = []
            for key in ROLES:
                here = not _is_refused(asked(everywhere[key], address, method))
                there = not _is_refused(asked(posted[key], address, method))
                assert here or not there, f"{row}: a posting gives {key} more"
                cells.append("✓" if there else "○" if here else "")
            found[row] = ["", *cells]
    return found


def _is_refused(status: int) -> bool:
    return status in (401, 403)


def test_every_address_lets_in_whom_the_table_says(settings):
    settings.API_RATES = {"token": None, "network": None}  # a stranger asks for everything at once
    field.survey()

    found = written(walk())

    if os.environ.get("MINGCHA_WRITE_ACCESS"):
        TABLE.write_text(found, encoding="utf-8")
    assert found.splitlines() == TABLE.read_text(encoding="utf-8").splitlines()


def test_every_permission_is_asked_for_somewhere():
    """A permission that nothing asks for would be a promise that nobody keeps."""
    code = " ".join(
        path.read_text(encoding="utf-8")
        for top in ("config", "surveys", "inspections", "reports")
        for path in (ROOT / top).rglob("*.py")
        if path.name != "roles.py"
    )

    assert [name for name in PERMISSIONS if f'"{name}"' not in code] == []


def test_no_role_gets_into_the_plain_admin():
    clerk, chief = signed_in("everything", *ROLES), Client()
    chief.force_login(person("chief"))
    User.objects.filter(username="chief").update(is_superuser=True, is_staff=True)

    for page in ("/admin/", "/admin/surveys/survey/", "/admin/config/user/"):
        assert clerk.get(page).status_code == 302
        assert chief.get(page).status_code == 200


def test_the_plain_admin_changes_nothing_that_a_service_guards():
    survey = field.survey()
    chief = Client()
    chief.force_login(User.objects.create_superuser("chief"))

    for page in (f"survey/{survey.pk}/delete/", "survey/add/"):
        assert chief.get(f"/admin/surveys/{page}").status_code == 403
    assert chief.post(f"/admin/surveys/survey/{survey.pk}/change/", {}).status_code == 403


def written(found: dict[tuple[str, str], list[str]]) -> str:
    """Write the table as docs/access.md has it."""
    heads = ["address", "method", "everybody", *ROLES]
    lines = [
        "# Who gets in where",
        "",
        "Every address and method, asked for as every role by `tests/spec/test_access.py`, which holds this",
        "table. ✓ is let in, ○ is let in unless posted to an area, empty is refused (403, or 404 where an",
        "object lies outside of the areas of a person). `public` needs no sign-in; `signed in` shows everybody",
        "their own. The plain admin is for superusers. What each role may do stands in",
        "`config/accounts/roles.py`.",
        "",
        "| role | 中文 | permissions (○: not when posted) |",
        "|---|---|---|",
    ]
    for role in ROLES.values():
        names = sorted(role.permissions)
        marked = ", ".join(n + (" ○" if PERMISSIONS[n].everywhere else "") for n in names)
        lines.append(f"| {role.key} | {role.label.zh} | {marked} |")
    lines += ["", "| " + " | ".join(heads) + " |", "|---|---|" + "---|" * (len(heads) - 2)]
    for (route, method), cells in found.items():
        lines.append("| " + " | ".join([f"`/{route}`", method, *cells]) + " |")
    return "\n".join(lines) + "\n"
