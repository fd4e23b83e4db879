"""The way from an Excel file to a questionnaire: read, check, convert, compile."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from config.language.problems import InvalidInput, Problem
from surveys.questionnaires import checks, conversion, indicators, shorthand, workbook, xform
from surveys.questionnaires.questionnaire import Questionnaire


@dataclass(frozen=True)
class Compiled:
    """What a workbook becomes: the XForm that other tools read, our questionnaire, and warnings
    that stop nothing.
    """

    xform: str
    questionnaire: Questionnaire
    warnings: tuple[Problem, ...]


def compile_workbook(
    content: bytes, file: str, files: Mapping[str, bytes] | None = None
) -> Compiled:
    """Compile the bytes of an Excel file with the files it names: lists in CSV, pictures of
    choices.

    Raises InvalidInput with every problem that was found, warnings included.
    """
    book, problems = shorthand.expand(workbook.read(content, file, files))
    outline, found = checks.check(book)
    problems += found
    index, wrong = indicators.read(book, outline) if outline.rows else ((), [])
    problems += wrong
    if any(not problem.warning for problem in problems):
        raise InvalidInput(*problems)
    form = conversion.convert_to_xform(book)
    return Compiled(
        form, replace(xform.compile_xform(form, book), indicators=index), tuple(problems)
    )
