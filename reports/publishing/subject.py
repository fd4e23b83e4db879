"""What a document is about, where it is no company: countries, districts, schools. Its words are
put into our own sentences before any name is, so that no name changes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.utils import translation
from django.utils.functional import lazy

from config.language.texts import Text

# a measure word goes with companies, another with most other things
MEASURED, COMPANY = "家企业", "企业"
ENGLISH = re.compile(r"\b(c)ompan(y|ies)\b", re.IGNORECASE)

_subject: ContextVar[Text | None] = ContextVar("subject", default=None)


@contextmanager
def about(subject: Text | None) -> Iterator[None]:
    """Speak of this subject inside; of companies where it is None."""
    token = _subject.set(subject)
    try:
        yield
    finally:
        _subject.reset(token)


def gettext(text: str) -> str:
    """Return a text in the active language, about the subject."""
    return spoken_of(translation.gettext(text), _subject.get())


def ngettext(singular: str, plural: str, number: int) -> str:
    """Return a text for a number in the active language, about the subject."""
    return spoken_of(translation.ngettext(singular, plural, number), _subject.get())


gettext_lazy = lazy(gettext, str)


def spoken_of(sentence: str, subject: Text | None) -> str:
    """Return one of our sentences about a subject in place of companies."""
    if subject is None:
        return sentence
    one, _slash, several = subject.en.partition("/")
    several = several or plural_of(one)

    def word(found: re.Match[str]) -> str:
        put = one if found[2].lower() == "y" else several
        return put[:1].upper() + put[1:] if found[1] == "C" else put

    chinese = sentence.replace(MEASURED, f"个{subject.zh}").replace(COMPANY, subject.zh)
    return ENGLISH.sub(word, chinese)


def plural_of(noun: str) -> str:
    """Return the regular plural of an English noun."""
    if re.search(r"[^aeiou]y$", noun):
        return f"{noun[:-1]}ies"
    return f"{noun}es" if re.search(r"(s|x|z|ch|sh)$", noun) else f"{noun}s"
