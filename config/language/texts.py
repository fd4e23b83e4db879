"""Words in both languages. Knows no Django."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Language = Literal["zh-Hans", "en"]
LANGUAGES: tuple[Language, ...] = ("zh-Hans", "en")


def language_called(tag: str) -> Language:
    """Return the language of a tag; Chinese for none."""
    return "en" if tag.startswith("en") else "zh-Hans"


@dataclass(frozen=True)
class Text:
    """Words in both languages."""

    zh: str
    en: str

    def get(self, language: Language) -> str:
        """Return the words in one language."""
        return self.zh if language == "zh-Hans" else self.en

    def as_dict(self) -> dict[str, str]:
        """Return the words by language tag."""
        return {"zh-Hans": self.zh, "en": self.en}


NO_WORDS = Text("", "")
