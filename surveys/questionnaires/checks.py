"""What can be wrong with the survey and choices sheets, every problem at its cell. Needs no Java."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from config.problems import Problem, say
from surveys.questionnaires.expressions.functions import arity
from surveys.questionnaires.expressions.parse import BadExpression, Expression, parse
from surveys.questionnaires.workbook import Row, Workbook

PLAIN_TYPES = ("integer", "decimal", "text", "date", "range", "note", "calculate")
SELECTS = ("select_one", "select_multiple")
GROUPS = ("begin_group", "end_group")
EXPRESSIONS = ("relevant", "constraint", "calculation", "required")
MESSAGES = {"required": "required_message", "constraint": "constraint_message"}
BOTH = ("zh", "en")
NAME = re.compile(r"[^\W\d][\w.\-]*")
YES_NO = ("yes", "no", "true", "false", "true()", "false()", "")


@dataclass
class Outline:
    """The survey sheet as it was understood: questions by name, their lists, the groups each stands in."""

    rows: dict[str, Row] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    lists: dict[str, str] = field(default_factory=dict)
    groups: dict[str, tuple[Row, ...]] = field(default_factory=dict)
    choices: dict[str, dict[str, Row]] = field(default_factory=dict)

    def choices_of(self, question: str) -> Mapping[str, Row]:
        """Return the choices of a question, by name."""
        return self.choices.get(self.lists.get(question, ""), {})


def check(book: Workbook) -> tuple[Outline, list[Problem]]:
    """Look through survey and choices. Returns what was understood, and every problem in the order of the sheets."""
    outline = Outline()
    problems = [*_sheets(book)]
    if problems:
        return outline, problems
    outline.choices = _choices(book)
    problems += _structure(book, outline)
    problems += _labels(book)
    problems += _choice_sheet(book)
    expressions: dict[tuple[str, str], Expression] = {}
    for row in book.rows("survey"):
        for heading in EXPRESSIONS:
            problems += _expression(row, heading, outline, expressions)
    problems += _cycles(outline, expressions)
    return outline, problems


def _sheets(book: Workbook) -> Iterator[Problem]:
    if not book.rows("survey"):
        yield Problem(book.file, say("has no sheet named survey with questions in it"))
        return
    for heading in ("type", "name"):
        if heading not in book.headings["survey"]:
            yield Problem(f"{book.file}: survey", say("has no column {heading} in its first row"), {"heading": heading})
    for language, name in (("zh", "中文 (zh)"), ("en", "English (en)")):
        if f"label::{language}" not in book.headings["survey"]:
            words = say("has no column label::{name}; every question is asked in Chinese and in English")
            yield Problem(f"{book.file}: survey", words, {"name": name})


def _choices(book: Workbook) -> dict[str, dict[str, Row]]:
    lists: dict[str, dict[str, Row]] = defaultdict(dict)
    for row in book.rows("choices"):
        lists[row.get("list_name")].setdefault(row.get("name"), row)
    return dict(lists)


def _structure(book: Workbook, outline: Outline) -> Iterator[Problem]:
    """Go through types, names and groups."""
    open_: list[Row] = []
    for row in book.rows("survey"):
        kind, _space, list_name = row.get("type").partition(" ")
        kind = f"{kind}_group" if kind in ("begin", "end") and list_name == "group" else kind
        if kind == "end_group":
            if open_:
                open_.pop()
            else:
                yield Problem(row.place("type"), say("closes a group that was never opened"))
            continue
        if not kind:
            yield Problem(row.place("type"), say("has no type"))
            continue
        if kind not in (*PLAIN_TYPES, *SELECTS, *GROUPS):
            yield Problem(
                row.place("type"),
                say("the type {type} is not supported by this version (it can: {known})"),
                {"type": kind, "known": ", ".join((*SELECTS, *PLAIN_TYPES, "begin_group"))},
            )
            continue
        name = row.get("name")
        if not NAME.fullmatch(name):
            words = say("“{name}” is no name: it begins with a letter, then letters, digits, _ - . and no spaces")
            yield Problem(row.place("name"), words, {"name": name})
            continue
        if name in outline.rows:
            words = say("the name {name} is used twice, first in row {row}")
            yield Problem(row.place("name"), words, {"name": name, "row": outline.rows[name].number})
            continue
        outline.rows[name], outline.kinds[name], outline.groups[name] = row, kind, tuple(open_)
        if kind == "begin_group":
            open_.append(row)
        elif not open_ and kind != "calculate":
            words = say("stands outside every group; a group at the top is one page on the phone")
            yield Problem(row.place("name"), words)
        if kind in SELECTS:
            outline.lists[name] = list_name.strip()
            if list_name.strip() not in outline.choices:
                words = say("the list {name} is not in the sheet choices")
                yield Problem(row.place("type"), words, {"name": list_name})
        if kind == "calculate" and not row.get("calculation"):
            yield Problem(row.place("calculation"), say("a calculate needs a calculation"))
        if kind == "range":
            yield from _range(row)
    for row in open_:
        yield Problem(row.place("type"), say("opens a group that is never closed"))


def _range(row: Row) -> Iterator[Problem]:
    found = dict(part.partition("=")[::2] for part in row.get("parameters").split())
    try:
        start, end, step = (float(found.get(key, default)) for key, default in (("start", 1), ("end", 10), ("step", 1)))
    except ValueError:
        start, end, step = 0.0, 0.0, 0.0
    if step <= 0 or end <= start or (end - start) / step > 100:
        yield Problem(row.place("parameters"), say("a range needs numbers such as start=1 end=10 step=1"))


def _labels(book: Workbook) -> Iterator[Problem]:
    """Every visible word stands in both languages."""
    for row in book.rows("survey"):
        kind = row.get("type")
        if kind.startswith("end") or not kind:
            continue
        for what in ("label", "hint", "required_message", "constraint_message"):
            needed = what == "label" and kind != "calculate" and not (kind.startswith("begin") and _nested(book, row))
            yield from _translated(row, what, needed=needed)
            for language in BOTH:
                if "${" in row.get(f"{what}::{language}"):
                    words = say("answers inside a text (${{…}}) are not supported by this version")
                    yield Problem(row.place(f"{what}::{language}"), words)


def _nested(book: Workbook, group: Row) -> bool:
    depth = 0
    for row in book.rows("survey"):
        if row is group:
            return depth > 0
        depth += row.get("type").startswith("begin") - row.get("type").startswith("end")
    return False


def _translated(row: Row, what: str, *, needed: bool) -> Iterator[Problem]:
    there = [language for language in BOTH if row.get(f"{what}::{language}")]
    if len(there) == 1 or (needed and not there):
        for language in BOTH:
            if language not in there:
                words = say("the Chinese is missing") if language == "zh" else say("the English is missing")
                yield Problem(row.place(f"{what}::{language}"), words)


def _choice_sheet(book: Workbook) -> Iterator[Problem]:
    seen: dict[tuple[str, str], int] = {}
    for row in book.rows("choices"):
        key = row.get("list_name"), row.get("name")
        if not key[0] or not key[1]:
            yield Problem(
                row.place("list_name" if not key[0] else "name"), say("a choice needs a list_name and a name")
            )
            continue
        if re.search(r"\s", key[1]):
            yield Problem(row.place("name"), say("the name of a choice has no spaces"))
        if key in seen:
            words = say("the choice {name} is in this list twice, first in row {row}")
            yield Problem(row.place("name"), words, {"name": key[1], "row": seen[key]})
        seen.setdefault(key, row.number)
        yield from _translated(row, "label", needed=True)


def _expression(
    row: Row, heading: str, outline: Outline, found: dict[tuple[str, str], Expression]
) -> Iterator[Problem]:
    """Check one expression; what can be read is added to `found` by question and heading."""
    text = row.get(heading)
    if not text or (heading == "required" and text.lower() in YES_NO):
        return
    place = row.place(heading)
    try:
        parsed = parse(text)
    except BadExpression as error:
        yield Problem(place, error.text, {"column": error.column, **error.values})
        return
    found[row.get("name"), heading] = parsed
    for mention in parsed.questions:
        if outline.kinds.get(mention.name, "begin_group") == "begin_group":
            words = say("there is no question {name} (character {column})")
            yield Problem(place, words, {"name": mention.name, "column": mention.column})
    for mention in parsed.functions:
        takes = arity(mention.name)
        values = {"name": mention.name, "column": mention.column, "given": mention.arguments}
        if takes is None:
            yield Problem(place, say("there is no function {name} (character {column})"), values)
        elif not takes[0] <= mention.arguments <= takes[1]:
            words = say("{name} at character {column} is given {given} values; it takes {takes}")
            span = str(takes[0]) if takes[0] == takes[1] else f"{takes[0]}–{takes[1]}"
            yield Problem(place, words, {**values, "takes": span})
    yield from _choices_exist(parsed, place, outline)
    message = MESSAGES.get(heading)
    if message == "constraint_message" and not row.get("constraint_message::zh"):
        words = say("has no message, so people read only that the answer does not fit")
        yield Problem(row.place("constraint_message::zh"), words, warning=True)


def _choices_exist(parsed: Expression, place: str, outline: Outline) -> Iterator[Problem]:
    """Name comparisons of a question with a choice that its list does not have: they can never hold."""
    stack = [parsed.tree]
    while stack:
        tree = stack.pop()
        stack += [part for part in tree[1:] if isinstance(part, tuple) and part and isinstance(part[0], str)]
        stack += [part for part in tree[-1] if isinstance(part, tuple)] if tree[0] == "call" else []
        match tree:
            case ("op", "=" | "!=", ("ref", name), ("str", choice)) | (
                "call", "selected", (("ref", name), ("str", choice))
            ) if outline.choices_of(name) and choice and choice not in outline.choices_of(name):  # fmt: skip
                words = say("{name} has no choice {choice}, so this can never hold")
                yield Problem(place, words, {"name": name, "choice": choice})


def _cycles(outline: Outline, found: Mapping[tuple[str, str], Expression]) -> Iterator[Problem]:
    """Name every question that depends on itself, through relevance (its groups' included) and calculations."""
    needs: dict[str, dict[str, str]] = {}
    for name, row in outline.rows.items():
        looked_at = [(row, "relevant"), (row, "calculation"), *((group, "relevant") for group in outline.groups[name])]
        needs[name] = {
            mention.name: source.place(heading)
            for source, heading in looked_at
            if (source.get("name"), heading) in found
            for mention in found[source.get("name"), heading].questions
            if mention.name in outline.rows
        }
    settled: set[str] = set()
    for start in needs:
        path: list[str] = []
        stack = [(start, iter(needs[start]))] if start not in settled else []
        while stack:
            name, rest = stack[-1]
            if not path or path[-1] != name:
                path.append(name)
            step = next(rest, None)
            if step is None:
                settled.add(name)
                stack.pop()
                path.pop()
            elif step in path:
                around = [*path[path.index(step) :], step]
                words = say("goes in a circle: {path}")
                yield Problem(needs[around[0]][around[1]], words, {"path": " → ".join(around)})
                settled.update(path)
                stack = []
            elif step not in settled:
                stack.append((step, iter(needs[step])))
