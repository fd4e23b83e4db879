"""Nobody is shown a button that refuses them: every page of the back office is opened as every role,
posted and not, and every link and form on it is followed.

What a form does is undone again at once. A page that a role may not see is none that could show it
anything; what it does show has to lead somewhere.
"""

from __future__ import annotations

from html.parser import HTMLParser
from urllib.parse import urldefrag, urljoin

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from config.accounts.models import User
from config.accounts.permissions import may_call
from config.accounts.roles import ROLES
from tests.office import build, names
from tests.people import person

pytestmark = pytest.mark.django_db

# they would end what is asked with; the public pages are for everybody
LEFT_OUT = ("/logout/", "/language/", "/static/", "/admin/", "/s/", "/q/", "/i/", "/api/")
CASES = [(role, area) for role in ROLES for area in ("", "140100")]


class Page(HTMLParser):
    """The links of a page, and its forms with what they send."""

    def __init__(self, address: str, content: str) -> None:
        super().__init__()
        self.address = address
        self.links: set[str] = set()
        self.forms: list[tuple[str, dict[str, str]]] = []
        self.sent: dict[str, str] | None = None
        self.feed(content)

    def handle_starttag(self, tag: str, found: list[tuple[str, str | None]]) -> None:
        given = dict(found)
        for name in ("href", "src", "hx-get", "formaction"):
            if given.get(name) and tag != "link":
                self.links.add(self._whole(given[name]))
        if tag == "form":
            self.sent = {}
            if given.get("method") == "post":
                self.forms.append((self._whole(given.get("action") or ""), self.sent))
            elif given.get("action"):
                self.links.add(self._whole(given["action"]))
        elif given.get("name") and given.get("value") and self.sent is not None:
            self.sent[given["name"]] = given["value"]

    def _whole(self, address: str) -> str:
        return urldefrag(urljoin(f"http://testserver{self.address}", address))[0]


def here(address: str) -> str:
    """Return the path of an address of the back office, "" for one of elsewhere."""
    path = address.removeprefix("http://testserver")
    return "" if "://" in path or path.startswith(LEFT_OUT) else path


def refusals(browser: Client, seeds: list[str]) -> list[tuple[str, str, int]]:
    """Open the seeds, follow what is on them, and return what refuses: page, address, status."""
    waiting, seen, refused = [("", seed) for seed in seeds], set(), []
    while waiting:
        page, address = waiting.pop()
        if address in seen:
            continue
        seen.add(address)
        answer = browser.get(address)
        if page and answer.status_code in (403, 404):
            refused.append((page, address, answer.status_code))
        is_page = answer.get("Content-Type", "").startswith("text/html")
        if answer.status_code != 200 or not is_page:
            continue
        read = Page(address, answer.content.decode())
        waiting += [(address, path) for link in read.links if (path := here(link))]
        for action, sent in read.forms:
            key = f"POST {action} {sent.get('what', '')}"
            if not here(action) or key in seen:
                continue
            seen.add(key)
            status = posted(browser, here(action), sent)
            if status in (403, 404):
                refused.append((address, key, status))
    return refused


def posted(browser: Client, action: str, sent: dict[str, str]) -> int:
    """Send a form, undo what it did, and return the status of the answer."""
    with transaction.atomic():
        status = browser.post(action, sent).status_code
        transaction.set_rollback(True)
    return status


@pytest.mark.parametrize(("role", "area"), CASES)
def test_what_a_page_offers_is_allowed(role, area):
    parts = build(User.objects.create_superuser("chief"))
    browser = Client()
    browser.force_login(person("eva", role, areas=[area] if area else []))

    seeds = [reverse(name, args=parts.get(name, [])) for name in names()]

    assert refusals(browser, [s for s in seeds if here(s)]) == []


def test_what_is_asked_in_a_template_is_what_the_view_says():
    clerk = person("eva", "analyst")

    assert may_call(clerk, "companies")
    assert not may_call(clerk, "companies", post=True)
    assert not may_call(None, "today")
    assert may_call(person("ann", "legal"), "account", post=True)


def test_an_address_that_is_not_there_is_a_slip_of_the_template():
    with pytest.raises(KeyError):
        may_call(person("eva", "analyst"), "no-such-address")
