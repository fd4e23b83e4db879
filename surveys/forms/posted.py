"""What a posted section says: the answers so far with those of one section, which may also have
been taken back.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from config.language.problems import InvalidInput, say
from config.storage import files, pictures
from surveys.forms.steps import Posted
from surveys.questionnaires.answers import MOST_PARTS, Flaw, other_field, part_field
from surveys.questionnaires.questionnaire import Question, Section

LARGEST_FILE = 20 * 2**20
# a file of the office; what browsers would run is not among them
SUFFIXES = (
    ".pdf",
    ".jpg",
    ".jpeg",
    ".png",
    ".webp",
    ".doc",
    ".docx",
    ".xls",
    ".xlsx",
    ".txt",
    ".csv",
)


def read(request: HttpRequest, section: Section, answers: dict[str, Any]) -> Posted:
    """Return what a posted section says, given the answers so far."""
    new, refused = merged(answers, section, request)
    return Posted(
        section=section,
        go=request.POST.get("go", "next"),
        answers=new,
        refused=tuple(refused),
        seen=frozenset(request.POST.getlist("shown")),
    )


def merged(
    answers: dict[str, Any], section: Section, request: HttpRequest
) -> tuple[dict[str, Any], list[Flaw]]:
    """Return the answers so far with those of one posted section, and the files that could not be
    taken.

    Files are kept at once and answered by their SHA-256.
    """
    new, flaws = dict(answers), []
    for name in list(request.FILES):
        if flaw := _flaw(name, section, request):
            flaws.append(flaw)
            del request.FILES[name]
    for question in section.questions:
        if question.kind == "repeat":
            new[question.name] = _sheets(question, new.get(question.name), request)
            continue
        before = new.pop(question.name, None)
        # an emptied answer is kept as empty where the default would come back otherwise
        if (given := _given(question, question.name, before, request)) or question.default:
            new[question.name] = given
        if question.kind == "company":
            new.pop(other_field(question.name), None)
            if other := request.POST.get(other_field(question.name), "").strip():
                new[other_field(question.name)] = other[:120]
    return new, flaws


def _sheets(repeat: Question, before: Any, request: HttpRequest) -> list[dict[str, Any]]:
    known = before if isinstance(before, list) else []
    count = request.POST.get(f"{repeat.name}:count", "")
    sheets = []
    for at in range(min(int(count) if count.isdecimal() and len(count) < 4 else 0, MOST_PARTS)):
        earlier = known[at] if at < len(known) else {}
        sheet = {
            part.name: given
            for part in repeat.parts
            if (
                given := _given(
                    part, part_field(repeat.name, at, part.name), earlier.get(part.name), request
                )
            )
        }
        sheets.append(sheet)
    return sheets


def _given(question: Question, name: str, before: Any, request: HttpRequest) -> str | list[str]:
    if question.kind in ("calculate", "note"):
        return ""
    if question.kind in ("image", "file"):
        return _uploaded(name, before, request)
    if question.kind == "select_multiple":
        return request.POST.getlist(name)
    return request.POST.get(name, "").strip()


def _uploaded(name: str, before: Any, request: HttpRequest) -> str:
    """Return the SHA-256 of the file that was sent now, or of the one sent earlier unless it was
    taken back.
    """
    upload = request.FILES.get(name)
    if upload is None:
        return "" if request.POST.get(f"{name}:remove") else str(before or "")
    upload.seek(0)
    return files.keep(upload.read())


def _flaw(name: str, section: Section, request: HttpRequest) -> Flaw | None:
    """Return why a file cannot be taken, if it cannot."""
    asked = {q.name: q for question in section.questions for q in (question, *question.parts)}
    question = asked.get(name.rpartition(":")[2])
    upload = request.FILES.getlist(name)[0]
    if question is None or upload.size is None or upload.size > LARGEST_FILE:
        return Flaw(name, say("is larger than {most} MB"), {"most": LARGEST_FILE // 2**20})
    if question.kind == "image":
        try:
            pictures.for_looking(upload.read(), name)
        except InvalidInput as error:
            return Flaw(name, error.problems[0].text, error.problems[0].values)
    elif not (upload.name or "").lower().endswith(SUFFIXES):
        return Flaw(
            name, say("is of a kind that is not taken: {kinds}"), {"kinds": " ".join(SUFFIXES)}
        )
    return None
