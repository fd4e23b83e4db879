"""The unified social credit code (统一社会信用代码) and its check character, GB 32100-2015."""

from __future__ import annotations

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

# clause 4 and annex: 31 characters, I O S V Z left out; weight of place i is 3^(i-1) mod 31
CHARACTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
WEIGHTS = tuple(pow(3, i, 31) for i in range(17))
SHAPE = re.compile(rf"[{CHARACTERS}]{{2}}[0-9]{{6}}[{CHARACTERS}]{{10}}")


def check_character(first_17: str) -> str:
    """Return the 18th character for the first 17."""
    total = sum(CHARACTERS.index(c) * weight for c, weight in zip(first_17, WEIGHTS, strict=True))
    return CHARACTERS[(31 - total % 31) % 31]


def is_credit_code(code: str) -> bool:
    """Say whether 18 characters are a unified social credit code with the right check character."""
    return SHAPE.fullmatch(code) is not None and check_character(code[:17]) == code[17]


def validate_credit_code(code: str) -> None:
    """Raise ValidationError for a code that is none."""
    if not is_credit_code(code):
        raise ValidationError(
            _(
                "is no unified social credit code: 18 characters, the last of which checks the"
                " others"
            )
        )
