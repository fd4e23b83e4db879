"""The languages a document is made in, and how to switch between them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from django.http import HttpRequest
from django.utils import translation

from config.language.texts import LANGUAGES, Language, language_called

Said = TypeVar("Said")


@contextmanager
def speaking(language: Language) -> Iterator[None]:
    """Say everything inside in one language."""
    with translation.override("zh-hans" if language == "zh-Hans" else "en"):
        yield


def spoken() -> Language:
    """Return the language that is spoken now."""
    return language_called(translation.get_language() or "")


def in_both(say: Callable[[], Said]) -> dict[str, Said]:
    """Return what `say` says, by language tag."""
    texts: dict[str, Said] = {}
    for language in LANGUAGES:
        with speaking(language):
            texts[language] = say()
    return texts


def language_of(request: HttpRequest) -> Language:
    """Return the language that an address or a form asks for, or else the browser."""
    asked = request.GET.get("lang") or request.POST.get("lang") or translation.get_language() or ""
    return language_called(asked)


def terminals_language() -> str:
    """Return the language of the terminal: Chinese in a Chinese locale, English elsewhere."""
    said = (os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    locale = next(filter(None, said), "")
    return "zh-hans" if locale.lower().startswith("zh") else "en"
