"""Which rows of a table are its heading: lines of a title above it, a heading of two rows, the
extra rows of Qualtrics and SurveyMonkey.

A row is taken for no data only where it cannot be any; every such row is told.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from openpyxl.utils import get_column_letter

from config.tabular.delimited import Rows
from config.tabular.workbooks import Area

MOST_LINES = 10  # of a title above the heading
LOOKED_AT = 200  # rows under the heading
# what SurveyMonkey writes under the heading of a question with one answer
ONE_ANSWER = {"response", "open-ended response", "回复", "答复", "开放式回答"}
# Qualtrics' second row under the heading
IMPORT_ID = '{"ImportId"'


@dataclass(frozen=True)
class Head:
    """The headings of a table, and which of its rows they end at; `aside` are the numbers of rows
    that are neither heading nor data.
    """

    names: list[str]
    rows: int
    aside: tuple[int, ...] = ()


def head_of(rows: Rows, merged: Sequence[Area] = ()) -> Head:
    """Find the heading of a table that has at least one row."""
    start = _lines_above(rows, merged)
    above = tuple(number for number, _cells in rows[:start])
    head, below = _stripped(rows[start][1]), rows[start + 1 :]
    second = _stripped(below[0][1]) if below else []
    names, took, aside = head, 1, above
    if len(below) > 1 and all(cell.startswith(IMPORT_ID) for cell in below[1][1]):
        took, aside = 3, (*above, below[0][0], below[1][0])
    elif "" in head and any(cell.casefold() in ONE_ANSWER for cell in second):
        names, took = _with_answers(head, second), 2
    elif groups := _groups(head, second, [a for a in merged if a.top == rows[start][0]]):
        names, took = [_joined(group, cell) for group, cell in zip(groups, second, strict=True)], 2
    elif second and _are_labels(head, second, below[1:]):
        took, aside = 2, (*above, below[0][0])
    return Head(_named(names), start + took, aside)


def _stripped(cells: Sequence[str]) -> list[str]:
    return [cell.strip() for cell in cells]


def _lines_above(rows: Rows, merged: Sequence[Area]) -> int:
    """Return how many rows are lines of a title: few cells of a wide table, with a row of words
    under them that can be a heading.
    """
    counts = [
        sum(bool(cell.strip()) for cell in cells) for _number, cells in rows[: MOST_LINES + 2]
    ]
    most = max(counts)
    start = 0
    while start < min(MOST_LINES, len(counts) - 1) and _is_narrow(counts[start], most):
        start += 1
    if not start:
        return 0
    first, cells = rows[0]
    # a table of two columns, the second without heading, begins alike
    seen = most > 2 or len(cells) < len(rows[start][1]) or any(area.top == first for area in merged)
    return start if seen and _are_words(rows[start][1]) else 0


def _is_narrow(count: int, most: int) -> bool:
    return most > 1 and (count == 1 or (count <= 3 and 3 * count <= most))


def _are_words(cells: Sequence[str]) -> bool:
    """Say whether cells can be headings: words, each once, no numbers."""
    given = [cell.strip() for cell in cells if cell.strip()]
    return len(given) > 1 and len(set(given)) == len(given) and not any(map(is_number, given))


def is_number(text: str) -> bool:
    """Say whether a text is a number, as programs write one."""
    try:
        float(text)
    except ValueError:
        return False
    return True


def _with_answers(head: list[str], second: list[str]) -> list[str]:
    """Give SurveyMonkey's columns without a heading that of the question before, with the answer.

    Its second row names the answer of each column; "Response" is a question with one.
    """
    question, made = "", []
    for at, heading in enumerate(head):
        question = heading or question
        alone = heading and (at + 1 == len(head) or head[at + 1])
        answer = second[at]
        is_one = not answer or (bool(alone) and answer.casefold() in ONE_ANSWER)
        made.append(question if is_one else f"{question}:{answer}")
    return made


def _groups(head: list[str], second: list[str], merged: Sequence[Area]) -> list[str]:
    """Return the upper heading of every column where the heading has two rows, else nothing.

    The lower one stands under every column of a group, and nowhere else. Where no cells are merged,
    as in CSV, a group is a heading with at least one column without any after it.
    """
    if len(second) != len(head):
        return []
    wide = {column for area in merged for column in range(area.left - 1, area.right)}
    tall = {area.left - 1 for area in merged if area.bottom > area.top and area.left == area.right}
    groups: list[str] = []
    inside: set[int] = set()
    for at, heading in enumerate(head):
        groups.append(heading or (groups[-1] if groups else ""))
        if not heading:
            inside |= {at - 1, at} if at else set()
    if merged:
        inside = wide - tall
    lower = {at for at, cell in enumerate(second) if cell}
    # a second row of data is no heading: it would fill columns outside of groups, or hold numbers
    if not inside or lower != inside or any(is_number(second[at]) for at in lower):
        return []
    if not merged and (len(lower) == len(head) or len({second[at] for at in lower}) < len(lower)):
        return []
    return groups


def _joined(group: str, cell: str) -> str:
    return f"{group}:{cell}" if group and cell and group != cell else group or cell


def _are_labels(head: list[str], second: list[str], below: Rows) -> bool:
    """Say whether the row under the headings is a second name of the columns: different words in
    all of them, with nothing but numbers below in at least two.
    """
    if len(second) != len(head) or not all(head) or not all(second) or not _are_words(second):
        return False
    looked = [cells for _number, cells in below[:LOOKED_AT] if len(cells) == len(head)]
    columns = [[cell for row in looked if (cell := row[at].strip())] for at in range(len(head))]
    numeric = [cells for cells in columns if len(cells) > 2 and all(map(is_number, cells))]
    return len(numeric) > 1


def _named(names: Sequence[str]) -> list[str]:
    """Call a column without a heading by its letter, (C)."""
    return [name or f"({get_column_letter(at)})" for at, name in enumerate(names, start=1)]
