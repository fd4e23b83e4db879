"""What XLSForm allows to be said in one word, written out: or_other becomes a choice and a
question.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from surveys.questionnaires.workbook import Row, Workbook

OR_OTHER = re.compile(r"\s+or[_ ](?:specify )?other$", re.IGNORECASE)
OTHER = {"label::zh": "其他", "label::en": "Other"}
WHICH = {"label::zh": "请写明是什么", "label::en": "Please say which"}


def expand(book: Workbook) -> Workbook:
    """Return the workbook with every or_other written out; rows that are added keep the number
    of their question.
    """
    lists = {OR_OTHER.sub("", row.list_name) for row in book.rows("survey") if _has_other(row)}
    if not lists:
        return book
    survey = tuple(line for row in book.rows("survey") for line in _lines(row, book))
    choices = [*book.rows("choices")]
    for name in sorted(lists):
        own = [row for row in choices if row.get("list_name") == name]
        if own and all(row.get("name") != "other" for row in own):
            cells = {"list_name": name, "name": "other", **_said(OTHER, book, "choices")}
            choices.append(replace(own[-1], cells=cells))
    return replace(book, sheets={**book.sheets, "survey": survey, "choices": tuple(choices)})


def _has_other(row: Row) -> bool:
    return (
        row.kind in ("select_one", "select_multiple") and OR_OTHER.search(row.list_name) is not None
    )


def _lines(row: Row, book: Workbook) -> Iterator[Row]:
    if not _has_other(row):
        yield row
        return
    yield replace(row, cells={**row.cells, "type": OR_OTHER.sub("", row.get("type"))})
    relevant = f"selected(${{{row.get('name')}}}, 'other')"
    cells = {
        "type": "text",
        "name": f"{row.get('name')}_other",
        "relevant": relevant,
        **_said(WHICH, book, "survey"),
    }
    yield replace(row, cells=cells)


def _said(words: dict[str, str], book: Workbook, sheet: str) -> dict[str, str]:
    """Return words in the languages that a sheet has a column for, in English where it names
    none.
    """
    texts = {
        heading: text for heading, text in words.items() if heading in book.headings.get(sheet, ())
    }
    return texts or {"label": words["label::en"]}
