"""Files whose header is more than one row, made into tables with one: Qualtrics, SurveyMonkey. PURE
but for the frame.
"""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from config.tabular.tables import TextTable

# what SurveyMonkey writes under the heading of a question with one answer
ONE_ANSWER = {"response", "open-ended response", "回复", "答复", "开放式回答"}


def straightened(table: TextTable) -> TextTable:
    """Return a table without the extra rows of its header; other tables come back as they are."""
    return _without_import_ids(_with_headings(table))


def _without_import_ids(table: TextTable) -> TextTable:
    """Drop Qualtrics' two rows under the header: the question's text, and {"ImportId": …}."""
    frame = table.frame
    if len(frame) < 2 or not all(
        cell.startswith('{"ImportId"') for cell in map(str, frame.iloc[1])
    ):
        return table
    return replace(table, frame=frame.iloc[2:])


def _with_headings(table: TextTable) -> TextTable:
    """Give SurveyMonkey's columns without a heading that of the question before, with the answer.

    Its second row names the answer of each column; "Response" is a question with one.
    """
    frame = table.frame
    header = [str(column) for column in frame.columns]
    if "" not in header or not len(frame):
        return table
    second = [str(cell).strip() for cell in frame.iloc[0]]
    if not any(cell.casefold() in ONE_ANSWER for cell in second):
        return table
    question, made = "", []
    for at, heading in enumerate(header):
        question = heading or question
        alone = heading and (at + 1 == len(header) or header[at + 1])
        answer = second[at]
        is_one = not answer or (bool(alone) and answer.casefold() in ONE_ANSWER)
        made.append(question if is_one else f"{question}:{answer}")
    body = frame.iloc[1:].copy()
    body.columns = pd.Index(made)
    return replace(table, frame=body)
