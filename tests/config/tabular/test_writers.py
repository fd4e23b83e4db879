"""The one way out for tables, read back with the programs that it is for."""

from __future__ import annotations

import csv
import io
from datetime import date

import openpyxl
import pandas as pd
import pyreadstat
import pytest

from config.language.problems import InvalidInput
from config.tabular import writers
from config.tabular.sav import RESERVED, Variable, as_sav, variable_names
from config.tabular.writers import Worksheet, as_csv, harmless, workbook, worksheet_names


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+cmd|' /C calc'!A0",
        "-2+3",
        "@SUM(A1)",
        "＝1+1",
        "＋1+1",
        "－1－1",
        "＠SUM(A1)",
        "  =1+1",
        "\u3000=1+1",
        "\u00a0=1+1",
        "\ufeff=1+1",
        "\u200b=1+1",
        "\t=1+1",
        "\r=1+1",
        "\n=1+1",
        "\tplain",
        "\rplain",
        "-5 与 =SUM(A1)",
        "-3.5\n",
    ],
)
def test_what_a_spreadsheet_would_run_is_made_harmless(text):
    assert harmless(text) == f"'{text}"


@pytest.mark.parametrize(
    "text",
    ["-3.5", "+8613800000000", "-1e5", "12", "白蜡电器", "a=b", "3-4", "", " plain", "1.5 -2"],
)
def test_numbers_and_plain_texts_stay(text):
    assert harmless(text) == text


def test_csv_opens_in_excel_and_guards_heads_and_cells():
    content = as_csv(["name", "=n"], [("-1+1", -3.5), ("-3.5", None), ('a,"b"', float("nan"))])

    assert content.startswith(b"\xef\xbb\xbf")
    assert list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))) == [
        ["name", "'=n"],
        ["'-1+1", "-3.5"],
        ["-3.5", ""],
        ['a,"b"', ""],
    ]
    assert content.count(b"\r\n") == 4


def test_csv_comes_in_pieces():
    pieces = list(writers.csv_pieces(["n"], ((n,) for n in range(2 * writers.TOGETHER + 1))))

    assert len(pieces) == 3
    assert b"".join(pieces).count(b"\r\n") == 2 * writers.TOGETHER + 2


def cells(content, name=None):
    book = openpyxl.load_workbook(io.BytesIO(content))
    page = book[name] if name else book.worksheets[0]
    return [[(cell.value, cell.data_type) for cell in row] for row in page.iter_rows()]


def test_in_a_workbook_a_formula_is_a_text_and_a_number_a_number():
    content = workbook([Worksheet("t", ["a", "b"], [("=1+1", 2.5), ("-3.5", 3), (None, "x")])])

    assert cells(content)[1:] == [
        [("=1+1", "s"), (2.5, "n")],
        [("-3.5", "s"), (3, "n")],
        [(None, "n"), ("x", "s")],
    ]


def test_a_workbook_of_one_day_is_the_same_bytes():
    sheets = [Worksheet("t", ["a"], [("x",)])]

    assert workbook(sheets, day=date(2026, 1, 2)) == workbook(sheets, day=date(2026, 1, 2))


def test_a_text_longer_than_a_cell_holds_ends_in_dots():
    content = workbook([Worksheet("t", ["a"], [("长" * 40_000,)])])

    (text, _type), *_ = cells(content)[1]
    assert len(text) == writers.LONGEST_TEXT
    assert text.endswith("长…")


def test_more_rows_than_a_worksheet_holds_are_an_error_that_says_what_to_do(monkeypatch):
    monkeypatch.setattr(writers, "MOST_ROWS", 3)

    assert len(cells(workbook([Worksheet("t", ["a"], [(1,)] * 2)]))) == 3
    with pytest.raises(InvalidInput, match="CSV"):
        workbook([Worksheet("t", ["a"], [(1,)] * 3)])


def test_worksheet_names_are_legal_and_unique_without_case():
    names = ["Answers", "ANSWERS", "a/b:c[1]*?\\", "x" * 40, "x" * 41, "'quoted'", "", "History"]

    made = worksheet_names(names)

    assert made == [
        "Answers",
        "ANSWERS_2",
        "a_b_c_1____",
        "x" * 31,
        "x" * 29 + "_2",
        "quoted",
        "table_2",
        "History_2",
    ]
    openpyxl.load_workbook(io.BytesIO(workbook([Worksheet(n, ["a"], []) for n in names])))


def test_a_worksheet_name_of_wide_characters_is_measured_as_excel_does():
    made = worksheet_names(["😀" * 20, "😀" * 20])

    assert made == ["😀" * 15, "😀" * 14 + "_2"]


def test_variable_names_are_legal_and_unique_without_case():
    names = [
        "Speed",
        "speed",
        "all",
        "WITH",
        "_company",
        "1st",
        "a/b",
        "满意" * 20,
        "满意" * 20,
        "长-短",
    ]

    made = variable_names(names)

    assert made[:7] == ["Speed", "speed_2", "all_2", "WITH_2", "v_company", "v_1st", "a_b"]
    assert len({name.casefold() for name in made}) == len(names)
    assert all(len(name.encode()) <= 64 for name in made)
    assert made[9] == "长_短"
    assert not RESERVED & {name.casefold() for name in made}


def test_spss_reads_what_was_written(tmp_path):
    content = as_sav(
        [
            Variable("all", "全部", [1.0, None], values={1.0: "是" * 100}),
            Variable("ALL", "x" * 300, texts=["=1+1", "字" * 20_000]),
        ]
    )
    (tmp_path / "t.sav").write_bytes(content)

    frame, meta = pyreadstat.read_sav(str(tmp_path / "t.sav"))

    assert list(frame.columns) == ["all_2", "ALL_3"]
    assert frame["all_2"].tolist()[0] == 1.0
    assert pd.isna(frame["all_2"].tolist()[1])
    assert frame["ALL_3"].tolist() == ["=1+1", "字" * (32_767 // 3)]
    assert meta.variable_value_labels["all_2"] == {1.0: "是" * 40}
