"""Makes the shipped XLSForm workbooks from their plain data; decides nothing about their content.

python -m surveys.workbooks.make [DIR]
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from surveys.workbooks import (
    appliance,
    appliance_full,
    mediation,
    purchase,
    qr_payment,
    retail_returns,
)
from surveys.workbooks.form import Form, Row

Cells = Sequence[str | float]

FORMS = (
    appliance.FORM,
    appliance_full.FORM,
    retail_returns.FORM,
    qr_payment.FORM,
    purchase.FORM,
    mediation.FORM,
)
CHINESE, ENGLISH = "中文 (zh)", "English (en)"
PLEASE_ANSWER = ("请回答这一题。", "Please answer this question.")
NARROW, WIDE = 14, 34  # characters; what people read is wide


def main(arguments: Sequence[str]) -> None:
    """Write every workbook into the folder that is given, or beside this module."""
    write_all(Path(arguments[0]) if arguments else Path(__file__).parent, anew=True)


@dataclass(frozen=True)
class Written:
    """A workbook in a folder; `is_new` is false for one that was there and stays as it was."""

    path: Path
    is_new: bool


def write_all(folder: Path, *, anew: bool = False) -> list[Written]:
    """Write every workbook into a folder. One that is there was perhaps edited, and stays as it is
    unless `anew`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    return [_write(folder / f"{form.file}.xlsx", content_of(form), anew) for form in FORMS]


def _write(path: Path, content: bytes, anew: bool) -> Written:
    try:
        with path.open("wb" if anew else "xb") as file:
            file.write(content)
    except FileExistsError:
        return Written(path, is_new=False)
    return Written(path, is_new=True)


def content_of(form: Form) -> bytes:
    """Return the bytes of a form's workbook."""
    out = io.BytesIO()
    workbook(form).save(out)
    return out.getvalue()


def workbook(form: Form) -> Workbook:
    """Return the workbook of a form."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for title, lines in (
        ("survey", _survey(form)),
        ("choices", _choices(form)),
        ("settings", _settings(form)),
        ("indicators", _indicators(form)),
    ):
        _fill(book.create_sheet(title), lines)
    return book


def _survey(form: Form) -> Iterator[Cells]:
    yield (
        *("type", "name", *_both("label"), *_both("hint"), "required", *_both("required_message")),
        *(
            "relevant",
            "constraint",
            *_both("constraint_message"),
            "appearance",
            "calculation",
            "parameters",
        ),
    )
    yield from map(_row, form.survey)


def _row(row: Row) -> Cells:
    required = ("yes", *PLEASE_ANSWER) if row.required else ("", "", "")
    return (
        *(row.type, row.name, row.zh, row.en, *row.hint, *required),
        *(
            row.relevant,
            row.constraint,
            *row.message,
            row.appearance,
            row.calculation,
            row.parameters,
        ),
    )


def _choices(form: Form) -> Iterator[Cells]:
    yield "list_name", "name", *_both("label")
    for list_name, choices in form.choices.items():
        for choice in choices:
            yield list_name, choice.name, choice.zh, choice.en


def _settings(form: Form) -> Iterator[Cells]:
    yield "form_title", "form_id", "version", "default_language"
    yield form.title, form.form_id, form.version, CHINESE


def _indicators(form: Form) -> Iterator[Cells]:
    yield (
        *("indicator", "parent", "label::zh", "label::en", "weight"),
        *("question", "kind", "score", "critical", "legal_basis", "fault::zh", "fault::en"),
    )
    for i in form.indicators:
        critical = "yes" if i.critical else ""
        yield (
            i.name,
            i.parent,
            i.zh,
            i.en,
            i.weight,
            i.question,
            i.kind or "",
            i.score,
            critical,
            i.legal_basis,
            *i.fault,
        )


def _both(heading: str) -> tuple[str, str]:
    return f"{heading}::{CHINESE}", f"{heading}::{ENGLISH}"


def _fill(sheet: Worksheet, lines: Iterator[Cells]) -> None:
    """Write the lines under a heading that stays in sight; an empty cell is left out."""
    for line in lines:
        sheet.append([None if cell == "" else cell for cell in line])
    sheet.freeze_panes = "C2"
    for column, cells in enumerate(sheet.iter_cols(), start=1):
        longest = max(len(str(cell.value or "")) for cell in cells)
        sheet.column_dimensions[get_column_letter(column)].width = (
            NARROW if longest <= NARROW else WIDE
        )
        for cell in cells:
            cell.font = Font(bold=cell.row == 1)
            cell.alignment = Alignment(vertical="top", wrap_text=True)


if __name__ == "__main__":
    main(sys.argv[1:])
