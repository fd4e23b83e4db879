"""The questionnaire on paper: codes to key in, skips in words, a serial number with its QR code
on every page.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pikepdf
from django.conf import settings
from django.template.loader import render_to_string

from config.console import printing
from config.language.languages import speaking
from config.language.texts import Language, Text
from surveys.channels.links.poster import code
from surveys.channels.paper.skips import condition, is_on_paper, numbered
from surveys.questionnaires.questionnaire import (
    NOT_SURE,
    OTHER,
    SEVERAL,
    Question,
    Questionnaire,
)

FOLDER = settings.BASE_DIR / "surveys" / "templates" / "surveys" / "paper"
NONE: Mapping[str, str] = {}
# columns of the longest label, two for a Chinese character, up to which answers stand side by side
WIDE = 26
LINES = {"text": 2}
BOXES = {"integer": 6, "decimal": 8, "date": 8, "time": 4, "datetime": 12}


@dataclass(frozen=True)
class Paper:
    """What is printed around the questions."""

    organiser: Text
    notice: Text
    companies: Sequence[tuple[str, str, Text]] = ()  # key, code, name


def codes(question: Question, companies: Mapping[str, str] = NONE) -> dict[str, str]:
    """Return the code that is printed beside every answer and keyed in: 1, 2, 3; a number stands
    for itself.

    companies: the code of each by key. It must not change while sheets are out, so it is never a
    place in a list.
    """
    if question.kind == "company":
        return {**companies, NOT_SURE: "0", OTHER: "00"}
    names = [choice.name for choice in question.choices]
    if all(name.isdecimal() or name == "na" for name in names):
        return {name: "0" if name == "na" else name for name in names}
    return {name: str(i) for i, name in enumerate(names, start=1)}


def questionnaires(
    questionnaire: Questionnaire,
    paper: Paper,
    *,
    serials: Sequence[str],
    language: Language,
    day: date,
    address: Callable[[str], str] = lambda serial: serial,
) -> bytes:
    """Return a PDF with one copy for each serial number; what all copies share is in the file once.

    address: what the QR code of a serial number says.
    """
    with speaking(language):
        body = _body(questionnaire, paper, language, day)
        stamps = _stamps([(serial, address(serial)) for serial in serials], _pages(body), day)
    return _stamped(body, stamps, len(serials))


def _body(questionnaire: Questionnaire, paper: Paper, language: Language, day: date) -> bytes:
    numbers = numbered(questionnaire)
    sections = []
    for section in questionnaire.sections:
        seen = (q for q in section.questions if is_on_paper(q) or q.kind == "note")
        if not (asked := [_question(q, questionnaire, numbers, paper, language) for q in seen]):
            continue
        skip = _shared_skip(asked)
        sections.append({"heading": section.label.get(language), "skip": skip, "questions": asked})
    context = {
        "language": language,
        "title": questionnaire.title.get(language),
        "version": f"{questionnaire.name}@{questionnaire.version}",
        "organiser": paper.organiser.get(language),
        "notice": paper.notice.get(language),
        "sections": sections,
    }
    style = (FOLDER / "paper.css").read_text(encoding="utf-8")
    return printing.pdf(render_to_string("surveys/paper/paper.html", context), [style], day=day)


def _question(
    question: Question,
    questionnaire: Questionnaire,
    numbers: Mapping[str, str],
    paper: Paper,
    language: Language,
) -> dict[str, Any]:
    labels = {choice.name: choice.label.get(language) for choice in question.choices}
    if question.kind == "company":
        labels = {name: label.get(language) for name, _code, label in paper.companies}
        unsure, other = (
            ("不清楚是哪家", "其他企业：") if language == "zh-Hans" else ("Not sure", "Another:")
        )
        labels |= {NOT_SURE: unsure, OTHER: other}
    printed = codes(question, {name: code_ for name, code_, _label in paper.companies})
    options = [(printed[name], label) for name, label in labels.items()]
    if question.range:
        steps = round((question.range.end - question.range.start) / question.range.step) + 1
        options = [
            (f"{question.range.start + i * question.range.step:g}",) * 2 for i in range(steps)
        ]
    return {
        "number": numbers.get(question.name, ""),
        "label": question.label.get(language),
        "hint": question.hint.get(language),
        "skip": condition(question.relevant, questionnaire, numbers, language),
        "kind": question.kind,
        "several": question.kind in SEVERAL,
        "options": options,
        "beside": bool(options) and max(_width(label) for _code, label in options) <= WIDE,
        "scale": len(options) > 2 and sum(code_ != label for code_, label in options) <= 1,
        "lines": range(LINES.get(question.kind, 0)),
        "boxes": range(BOXES.get(question.kind, 0)),
    }


def _width(label: str) -> int:
    return sum(2 if ord(c) > 0x2E80 else 1 for c in label)


def _shared_skip(questions: list[dict[str, Any]]) -> str:
    """Return the condition that all questions of a section have in common, and take it away from
    each.
    """
    skips = {question["skip"] for question in questions}
    if len(questions) < 2 or len(skips) != 1:
        return ""
    for question in questions:
        question["skip"] = ""
    return str(skips.pop())


def _pages(content: bytes) -> int:
    with pikepdf.open(io.BytesIO(content)) as document:
        return len(document.pages)


def _stamps(serials: Sequence[tuple[str, str]], pages: int, day: date) -> bytes:
    """Return the page heads of every copy: serial number, code, page of pages."""
    heads = [
        {"serial": serial, "code": drawn, "page": page, "pages": pages}
        for serial, says in serials
        for drawn in [code(says)]
        for page in range(1, pages + 1)
    ]
    style = (FOLDER / "stamp.css").read_text(encoding="utf-8")
    return printing.pdf(
        render_to_string("surveys/paper/stamps.html", {"heads": heads}), [style], day=day
    )


def _stamped(body: bytes, stamps: bytes, copies: int) -> bytes:
    """Lay the heads over the copies; the pages themselves are in the file once, as forms."""
    with pikepdf.open(io.BytesIO(body)) as form, pikepdf.open(io.BytesIO(stamps)) as heads:
        out = pikepdf.new()
        forms = [out.copy_foreign(page.as_form_xobject()) for page in form.pages]
        for number, head in enumerate(heads.pages):
            out.pages.append(head)
            page = out.pages[-1]
            at = number % len(forms)
            # the heads share their resources: one name would be the last page everywhere
            name = page.add_resource(
                forms[at], pikepdf.Name.XObject, pikepdf.Name(f"/Sheet{at + 1}")
            )
            page.contents_add(out.make_stream(f"q {name} Do Q".encode()), prepend=True)
        assert len(out.pages) == copies * len(forms)
        done = io.BytesIO()
        out.save(done, deterministic_id=True)
    return done.getvalue()
