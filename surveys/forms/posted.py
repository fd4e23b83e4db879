"""What a posted section says: the answers so far with those of one section, which may also have
been taken back.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from config.language.problems import InvalidInput, say
from config.storage import files, pictures
from surveys.forms.steps import Posted, is_below
from surveys.questionnaires.answers import (
    ALONE,
    MOST_PARTS,
    Flaw,
    Place,
    field_name,
    other_field,
)
from surveys.questionnaires.questionnaire import (
    SEVERAL,
    UPLOADS,
    Question,
    Questionnaire,
    Section,
    with_parts,
)

LARGEST_FILE = 20 * 2**20
# a file of the office; what browsers would run is not among them
SOUNDS = (".mp3", ".m4a", ".aac", ".ogg", ".opus", ".wav", ".webm", ".amr", ".3gp")
FILMS = (".mp4", ".m4v", ".mov", ".webm", ".3gp")
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
TAKEN = {"file": SUFFIXES, "audio": SOUNDS, "video": FILMS}


def read(request: HttpRequest, section: Section, answers: dict[str, Any]) -> Posted:
    """Return what a posted section says, given the answers so far."""
    new, refused = merged(answers, section, request)
    repeats = [question for question in section.questions if question.kind == "repeat"]
    return Posted(
        section=section,
        go=request.POST.get("go", "next"),
        answers=new,
        refused=tuple(refused),
        seen=frozenset(request.POST.getlist("shown")),
        counted={repeat.name: _counted(repeat, ALONE, request) for repeat in repeats},
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
        before = new.pop(question.name, None)
        new |= _one(question, before, request, ALONE)
        if question.kind == "company":
            new.pop(other_field(question.name), None)
            if other := request.POST.get(other_field(question.name), "").strip():
                new[other_field(question.name)] = other
    return new, flaws


def whole(questionnaire: Questionnaire, request: HttpRequest) -> dict[str, Any]:
    """Return what a form says in which every section stands at once, but files, which such a form
    takes in another way.
    """
    given: dict[str, Any] = {}
    for question in questionnaire.questions.values():
        if question.kind not in UPLOADS:
            given |= _one(question, None, request, ALONE)
    return given


def _one(question: Question, before: Any, request: HttpRequest, place: Place) -> dict[str, Any]:
    """Return the answer of one question by its name, nothing where there is none."""
    if question.kind == "repeat":
        return {question.name: _instances(question, before, request, place)}
    name = field_name(place, question.name)
    given = _given(question, name, before, request)
    # an emptied answer is kept as empty where the default would come back otherwise; one that was
    # hidden was not emptied
    has_default = question.default or question.initial is not None
    was_there = name in request.POST or name in request.POST.getlist("shown")
    is_emptied = has_default and question.is_asked and was_there
    return {question.name: given} if given or is_emptied else {}


def _counted(repeat: Question, place: Place, request: HttpRequest) -> int:
    count = request.POST.get(f"{field_name(place, repeat.name)}:count", "")
    return min(int(count) if is_below(count, 1000) else 0, MOST_PARTS)


def _instances(repeat: Question, before: Any, request: HttpRequest, place: Place) -> list[Any]:
    known = before if isinstance(before, list) else []
    instances: list[Any] = []
    for at in range(_counted(repeat, place, request)):
        earlier = known[at] if at < len(known) and isinstance(known[at], dict) else {}
        instance: dict[str, Any] = {}
        for part in repeat.parts:
            instance |= _one(part, earlier.get(part.name), request, (*place, (repeat.name, at)))
        instances.append(instance)
    # the number may have been lowered by mistake: what was answered waits for it to rise again
    return instances + (known[len(instances) :] if repeat.count is not None else [])


def _given(question: Question, name: str, before: Any, request: HttpRequest) -> str | list[str]:
    if question.kind in ("calculate", "note") or question.calculation is not None:
        return ""
    if question.kind in UPLOADS:
        return _uploaded(name, before, request)
    if question.kind in SEVERAL:
        return [answer for answer in request.POST.getlist(name) if answer]
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
    asked = {q.name: q for question in section.questions for q in with_parts(question)}
    question = asked.get(name.rpartition(":")[2])
    upload = request.FILES.getlist(name)[0]
    if question is None or upload.size is None or upload.size > LARGEST_FILE:
        return Flaw(name, say("is larger than {most} MB"), {"most": LARGEST_FILE // 2**20})
    if question.kind == "image":
        try:
            pictures.for_looking(upload.read(), name)
        except InvalidInput as error:
            return Flaw(name, error.problems[0].text, error.problems[0].values)
        return None
    taken = TAKEN.get(question.kind, SUFFIXES)
    if not (upload.name or "").lower().endswith(taken):
        return Flaw(
            name, say("is of a kind that is not taken: {kinds}"), {"kinds": " ".join(taken)}
        )
    return None
