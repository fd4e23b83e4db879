"""Workbooks for tests: a small questionnaire as rows, and builders that change a row of it."""

from __future__ import annotations

import io

import openpyxl

SURVEY = [
    "type|name|label::zh|label::en|required|relevant|constraint|constraint_message::zh|constraint_message::en"
    "|appearance|calculation",
    "begin_group|you|您|You",
    "select_one yes_no|repaired|修过吗？|Repaired?|yes",
    "select_multiple problem|problems|有什么“问题”？|Problems?|yes||not(selected(., 'none')) or"
    " count-selected(.) = 1"
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


# every kind of question there is, on one page and two
RICH = [
    "type|name|label::zh|label::en|required|relevant|constraint|appearance|calculation|choice_filter|parameters"
    "|repeat_count|guidance_hint::zh|guidance_hint::en|default",
    "begin_group|home|您家|Your home",
    "select_one city|city|哪个市？|Which city?|||||||randomize=true||以户口为准|As registered",
    "select_one county|county|哪个县？|Which county?||||||city = ${city}",
    "select_multiple fault or_other|faults|在${city}坏过什么？|What broke in ${city}?",
    "select_one_from_file shops.csv|shop|哪家店？|Which shop?",
    "geopoint|place|在哪里？|Where?",
    "image|photo|照片|Photo",
    "time|hour|几点？|What time?",
    "dateTime|moment|什么时候？|When?",
    "range|stars|几颗星？|Stars?|||||||start=1 end=5 step=1",
    "hidden|wave|||||||||||||2026",
    "end_group",
    "begin_repeat|repairs|维修|Repair",
    "integer|cost|花了多少？|Cost?|yes||. >= 0",
    "text|why|为什么这么贵？|Why so much?||${cost} > 500",
    "calculate|twice|||||||${cost} * 2",
    "end_repeat",
    "begin_group|both|两项|Both",
    "calculate|total|||||||sum(${cost})",
    "begin_group|grid|请评分|Please rate||||table-list",
    "select_one mood|speed|速度|Speed",
    "select_one mood|skill|技术|Skill",
    "end_group",
    "end_group",
    "text|last|还有吗？|Anything else?||||multiline",
]
RICH_CHOICES = [
    "list_name|name|label::zh|label::en|city",
    "city|ty|太原|Taiyuan",
    "city|dt|大同|Datong",
    "county|xd|小店|Xiaodian|ty",
    "county|pc|平城|Pingcheng|dt",
    "fault|fridge|冰箱|Fridge",
    "fault|none|都没有|None of these",
    "mood|1|差|Bad",
    "mood|2|中|Fair",
    "mood|3|好|Good",
]
RICH_FILES = {"shops.csv": "name,label,label::en\nnear,近邻店,Near\nfar,远方店,Far\n".encode()}


def rich(survey=RICH, choices=RICH_CHOICES) -> bytes:
    """Return the workbook with every kind of question."""
    return workbook(
        survey, choices, ["form_title|form_id|version", "大问卷 / Everything|rich|1"], None
    )
