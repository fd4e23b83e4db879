"""Workbooks for tests: a small questionnaire as rows, and builders that change a row of it."""

from __future__ import annotations

import io

import openpyxl

SURVEY = [
    "type|name|label::zh|label::en|required|relevant|constraint|constraint_message::zh|constraint_message::en"
    "|appearance|calculation",
    "begin_group|you|您|You",
    "select_one yes_no|repaired|修过吗？|Repaired?|yes",
    "select_multiple problem|problems|有什么“问题”？|Problems?|yes||not(selected(., 'none')) or count-selected(.) = 1"
    "|没有就别选其他|None stands alone",
    "end_group",
    "begin_group|visit|维修|Repair||${repaired} = 'yes'",
    "text|company|哪家公司？|Which company?|yes|||||company",
    "select_one ten|speed|速度|Speed|yes",
    "select_one yes_no|fixed|修好了吗？|Fixed?|yes",
    "integer|hours|几小时？|Hours?|||. >= 0|不能小于 0|Not below 0",
    "text|comment|还有什么？|Anything else?||||||multiline",
    "calculate|late|||||||||if(${hours} > 24, 1, 0)",
    "end_group",
]
CHOICES = [
    "list_name|name|label::zh|label::en",
    "yes_no|yes|是|Yes",
    "yes_no|no|否|No",
    "problem|price|价格|Price",
    "problem|late|太晚|Late",
    "problem|none|没有|None",
    *(f"ten|{i}|{i}|{i}" for i in range(1, 11)),
    "ten|na|说不清|Can't say",
]
SETTINGS = ["form_title|form_id|version", "小问卷 / A small questionnaire|small|1"]
INDICATORS = [
    "indicator|parent|label::zh|label::en|weight|question|kind|score|critical|legal_basis",
    "response||响应|Response|40",
    "quick|response|速度|Speed|100|speed|satisfaction|linear 1 10",
    "repair||修好|Repair|60|fixed|fact|yes=100 no=0|yes|办法 2012",
]


def workbook(survey=SURVEY, choices=CHOICES, settings=SETTINGS, indicators=INDICATORS) -> bytes:
    """Return an .xlsx file; a row is its cells joined by |, None leaves the sheet out."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    sheets = {"survey": survey, "choices": choices, "settings": settings, "indicators": indicators}
    for name, rows in sheets.items():
        if rows is not None:
            sheet = book.create_sheet(name)
            for row in rows:
                sheet.append([cell or None for cell in row.split("|")])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def replaced(rows: list[str], old: str, new: str) -> list[str]:
    """Return rows with one text replaced; it must be there."""
    assert any(old in row for row in rows), old
    return [row.replace(old, new) for row in rows]
