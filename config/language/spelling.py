"""How words are compared that people and programs wrote: in one width and case, with nothing
invisible. Every sign that says something stays. Knows no Django.
"""

from __future__ import annotations

import re
import unicodedata

DASHES = dict.fromkeys("‐‑‒–—―−－", "-")
QUOTES = dict.fromkeys("“”„«»", '"') | dict.fromkeys("‘’", "'")
SAME = str.maketrans(DASHES | QUOTES)
INVISIBLE = re.compile("[\u200b-\u200f\u2060\ufeff\u00ad]")


def folded(text: str) -> str:
    """Return a text in one width and case, with one kind of dash and quotation mark, runs of blanks
    as one, and nothing invisible. Every other sign stays.
    """
    plain = unicodedata.normalize("NFKC", INVISIBLE.sub("", text)).casefold().translate(SAME)
    return re.sub(r"[^\S\n]+", " ", plain).strip()


def visible(text: str) -> str:
    """Return a text with its invisible signs written out, ‹U+200B›."""
    return INVISIBLE.sub(lambda sign: f"‹U+{ord(sign[0]):04X}›", text)
