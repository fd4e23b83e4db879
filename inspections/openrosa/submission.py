"""What ODK Collect sends, read: XML to answers, every problem named. Keeps nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from config.language.problems import InvalidInput, Problem, say
from inspections.openrosa.forms import QUESTION
from surveys.questionnaires.answers import MOST_PARTS, other_field
from surveys.questionnaires.questionnaire import OTHER, SEVERAL, UPLOADS, Question, Questionnaire

LARGEST = 2 * 2**20  # of the XML
MOST_NODES = 20_000
DEEPEST = 20


@dataclass(frozen=True)
class Head:
    """What a submission says of itself."""

    form: str
    version: str
    instance: str
    replaces: str
    assignment: str


@dataclass
class Read:
    """Answers as the entrance takes them, the files they name, and when it began and ended."""

    answers: dict[str, Any] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)  # name of the file → question
    moments: dict[str, datetime] = field(default_factory=dict)


def parsed(content: bytes) -> Element:
    """Return the XML of a submission. Raises InvalidInput for what is none, names entities, or is
    larger or deeper than any checklist.
    """
    if len(content) > LARGEST:
        raise _refused(say("the XML is larger than {most} MB"), most=LARGEST // 2**20)
    try:
        root: Element = fromstring(content, forbid_dtd=True)
    except DefusedXmlException:
        raise _refused(say("the XML declares a document type or entities")) from None
    except (ParseError, ValueError, LookupError):
        raise _refused(say("the XML cannot be read")) from None
    if sum(1 for _node in root.iter()) > MOST_NODES:
        raise _refused(say("the XML has more than {most} elements"), most=MOST_NODES)
    return root


def head(root: Element) -> Head:
    """Return what a submission says of itself. Raises InvalidInput where its instance ID is
    missing.
    """
    meta = next((child for child in root if local(child) == "meta"), None)
    said = {local(child): (child.text or "").strip() for child in meta} if meta is not None else {}
    instance = said.get("instanceID", "")
    if not instance or len(instance) > 64:
        raise _refused(say("the submission has no instanceID"))
    assignment = next((c.text or "" for c in root if local(c) == QUESTION), "")
    return Head(
        form=root.get("id", ""),
        version=root.get("version", ""),
        instance=instance,
        replaces=said.get("deprecatedID", "")[:64],
        assignment=assignment.strip(),
    )


def read(root: Element, questionnaire: Questionnaire, files: Mapping[str, str]) -> Read:
    """Return the answers of a submission.

    files: SHA-256 by name of what was sent with it. Raises InvalidInput with every field that the
    checklist does not have and every file that an answer names and nobody sent.
    """
    made, problems = Read(), list[Problem]()
    made.answers = _group(root, questionnaire, made, files, problems, depth=0)
    if problems:
        raise InvalidInput(*problems)
    return made


def _group(
    node: Element,
    questionnaire: Questionnaire,
    made: Read,
    files: Mapping[str, str],
    problems: list[Problem],
    *,
    depth: int,
) -> dict[str, Any]:
    answers: dict[str, Any] = {}
    if depth > DEEPEST:
        problems.append(Problem(local(node), say("stands too deep")))
        return answers
    for child in node:
        name = local(child)
        if depth == 0 and name in ("meta", QUESTION):
            continue
        question = questionnaire.find(name)
        if question and question.kind == "repeat":
            instances = answers.setdefault(name, [])
            if len(instances) < MOST_PARTS:
                instances.append(
                    _group(child, questionnaire, made, files, problems, depth=depth + 1)
                )
        elif question and not len(child):
            answers |= _answer(question, (child.text or "").strip(), made, files, problems)
        elif len(child):
            answers |= _group(child, questionnaire, made, files, problems, depth=depth + 1)
        elif (text := (child.text or "").strip()) and not _is_paradata(name, text, made):
            problems.append(Problem(name, say("is no field of this checklist")))
    return answers


def _answer(
    question: Question,
    text: str,
    made: Read,
    files: Mapping[str, str],
    problems: list[Problem],
) -> dict[str, Any]:
    if not text:
        return {}
    if question.name in ("start", "end") and (moment := _moment(text)):
        made.moments[question.name] = moment
    if question.kind in UPLOADS:
        made.files[text] = question.name
        if text not in files:
            problems.append(
                Problem(question.name, say("the file “{name}” was not sent"), {"name": text})
            )
            return {}
        return {question.name: files[text]}
    if question.kind in SEVERAL:
        return {question.name: text.split()}
    if question.kind == "company":
        return {question.name: OTHER, other_field(question.name): text}
    if question.kind == "datetime" and (moment := _moment(text)):
        return {question.name: timezone.localtime(moment).strftime("%Y-%m-%dT%H:%M:%S")}
    return {question.name: text}


def _is_paradata(name: str, text: str, made: Read) -> bool:
    """Whether a field is one that Collect fills in by itself: start, end, today, deviceid …"""
    if name in ("start", "end") and (moment := _moment(text)):
        made.moments[name] = moment
        return True
    return name in PARADATA


PARADATA = {"start", "end", "today", "deviceid", "username", "phonenumber", "email", "audit"}


def _moment(text: str) -> datetime | None:
    try:
        moment = parse_datetime(text)
    except ValueError:
        return None
    return moment if moment and moment.tzinfo else None


def local(node: Element) -> str:
    """Return the name of an element without its namespace."""
    return str(node.tag).rpartition("}")[2]


def _refused(text: str, **values: object) -> InvalidInput:
    return InvalidInput(Problem("xml_submission_file", text, values))
