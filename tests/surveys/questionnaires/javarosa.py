"""JavaRosa fills in whole forms, as ODK Collect would: the judge of what page and server make of
them.
"""

from __future__ import annotations

import random
import re
import subprocess
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any
from xml.etree.ElementTree import Element, SubElement, fromstring, tostring

from surveys.forms.logic import _trees as trees
from surveys.forms.logic import mentioned
from surveys.questionnaires import typed
from surveys.questionnaires.answers import ALONE, Place, field_name
from surveys.questionnaires.compiling import Compiled
from surveys.questionnaires.questionnaire import Question, Questionnaire
from surveys.questionnaires.xform import XF, _listed
from tests.surveys.questionnaires import twins
from tests.surveys.questionnaires.expressions.judge import JAR

SOURCE = Path(__file__).with_name("Forms.java")
ZONE = "+08:00"
# the clock stands still
CLOCK = {
    "now()": f"date-time('{twins.NOW.isoformat('T', 'milliseconds')}{ZONE}')",
    "today()": f"date('{twins.NOW.date().isoformat()}')",
}
PRELOADED = {
    "start": f"date-time('{twins.STARTED.isoformat('T', 'milliseconds')}{ZONE}')",
    "end": CLOCK["now()"],
    "today": CLOCK["today()"],
}
JR = "{http://openrosa.org/javarosa}"
Row = list[Any]  # field, relevant, worth, fits, choices: as twins has it


@dataclass
class Form:
    """A form, the sheets that are filled in with it, and what the server made of each."""

    name: str
    compiled: Compiled
    files: Mapping[str, bytes]
    sheets: list[dict[str, Any]] = field(default_factory=list)
    ours: list[list[Row]] = field(default_factory=list)
    refs: dict[str, str] = field(default_factory=dict)  # their path by the questions' names
    binds: dict[str, Element] = field(default_factory=dict)

    @property
    def questionnaire(self) -> Questionnaire:
        return self.compiled.questionnaire


def drawn(
    name: str, compiled: Compiled, files: Mapping[str, bytes] | None = None, *, sheets: int
) -> Form:
    """Return a form with so many sheets of random answers, and what the server makes of them."""
    form = Form(name, compiled, files or {})
    draw = random.Random(name)
    for _sheet in range(sheets):
        given = twins.answers(form.questionnaire.questions.values(), draw)
        form.sheets.append(given)
        form.ours.append(twins.by_server(form.questionnaire, given)[0])
    root = fromstring(compiled.xform)
    for element in (*root.iter(f"{XF}bind"), *root.iter(f"{XF}repeat")):
        nodeset = element.get("nodeset", "")
        form.refs[nodeset.rpartition("/")[2]] = nodeset
        if element.tag == f"{XF}bind":
            form.binds[nodeset.rpartition("/")[2]] = element
    return form


def judged(
    forms: Sequence[Form], folder: Path, java: str, javac: str
) -> list[list[dict[str, Row]]]:
    """Return what JavaRosa makes of every sheet of every form: per field, a row as twins has it."""
    subprocess.run(
        [javac, "-encoding", "UTF-8", "-cp", str(JAR), "-d", str(folder), str(SOURCE)], check=True
    )
    lines: list[str] = []
    for number, form in enumerate(forms):
        file = folder / f"{number}.xml"
        file.write_text(_stilled(form), encoding="utf-8")
        draw = random.Random(f"{form.name} in another order")
        for given in form.sheets:
            lines += [f"form\t{file}", *_filled(form, given, draw), "reopen", "tell"]
    command = [java, "-Duser.timezone=Asia/Shanghai", "-cp", f"{folder}:{JAR}", "Forms"]
    run = subprocess.run(
        command, input="\n".join(lines) + "\n", capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr[-2000:]
    told = iter(run.stdout.split("\n.\n"))
    return [[_rows(form, next(told)) for _sheet in form.sheets] for form in forms]


def _filled(form: Form, given: Mapping[str, Any], draw: random.Random) -> Iterator[str]:
    """Yield what somebody does who answers at first otherwise, then as given."""
    questions = list(form.questionnaire.questions.values())
    before = twins.answers(questions, draw)
    counting = _counting(form.questionnaire)
    for answers in (_with(counting, before, given), given):
        yield from _said(form, questions, answers, ALONE)
        yield "fill"
    # once more: a late answer may have shown an early question, or another instance
    yield "fill"
    yield "fill"


def _with(names: set[str], before: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """Return answers with those of these names as given, inside repeats too."""
    kept = {name: answer for name, answer in before.items() if name not in names}
    kept |= {name: answer for name, answer in given.items() if name in names}
    for name, answer in kept.items():
        if isinstance(answer, list) and answer and isinstance(answer[0], dict):
            right = given.get(name, [])
            kept[name] = [
                _with(names, instance, right[at] if at < len(right) else {})
                for at, instance in enumerate(answer)
            ]
    return kept


def _said(
    form: Form, questions: Iterable[Question], given: Mapping[str, Any], place: Place
) -> Iterator[str]:
    for question in questions:
        if question.kind == "repeat":
            instances = given.get(question.name, [])
            if question.count is None:
                yield f"times\t{_ref(form, question.name, place)}\t{len(instances)}"
            for at in range(50 if question.count else len(instances)):
                inner = instances[at] if at < len(instances) else {}
                if inner or at < 5:
                    yield from _said(form, question.parts, inner, (*place, (question.name, at)))
        elif question.is_asked:
            written = _written(question, given.get(question.name))
            yield f"set\t{_ref(form, question.name, place)}\t{written.encode().hex()}"


def _counting(questionnaire: Questionnaire) -> set[str]:
    """Return the questions that a repeat's number hangs on: JavaRosa keeps the instances that a
    lowered number leaves over, and counts them on.
    """
    every = [*questionnaire.questions.values(), *(q for _r, q in questionnaire.parts.values())]
    found: set[str] = set()
    waiting = [tree for question in every if (tree := question.count)]
    while waiting:
        named = set(mentioned(waiting.pop()))
        named |= {repeat for name in named for repeat in questionnaire.repeats.get(name, ())}
        for name in named - found:
            found.add(name)
            question = questionnaire.find(name)
            waiting += [tree for tree in trees(question) if tree] if question else []
    return found


def _ref(form: Form, name: str, place: Place) -> str:
    """Return the path of a question at a place: /data/home[1]/age."""
    numbers = {form.refs[repeat]: at + 1 for repeat, at in place}
    path, found = "", ""
    for step in form.refs[name].strip("/").split("/"):
        path = f"{path}/{step}"
        found += f"/{step}[{numbers[path]}]" if path in numbers else f"/{step}"
    return found


def _written(question: Question, raw: Any) -> str:
    """Return an answer as XForms has it, nothing for what is no answer of its kind."""
    if raw in (None, "", []):
        return ""
    try:
        answer = typed.read(question, raw)
    except typed.Unreadable:
        return ""
    if isinstance(answer, list):
        return " ".join(answer)
    if answer is None:
        return ""
    if question.kind == "datetime":
        return f"{answer}:00.000{ZONE}"
    if question.kind == "time":
        return f"{answer}:00.000{ZONE}"
    return str(answer)


def _stilled(form: Form) -> str:
    """Return the XForm with a clock that stands still, and with its lists in it."""
    root = fromstring(form.compiled.xform)
    for element in root.iter():
        for key, value in element.attrib.items():
            for call, moment in CLOCK.items():
                value = value.replace(call, moment)
            element.set(key, value)
        if element.tag == f"{XF}bind" and f"{JR}preload" in element.attrib:
            asked = element.attrib.pop(f"{JR}preloadParams", "")
            del element.attrib[f"{JR}preload"]
            if asked in PRELOADED:
                element.set("calculate", PRELOADED[asked])
    data = next(root.iter(f"{XF}instance"))[0]
    for holder in list(data.iter()):
        templates = {inner.tag for inner in holder if f"{JR}template" in inner.attrib}
        for inner in list(holder):
            if inner.tag in templates and f"{JR}template" not in inner.attrib:
                holder.remove(inner)  # the instance that pyxform begins every repeat with
    for instance in root.iter(f"{XF}instance"):
        source = instance.attrib.pop("src", "")
        if source:
            instance[:] = [_listing(form.files.get(PurePosixPath(source).name, b""))]
    return tostring(root, encoding="unicode")


def _listing(content: bytes) -> Element:
    holder = Element(f"{XF}root")
    for choice in _listed(content):
        item = SubElement(holder, f"{XF}item")
        every = {**choice.columns, "name": choice.name, "label": choice.label.zh}
        for key, text in every.items():
            if re.fullmatch(r"[^\W\d][\w.\-]*", key):
                SubElement(item, f"{XF}{key}").text = text
    return holder


def _rows(form: Form, told: str) -> dict[str, Row]:
    """Return what was told of a sheet by field; of a repeat, how many instances there are."""
    rows: dict[str, Row] = {}
    for line in told.split("\n"):
        if not line:
            continue
        ref, relevant, value, fits, _required, choices = line.split("\t")
        steps = re.findall(r"([^/\[]+)(?:\[(\d+)\])?", ref)
        place = tuple((name, int(at) - 1) for name, at in steps if at)
        name = steps[-1][0]
        if steps[-1][1]:  # an instance of a repeat
            place = place[:-1]
            key = field_name(place, name)
            before = rows.get(key, [key, False, 0, True, []])
            rows[key] = [key, before[1] or relevant == "1", before[2] + 1, True, []]
            continue
        question = form.questionnaire.find(name)
        key = field_name(place, name)
        offered = [] if choices in ("", "-") else choices.split("\x1f")
        if question is not None and choices == "-":
            offered = [choice.name for choice in question.choices]
        text = bytes.fromhex(value).decode()
        kind = question.kind if question is not None else ""
        if kind == "time":  # JavaRosa's is one of the day on which the test runs
            text = text and f"{twins.NOW.date()}{text[10:]}"
        if kind == "geopoint":  # 0.0 for 0
            text = " ".join(f"{float(part):.10g}" for part in text.split())
        rows[key] = [key, relevant == "1", text, fits == "1", list(dict.fromkeys(offered))]
    return rows


def differences(form: Form, theirs: list[dict[str, Row]]) -> Iterator[tuple[str, Row, Row]]:
    """Yield where JavaRosa makes something else of a field: the form, our row, its row."""
    for ours, said in zip(form.ours, theirs, strict=True):
        for row in ours:
            written = typed.kept(row[2]) if isinstance(row[2], bool) else row[2]
            mine, other = [*row[:2], written, *row[3:]], said.get(row[0])
            if not mine[1] and (other is None or not other[1]):
                continue  # neither asks it
            if other is None and mine[2] == 0:
                continue  # a repeat without instance
            if other is None or not _alike(mine, other):
                yield form.name, mine, other or [row[0], "is not there"]


def _alike(ours: Row, theirs: Row) -> bool:
    return twins.alike([*ours[:4], sorted(ours[4])], [*theirs[:4], sorted(theirs[4])])
