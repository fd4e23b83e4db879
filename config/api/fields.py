"""Fields that every room's answers have."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from config.language.texts import LANGUAGES, Text

BOTH = {
    "type": "object",
    "properties": {language: {"type": "string"} for language in LANGUAGES},
    "required": list(LANGUAGES),
}


@extend_schema_field(BOTH)
class BothLanguages(serializers.Field[Text, Any, dict[str, str], Any]):
    """Words in both languages, by language tag."""

    def to_representation(self, value: Text) -> dict[str, str]:
        """Write the words."""
        return value.as_dict()
