"""Workbooks changed by chance, as people's hands and other programs change them: each compiles or is
refused in words. The same seed is the same workbook.
"""

from __future__ import annotations

import contextlib
import io
import random

import openpyxl
import pytest

from config.language.problems import InvalidInput
from surveys.questionnaires.compiling import compile_workbook
from tests.sheets import RICH_FILES, rich

CELLS = (
    *(
        "",
        " ",
        "\u200b",
        "＝",
        "#REF!",
        "1e400",
        "9" * 400,
        "NaN",
        "${",
        "${}",
        "${x}",
        "((((",
        "'",
    ),
    *("select_one", "begin_group", "end_repeat", "calculate", "rank", "range", "geopoint"),
    *("select_one yn or_other", "begin loop over yn", "end loop", "select_one_from_file ../x.csv"),
    *("1 div 0", "position(..)", "indexed-repeat(1,2,3)", "jr:choice-name(${a}, '${b}')"),
    *("start=0 end=1e308 step=1e-308", "__proto__", "data", "meta", "😀", "a" * 40_000),
    *(1.5, -3, 10**300, True),
)
HEADINGS = (
    *("label::Français (fr)", "label", "name", "type", "::", "label::", "media::image::fr"),
    *("relevant", "calculation", "constraint", "default", "trigger", "bind::jr:constraintMsg"),
)


def mutated(seed):
    """Return the workbook of a seed: one to four changes of cells, columns, rows and sheets."""
    draw = random.Random(seed)
    book = openpyxl.load_workbook(io.BytesIO(rich()))
    for _change in range(draw.randint(1, 4)):
        sheet = draw.choice(book.worksheets)
        row, column = (
            draw.randint(1, max(sheet.max_row, 2)),
            draw.randint(1, max(sheet.max_column, 2)),
        )
        match draw.randrange(9):
            case 0:
                sheet.delete_cols(column)
            case 1:
                sheet.insert_cols(column)
            case 2:
                sheet.delete_rows(row)
            case 3:
                sheet.merge_cells(
                    start_row=row, end_row=row + 2, start_column=column, end_column=column + 1
                )
            case 4:
                sheet.delete_rows(1, sheet.max_row)
            case 5:
                sheet.append([cell.value for cell in sheet[row]])
            case 6:
                _put(sheet, 1, column, draw.choice(HEADINGS))
            case _:
                _put(sheet, max(row, 2), column, draw.choice(CELLS))
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _put(sheet, row, column, value):
    with contextlib.suppress(AttributeError):  # the rest of merged cells takes nothing
        sheet.cell(row, column).value = value


@pytest.mark.parametrize("seed", range(80))
def test_a_changed_workbook_compiles_or_is_refused_in_words(seed):
    try:
        problems = compile_workbook(mutated(seed), "rich.xlsx", RICH_FILES).warnings
    except InvalidInput as refused:
        problems = refused.problems
        assert any(not problem.warning for problem in problems)

    assert all(problem.render() for problem in problems)
