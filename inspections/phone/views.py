"""The page that is installed on an inspector's phone, the worker that keeps it there, and what the
phone needs to know to install it. Nothing about anybody is in them, so they are public.
"""

from __future__ import annotations

import json
from functools import cache
from hashlib import sha256
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from inspections.phone.words import words

SCRIPTS = (
    "surveys/evaluate.js",
    "surveys/answers.js",
    "surveys/fill.js",
    "inspections/store.js",
    "inspections/capture.js",
    "inspections/sending.js",
    "inspections/visit.js",
    "inspections/app.js",
)
STYLES = ("surveys/fill.css", "inspections/app.css")
PICTURES = ("config/seal.svg", "inspections/icon-192.png", "inspections/icon-512.png")


@login_not_required
@require_safe
@cache_control(no_cache=True)
def app(request: HttpRequest) -> HttpResponse:
    """Send the page; it is the same for everybody."""
    return render(request, "inspections/phone/app.html", _context())


@login_not_required
@require_safe
@cache_control(no_cache=True)
def worker(request: HttpRequest) -> HttpResponse:
    """Send the service worker, with what it keeps; a change of any of it is a new version."""
    kept = [reverse("phone-app"), *(static(name) for name in (*SCRIPTS, *STYLES, *PICTURES))]
    context = {"version": version(), "kept": json.dumps(kept)}
    content = render_to_string("inspections/phone/sw.js", context)
    return HttpResponse(content, content_type="text/javascript; charset=utf-8")


@login_not_required
@require_safe
@cache_control(no_cache=True)
def manifest(request: HttpRequest) -> HttpResponse:
    """Send what a phone needs to put the page on the home screen (W3C Web App Manifest)."""
    sizes = [("inspections/icon-192.png", "192x192"), ("inspections/icon-512.png", "512x512")]
    content = {
        "name": "明察 · 体察",
        "short_name": "体察",
        "id": reverse("phone-app"),
        "start_url": reverse("phone-app"),
        "scope": reverse("phone-app"),
        "display": "standalone",
        "lang": "zh-Hans",
        "background_color": "#ffffff",
        "theme_color": "#17223b",
        "icons": [
            {"src": static(name), "sizes": size, "type": "image/png", "purpose": "any"}
            for name, size in sizes
        ],
    }
    return JsonResponse(content, content_type="application/manifest+json")


def version() -> str:
    """Return what the version of the app is called: a hash of everything that it is made of."""
    files = "".join(_hash(name) for name in (*SCRIPTS, *STYLES, *PICTURES))
    said = json.dumps(words(), sort_keys=True)
    templates = "".join(map(_hash_of, ("inspections/phone/sw.js", "inspections/phone/app.html")))
    return sha256((files + said + templates).encode()).hexdigest()[:12]


def _context() -> dict[str, Any]:
    return {
        "words": words(),
        "scripts": SCRIPTS,
        "styles": STYLES,
        "config": {
            "api": "/api/v1/phone/",
            "worker": reverse("phone-worker"),
            "version": version(),
        },
    }


@cache
def _hash(name: str) -> str:
    path = finders.find(name)
    assert isinstance(path, str), name
    with open(path, "rb") as file:
        return sha256(file.read()).hexdigest()


@cache
def _hash_of(template: str) -> str:
    return sha256(render_to_string(template, {}).encode()).hexdigest()
