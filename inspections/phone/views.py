"""The pages of the phone: two shells that a service worker keeps, the worker itself, and what makes
them installable. They hold nothing of anybody; what they show comes with the phone's token.
"""

from __future__ import annotations

import hashlib
import json
from functools import cache
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_safe

from config.middleware import POLICY

SCRIPTS = ("store.js", "send.js", "phone.js", "visit.js")
FILES = (
    *(f"inspections/{name}" for name in SCRIPTS),
    "inspections/phone.css",
    "inspections/phone.svg",
    "surveys/evaluate.js",
    "surveys/answers.js",
    "surveys/fill.js",
    "surveys/fill.css",
)
PAGES = ("/i/", "/i/visit/", "/i/en/", "/i/en/visit/")
LANGUAGES = {"": "zh-hans", "en/": "en"}


@login_not_required
@require_safe
def assignments(request: HttpRequest, language: str = "") -> HttpResponse:
    """Return the shell of the first page: what is to be visited."""
    return _shell(request, "assignments", language)


@login_not_required
@require_safe
def visit(request: HttpRequest, language: str = "") -> HttpResponse:
    """Return the shell of a visit."""
    return _shell(request, "visit", language)


@login_not_required
@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """Return the service worker, with the list of what it keeps; it changes when any of that
    does.
    """
    shell = [*PAGES, "/i/manifest.webmanifest", *map(static, FILES)]
    context = {"version": app_version(), "shell": json.dumps(shell)}
    text = render_to_string("inspections/phone/sw.js", context)
    return HttpResponse(
        text,
        content_type="text/javascript; charset=utf-8",
        headers={"Cache-Control": "no-cache", "Service-Worker-Allowed": "/i/"},
    )


@login_not_required
@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    """Return what makes the page installable (W3C Web Application Manifest)."""
    with override("zh-hans"):
        name = _("Mingcha visits")
    return JsonResponse(
        {
            "name": name,
            "short_name": name,
            "start_url": "/i/",
            "scope": "/i/",
            "display": "standalone",
            "background_color": "#ffffff",
            "theme_color": "#b8291a",
            "icons": [
                {"src": static("inspections/phone.svg"), "sizes": "any", "type": "image/svg+xml"}
            ],
        },
        content_type="application/manifest+json",
        json_dumps_params={"ensure_ascii": False},
    )


@cache
def app_version() -> str:
    """Return what the app is called now: a hash over all that it consists of."""
    every = hashlib.sha256()
    for name in FILES:
        path = finders.find(name)
        assert isinstance(path, str), name
        with open(path, "rb") as file:
            every.update(file.read())
    for tag, code in LANGUAGES.items():
        with override(code):
            for page in ("assignments", "visit"):
                text = render_to_string(f"inspections/phone/{page}.html", _context(tag))
                every.update(text.encode())
    return every.hexdigest()[:12]


def _shell(request: HttpRequest, page: str, language: str) -> HttpResponse:
    with override(LANGUAGES[language]):
        context = {**_context(language), "app": app_version()}
        answer = render(request, f"inspections/phone/{page}.html", context)
    answer.headers["Cache-Control"] = "no-cache"
    # pictures that lie on the phone are shown from there
    answer.headers["Content-Security-Policy"] = POLICY.replace("data:", "data: blob:")
    return answer


def _context(language: str) -> dict[str, Any]:
    return {
        "language": "en" if language else "zh-Hans",
        "base": f"/i/{language}",
        "other": "/i/" if language else "/i/en/",
        "words": words(),
    }


def words() -> dict[str, str]:
    """Return what the scripts say, in the language that is spoken."""
    return {
        "no_storage": _(
            "This browser cannot keep a visit: a private window, no space, or too old. Open the"
            " page in an ordinary window of Chrome, Safari or the phone's own browser."
        ),
        "full": _(
            "This phone has less than 100 MB left for the page. Make space first, so that no"
            " photograph is lost."
        ),
        "no_token": _("This phone is not known yet. Scan the code that your supervisor shows you."),
        "shut_out": _(
            "This phone is not let in any more. What it holds stays on it; talk to your supervisor."
        ),
        "offline": _(
            "There is no network. Visits that are listed here can be made; they are sent later."
        ),
        "wechat": _(
            "Here everything is sent at once and needs a network. To work without one, open the"
            " menu ··· and choose “open in browser”."
        ),
        "begin": _("Begin"),
        "go_on": _("Go on"),
        "mend": _("Mend and send again"),
        "until": _("until {day}"),
        "with": _("with {name}"),
        "returned": _("Sent back:"),
        "refused": _("Not taken yet; please look at it again."),
        "under_way": _("Under way, kept on this phone."),
        "here": _("On this phone, with {n} files; it is sent when there is a network."),
        "sending": _("{sent} of {count} files have arrived."),
        "safe": _("Safe at the association."),
        "queue": _("{n} visits are on their way; leave this page open."),
        "queue_offline": _("{n} visits wait on this phone for a network. Nothing is lost."),
        "unknown": _("This visit is not among yours. Go back to the list."),
        "sent_already": _("This visit is finished. Go back to the list to see where it is."),
        "no_checklist": _(
            "The checklist is not on this phone yet. Open the list once with a network."
        ),
        "camera": _("Take a photograph"),
        "gallery": _("Choose from the phone"),
        "heic": _(
            "This is a HEIC picture, which others cannot open. Choose “most compatible” in the"
            " camera's settings, or take a screenshot of it."
        ),
        "not_kept": _("The phone could not keep this file; make space and take it again."),
        "no_code": _("No code was found in the picture; type what it says."),
        "take_away": _("Take away"),
        "sure": _("Take it away? It is not kept anywhere else."),
        "required": _("Please answer this."),
        "next": _("Next"),
        "finish": _("Finish the visit"),
    }
