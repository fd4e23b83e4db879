"""What stands for a number in the cells of a rated column: words that a plan lists under `values`,
or one way of writing that it names there. PURE.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from config.language.problems import say
from config.language.spelling import folded
from config.tabular.yaml_nodes import Value

# 5分, 4 stars · ★★★★☆ · 85% · 4,5; beside them /5, or any other number: 4/5, 4.5 / 5, 4 out of 5
WAYS = ("points", "stars", "percent", "comma")
OUT_OF = re.compile(r"/[1-9][0-9]{0,3}")
POINTS = re.compile(r"(-?[0-9]+(?:\.[0-9]+)?) ?(?:分|星|颗星|级|points?|pts?|stars?)")
PERCENT = re.compile(r"(-?[0-9]+(?:\.[0-9]+)?) ?%")
FRACTION = re.compile(r"(-?[0-9]+(?:\.[0-9]+)?) ?(?:/|out of) ?([0-9]+)")
COMMA = re.compile(r"(-?[0-9]+),([0-9]{1,2})")
# ５ is 5; NFKC would also make 52 of 5²
ONE_WIDTH = {0xFF01 + at: 0x21 + at for at in range(94)}
FULL, EMPTY_STAR = "★⭐🌟", "☆✩"


@dataclass(frozen=True)
class Values:
    """Numbers by the words that stand for them, as `folded` writes the words; or a way of
    writing.
    """

    words: Mapping[str, float] = field(default_factory=dict)
    way: str | None = None

    def number(self, cell: str) -> str:
        """Return the number that a cell stands for, as text; a cell that stands for none as it
        is.
        """
        text = folded(cell)
        if text in self.words:
            return f"{self.words[text]:g}"
        read = in_way(text, self.way) if self.way else None
        return cell.translate(ONE_WIDTH) if read is None else read


def in_way(text: str, way: str) -> str | None:
    """Return the number that a folded text writes in this way, None where it does not."""
    if way == "stars":
        full = sum(sign in FULL for sign in text)
        written = {*FULL, *EMPTY_STAR, "\ufe0f"}
        return str(full) if text and set(text) <= written else None
    if way == "comma":
        found = COMMA.fullmatch(text)
        return f"{found[1]}.{found[2]}" if found else None
    if way.startswith("/"):
        found = FRACTION.fullmatch(text)
        return found[1] if found and f"/{found[2]}" == way else None  # 8/10 is no 8 of 5
    found = (POINTS if way == "points" else PERCENT).fullmatch(text)
    return found[1] if found else None


def read_values(value: Value) -> Values:
    """Read `values` of a plan: a mapping of words to numbers, or one of WAYS."""
    if not value.is_mapping:
        way = value.raw if OUT_OF.fullmatch(value.raw or "") else value.choice(*WAYS, "/5")
        return Values(way=way)
    words: dict[str, float] = {}
    for word, given in value.mapping().items():
        number = given.number()
        if number is not None and words.setdefault(folded(word), number) != number:
            given.problem(say("is the same word as another one, with another number"))
    return Values(words)
