"""A real browser on a phone's screen, where Chromium is installed."""

from __future__ import annotations

import os
from importlib import import_module

import pytest
from django.apps import apps
from playwright.sync_api import sync_playwright

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]


@pytest.fixture
def phone(program, monkeypatch, socket_enabled):
    """Return a function that opens a page 360 px wide, with or without JavaScript; nothing it
    loads may fail.
    """
    chromium = program("chromium")
    monkeypatch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)

        def open_page(
            *, javascript: bool = True, width: int = 360, locale: str = "zh-CN", **options
        ):
            context = browser.new_context(
                viewport={"width": width, "height": 760},
                java_script_enabled=javascript,
                locale=locale,
                **options,
            )
            page = context.new_page()
            page.faults = []
            page.on("pageerror", lambda error: page.faults.append(str(error)))
            # what was still under way when the page moved on is no fault of it
            page.on(
                "requestfailed",
                lambda request: (
                    page.faults.append(request.url)
                    if request.failure != "net::ERR_ABORTED"
                    else None
                ),
            )
            return page

        yield open_page
        browser.close()


@pytest.fixture
def areas(db):
    """Put the areas back that a test with real transactions has swept away."""
    import_module("surveys.migrations.0002_areas").load(apps, None)
