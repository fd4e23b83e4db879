"""What can be wrong with the survey and choices sheets, every problem at its cell. Needs no
Java.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping

from config.language.problems import Problem, say
from surveys.questionnaires import outline as structure
from surveys.questionnaires.cycles import cycles
from surveys.questionnaires.expressions.analysis import Declared, findings
from surveys.questionnaires.expressions.functions import arity
from surveys.questionnaires.expressions.parse import BadExpression, Expression, parse, parts_of
from surveys.questionnaires.outline import OPENING, UNSEEN, Outline
from surveys.questionnaires.workbook import WORKED_OUT, Row, Workbook

EXPRESSIONS = (
    "relevant",
    "constraint",
    "calculation",
    "required",
    "choice_filter",
    "repeat_count",
    "default",
)
VISIBLE = ("label", "hint", "guidance_hint", "required_message", "constraint_message")
YES_NO = ("yes", "no", "true", "false", "true()", "false()", "")
MENTIONED = re.compile(r"\$\{([^}]*)\}")
# attributes that other tools read; nothing here hangs on them
UNHEEDED_COLUMNS = (
    "media::audio",
    "media::video",
    "big-image",
    "save_to",
    "bind::",
    "body::",
    "control::",
    "instance::",
)
SETTINGS = (
    "form_title",
    "form_id",
    "version",
    "default_language",
    "style",
    "name",
    "instance_name",
    "allow_choice_duplicates",
)
# what the pages do with an appearance; any other is shown as if it were not there
APPEARANCES = (
    "company",
    "multiline",
    "scale",
    "minimal",
    "autocomplete",
    "heading",
    "field-list",
    "table-list",
    "signature",
    "draw",
    "annotate",
) + (
    *("list-nolabel", "label"),
    *(f"w{width}" for width in range(1, 13)),
)


def check(book: Workbook) -> tuple[Outline, list[Problem]]:
    """Look through survey and choices. Returns what was understood, and every problem in the
    order of the sheets.
    """
    problems = [*_sheets(book)]
    if problems:
        return Outline(), problems
    outline, problems = structure.read(book)
    problems += _languages(book)
    problems += _labels(book, outline)
    problems += _choice_sheet(book, outline)
    problems += _pictures(book, outline)
    problems += _settings(book)
    expressions: dict[tuple[str, str], Expression] = {}
    for row in book.rows("survey"):
        for heading in EXPRESSIONS:
            problems += _expression(row, heading, outline, expressions)
        problems += _unsupported(row, outline)
    problems += cycles(outline, expressions)
    return outline, problems


def _sheets(book: Workbook) -> Iterator[Problem]:
    if not book.rows("survey"):
        yield Problem(book.file, say("has no sheet named survey with questions in it"))
        return
    headings = book.headings["survey"]
    for heading in ("type", "name"):
        if heading not in headings:
            yield Problem(
                f"{book.file}: survey",
                say("has no column {heading} in its first row"),
                {"heading": heading},
            )
    if not book.languages and not book.others and "label" not in headings:
        message = say(
            "has no column label::中文 (zh) or label::English (en) with the words of its questions"
        )
        yield Problem(f"{book.file}: survey", message)


def _languages(book: Workbook) -> Iterator[Problem]:
    if book.others:
        message = say("the language {name} stays in the XForm; pages are in Chinese and English")
        for name in book.others:
            where = f"{book.file}: survey"
            yield Problem(where, message, {"name": name}, warning=True)
    if len(book.languages) < 2:
        message = say("asks in one language only; whoever reads the other one sees the same words")
        yield Problem(f"{book.file}: survey", message, warning=True)


def _labels(book: Workbook, outline: Outline) -> Iterator[Problem]:
    """Every visible word stands in every language that the sheet has."""
    for row in book.rows("survey"):
        if row.kind in structure.CLOSING or not row.kind:
            continue
        for what in VISIBLE:
            needed = (
                what == "label" and row.kind not in (*UNSEEN, *OPENING) and not _is_pictured(row)
            )
            yield from _translated(row, what, book, needed=needed)
            for heading in (what, *(f"{what}::{language}" for language in book.languages)):
                for name in MENTIONED.findall(row.get(heading)):
                    if not outline.is_question(name.strip()):
                        message = say("there is no question {name} to be shown in this text")
                        yield Problem(row.place(heading), message, {"name": name})


def _translated(row: Row, what: str, book: Workbook, *, needed: bool) -> Iterator[Problem]:
    languages = [x for x in book.languages if f"{what}::{x}" in row.columns] or book.languages
    if row.get(what) and len(languages) < 2:
        return
    there = [language for language in languages if row.get(f"{what}::{language}")]
    said = any(heading.partition("::")[0] == what for heading in row.cells)
    if not languages and needed and not said:
        yield Problem(row.place(what), say("has no words"))
    if (there and len(there) < len(languages)) or (needed and languages and not there):
        for language in languages:
            if language not in there:
                message = (
                    say("the Chinese is missing")
                    if language == "zh"
                    else say("the English is missing")
                )
                yield Problem(row.place(f"{what}::{language}"), message)


def _choice_sheet(book: Workbook, outline: Outline) -> Iterator[Problem]:
    seen: dict[tuple[str, str], int] = {}
    several = {
        outline.lists.get(name)
        for name, kind in outline.kinds.items()
        if kind in ("select_multiple", "rank")
    }
    for row in book.rows("choices"):
        key = row.get("list_name"), row.get("name")
        if not key[0]:
            message = say("the choice {name} has no list_name; it is left out")
            name = key[1] or next(iter(row.cells.values()))
            yield Problem(row.place("list_name"), message, {"name": name}, warning=True)
            continue
        if not key[1]:
            yield Problem(row.place("name"), say("a choice needs a list_name and a name"))
            continue
        if re.search(r"\s", key[1]) and key[0] in several:
            message = say("“{name}” has a space, and answers to choose several of are parted by it")
            yield Problem(row.place("name"), message, {"name": key[1]})
        if key in seen and not book.takes_twice(row):
            message = say("the choice {name} is in this list twice, first in row {row}")
            yield Problem(row.place("name"), message, {"name": key[1], "row": seen[key]})
        seen.setdefault(key, row.number)
        if key[0] in outline.lists.values():
            yield from _translated(row, "label", book, needed=not _is_pictured(row))


def _is_pictured(row: Row) -> bool:
    return any(heading.startswith("media::image") for heading in row.cells)


def _pictures(book: Workbook, outline: Outline) -> Iterator[Problem]:
    """Every picture that is to be shown came with the workbook, or words stand in its place."""
    for sheet in ("survey", "choices"):
        for row in book.rows(sheet):
            if sheet == "choices" and row.get("list_name") not in outline.lists.values():
                continue
            for heading, name in row.cells.items():
                if not heading.startswith("media::image") or name in book.files:
                    continue
                is_worded = any(heading.startswith("label") for heading in row.cells)
                message = (
                    say("the file {name} did not come with the workbook; only the words are shown")
                    if is_worded
                    else say("the file {name} did not come with the workbook; add it")
                )
                yield Problem(row.place(heading), message, {"name": name}, warning=is_worded)


def _unsupported(row: Row, outline: Outline) -> Iterator[Problem]:
    for heading in row.cells:
        if heading.startswith(UNHEEDED_COLUMNS):
            message = say("the column {name} changes nothing here")
            yield Problem(row.place(heading), message, {"name": heading}, warning=True)
    for name in MENTIONED.findall(row.get("trigger")):
        if not outline.is_question(name.strip()):
            message = say("there is no question {name} (character {column})")
            yield Problem(row.place("trigger"), message, {"name": name, "column": 1})
    if "search(" in row.get("appearance"):
        yield Problem(
            row.place("appearance"),
            say("search() is not supported by this version; use select_one_from_file"),
        )
        return
    for appearance in row.get("appearance").split():
        if appearance not in APPEARANCES:
            message = say("the appearance {name} changes nothing here")
            yield Problem(row.place("appearance"), message, {"name": appearance}, warning=True)


def _settings(book: Workbook) -> Iterator[Problem]:
    for row in book.rows("settings")[:1]:
        for heading in row.cells:
            if heading not in SETTINGS:
                message = say("the setting {name} changes nothing here")
                yield Problem(row.place(heading), message, {"name": heading}, warning=True)


def _expression(
    row: Row, heading: str, outline: Outline, found: dict[tuple[str, str], Expression]
) -> Iterator[Problem]:
    """Check one expression; what can be read is added to `found` by question and heading."""
    text = row.get(heading)
    if not text or (heading == "required" and text.lower() in YES_NO):
        return
    if heading == "default" and not WORKED_OUT.search(text):
        return
    place = row.place(heading)
    try:
        parsed = parse(text, columns=heading == "choice_filter")
    except BadExpression as error:
        yield Problem(place, error.text, {"column": error.column, **error.values})
        return
    found[row.get("name"), heading] = parsed
    for mention in parsed.questions:
        if not outline.is_known(mention.name):
            message = say("there is no question {name} (character {column})")
            yield Problem(place, message, {"name": mention.name, "column": mention.column})
    for mention in parsed.functions:
        takes = arity(mention.name)
        values = {"name": mention.name, "column": mention.column, "given": mention.arguments}
        if takes is None:
            yield Problem(place, say("there is no function {name} (character {column})"), values)
        elif not takes[0] <= mention.arguments <= takes[1]:
            message = say("{name} at character {column} is given {given} values; it takes {takes}")
            span = str(takes[0]) if takes[0] == takes[1] else f"{takes[0]}–{takes[1]}"
            yield Problem(place, message, {**values, "takes": span})
    yield from _choices_exist(parsed, place, outline)
    repeats = outline.repeats.get(row.get("name"), ())
    for found_ in findings(
        parsed.tree, _declared(outline), repeats=repeats, is_condition=heading == "relevant"
    ):
        yield Problem(place, found_.text, found_.values, warning=found_.is_odd)
    if heading == "constraint" and not any(
        cell.startswith("constraint_message") for cell in row.cells
    ):
        message = say("has no message, so people read only that the answer does not fit")
        yield Problem(row.place("constraint_message"), message, warning=True)


def _declared(outline: Outline) -> dict[str, Declared]:
    """Return what is known of every question; a repeat stands in itself."""
    if not outline.declared:
        for name, kind in outline.kinds.items():
            low, high = (
                structure.ends(outline.rows[name]) if kind == "range" else (-math.inf, math.inf)
            )
            own = (name,) if kind == "begin_repeat" else ()
            choices = frozenset(outline.choices_of(name))
            outline.declared[name] = Declared(
                kind, choices, low, high, (*outline.repeats.get(name, ()), *own)
            )
    return outline.declared


def _choices_exist(parsed: Expression, place: str, outline: Outline) -> Iterator[Problem]:
    """Name comparisons of a question with a choice that its list does not have: they never hold,
    or, with !=, always.
    """
    never = say("{name} has no choice {choice}, so this can never hold")
    always = say("{name} has no choice {choice}, so this always holds")
    stack = [parsed.tree]
    while stack:
        tree = stack.pop()
        stack += parts_of(tree)
        match tree:
            case ("op", ("=" | "!=") as operator, ("ref", name), ("str", choice)) | (
                "op",
                ("=" | "!=") as operator,
                ("str", choice),
                ("ref", name),
            ):
                message = never if operator == "=" else always
            case ("call", "selected", (("ref", name), ("str", choice))):
                message = never
            case _:
                continue
        known = outline.choices_of(name)
        if known and choice.strip() and not _is_offered(choice, known, outline.kinds.get(name)):
            yield Problem(place, message, {"name": name, "choice": choice}, warning=True)


def _is_offered(answer: str, known: Mapping[str, object], kind: str | None) -> bool:
    """Whether an answer can be given: of several choices each must be there."""
    several = kind in ("select_multiple", "rank")
    return all(part in known for part in (answer.split() if several else [answer.strip()]))
