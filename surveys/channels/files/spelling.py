"""What a cell says, as choices of its question: matched exactly, or refused. PURE.

A choice is found by its name, then by its label, then by either in one width, case and kind of dash
or quotation mark, and that only where no other choice of the question reads the same; where two do,
our own files write the name behind the label, 其他 [other_2]. No sign is
ever left out: -1 is not 1, <100元 is not >100元, and 1-2个月 is not 12个月.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from config.language.spelling import folded
from surveys.questionnaires.questionnaire import Choice

# what separates several answers in one cell; 问卷星 writes ┋, and where it stands nothing else
# separates
STRONG = "┋"
SEPARATORS = ";|\n、"
WEAK = ", \t"  # also stand inside labels, so that a known label is looked for first
TICKED = frozenset(
    (
        *("true", "yes", "y", "x", "on", "checked", "selected"),
        *("✓", "✔", "√", "☑", "✅", "■", "●", "有", "是", "选中", "已选", "勾选"),
    )
)
NOT_TICKED = frozenset(
    (
        *("", "false", "no", "n", "n/a", "off", "unchecked", "not selected"),
        *("×", "✗", "✘", "☐", "□", "○", "无", "否", "未选", "未选中", "未勾选"),
    )
)
FLAGS = frozenset(("0", "1", "0.0", "1.0"))
WHOLE = re.compile(r"(-?\d+)\.0+")


class Spellings:
    """The spellings of one question's choices."""

    def __init__(
        self, choices: Iterable[Choice], values: Mapping[str, str], *, numbers: bool = False
    ) -> None:
        """values: spellings that a mapping adds. numbers: cells hold the places of choices, from
        1.
        """
        listed = list(choices)
        self.exact: dict[str, str] = {}
        self.alike: dict[str, str] = {}
        # a label that two choices share says neither
        labels = [(c.name, label) for c in listed for label in (c.label.zh, c.label.en) if label]
        self._add_unshared(self.exact, labels)
        names = [(choice.name, choice.name) for choice in listed]
        self.exact |= {f"{label} [{name}]": name for name, label in labels}
        self.exact |= dict(names)
        self._add_unshared(self.alike, [(name, folded(text)) for name, text in labels + names])
        if numbers:
            places = {str(place): choice.name for place, choice in enumerate(listed, start=1)}
            self.exact |= places
            self.alike |= places
        for spelling, name in values.items():
            self.exact[spelling] = name
            self.alike[folded(spelling)] = name
        self.longest = sorted(self.alike, key=len, reverse=True)

    @staticmethod
    def _add_unshared(found: dict[str, str], spelled: Iterable[tuple[str, str]]) -> None:
        """Add the spellings that belong to one choice alone."""
        owners: dict[str, set[str]] = {}
        for name, spelling in spelled:
            owners.setdefault(spelling, set()).add(name)
        found |= {spelling: next(iter(of)) for spelling, of in owners.items() if len(of) == 1}

    def find(self, text: str) -> str | None:
        """Return the name of the choice that a text says, or None."""
        whole = WHOLE.fullmatch(text)  # programs write the number 3 as 3.0
        return (
            self.exact.get(text)
            or self.alike.get(folded(text))
            or (self.exact.get(whole[1]) if whole else None)
        )

    def several(self, cell: str, separator: str | None = None) -> list[str]:
        """Return the parts of a cell with several answers, as they are written.

        With ┋ in it nothing else separates. Otherwise the longest known spelling is taken at each
        place (价格高；质量差 may be one label), and what is none runs to the next separator.
        `separator`: the signs that a mapping names, which then alone separate.
        """
        if self.find(cell):
            return [cell]
        if separator is None and STRONG in cell:
            separator = STRONG
        if separator is not None:
            parts = re.split(f"[{re.escape(separator)}]", cell)
            return [part.strip() for part in parts if part.strip()]
        return self._taken(folded(cell))

    def _taken(self, cell: str) -> list[str]:
        ends = SEPARATORS + WEAK
        found, at = [], 0
        while at < len(cell):
            if cell[at] in ends:
                at += 1
                continue
            known = next((s for s in self.longest if self._stands(cell, s, at)), None)
            if known is None:
                known = re.split(f"[{re.escape(SEPARATORS)},]", cell[at:], maxsplit=1)[0]
            found.append(known.strip())
            at += len(known)
        return found

    def _stands(self, cell: str, spelling: str, at: int) -> bool:
        """Say whether a spelling stands at a place of a cell, up to a separator or its end."""
        end = at + len(spelling)
        return cell.startswith(spelling, at) and (
            end == len(cell) or cell[end] in SEPARATORS + WEAK
        )


def is_ticked(choice: Choice, cell: str) -> bool | None:
    """Say whether a cell of a choice's own column means that it was chosen; None where it says
    neither.
    """
    text = folded(cell)
    labels = (choice.name, choice.label.zh, choice.label.en)
    # exporters write 0 and 1 also for choices that are called so; 无 may be the choice itself
    if text in FLAGS:
        return text.startswith("1")
    if cell in labels or text in map(folded, labels):
        return True
    return True if text in TICKED else False if text in NOT_TICKED else None
