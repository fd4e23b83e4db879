"""Tables in files: what is read, and what is refused in the words of a spreadsheet."""

from __future__ import annotations

import io
import zipfile

import openpyxl
import pytest

from config.language.problems import InvalidInput
from config.tabular.tables import parse, read


def made(tmp_path, content: bytes, name="a.csv"):
    path = tmp_path / name
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    "content",
    [
        "企业,分\n晴岚,5\n".encode(),
        "\ufeff企业,分\r\n晴岚,5\r\n".encode(),
        "企业,分\n晴岚,5\n".encode("gb18030"),
        "企业\t分\n晴岚\t5\n".encode(),
        "企业;分\n晴岚;5\n\n".encode(),
        '企业,分\n"晴岚",5\n'.encode(),
    ],
)
def test_csv_as_people_save_it(tmp_path, content):
    table = read(made(tmp_path, content))

    assert table.frame.to_dict("records") == [{"企业": "晴岚", "分": "5"}]
    assert table.place(2, "分") == "a.csv: row 2, column 分"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b"a,b\n", "no rows"),
        (b"a,a\n1,2\n", "twice: a"),
        (b"a,b\n1\n", "row 2: has 1 cells, the header has 2"),
        (b"a,b\n1,2\n\n1,2,3\n", "row 4: has 3 cells"),
        (b"a,b\n\xff\xff,2\n", "GB18030"),
        (b"PK\0\0,b\n1,2\n", "not a text file"),
        (b'a,b\n"1,2\n', "not readable"),
    ],
)
def test_a_broken_csv_is_refused(tmp_path, content, words):
    with pytest.raises(InvalidInput, match=words):
        read(made(tmp_path, content))


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(InvalidInput, match=r"nowhere\.csv"):
        read(tmp_path / "nowhere.csv")


def test_a_workbook_is_read_and_its_sheet_is_named(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["shop", "speed"])
    book.active.append(["Ash", 5])
    book.active.append(["Birch", None])
    book.create_sheet("other")
    book.save(tmp_path / "a.xlsx")

    assert read(tmp_path / "a.xlsx", sheet="Sheet").frame.to_dict("records") == [
        {"shop": "Ash", "speed": "5"},
        {"shop": "Birch", "speed": ""},
    ]
    with pytest.raises(InvalidInput, match="Sheet, other"):
        read(tmp_path / "a.xlsx")
    with pytest.raises(InvalidInput, match="no sheet third"):
        read(tmp_path / "a.xlsx", sheet="third")


def test_a_workbook_that_is_none_is_refused(tmp_path):
    with pytest.raises(InvalidInput, match="workbook"):
        read(made(tmp_path, b"not a zip", "a.xlsx"))


def test_rows_beyond_a_false_size_of_the_sheet_are_read(tmp_path):
    book = openpyxl.Workbook()
    for row in (["shop", "speed"], ["Ash", 5], ["Birch", 4], ["Cedar", None]):
        book.active.append(row)
    book.save(tmp_path / "true.xlsx")
    with (
        zipfile.ZipFile(tmp_path / "true.xlsx") as old,
        zipfile.ZipFile(tmp_path / "false.xlsx", "w") as new,
    ):
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b'ref="A1:B4"', b'ref="A1:B2"'))

    assert read(tmp_path / "false.xlsx").frame["shop"].tolist() == ["Ash", "Birch", "Cedar"]


def test_a_workbook_that_is_cut_off_is_refused(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["shop", "speed"])
    book.save(tmp_path / "whole.xlsx")
    with (
        zipfile.ZipFile(tmp_path / "whole.xlsx") as old,
        zipfile.ZipFile(tmp_path / "cut.xlsx", "w") as new,
    ):
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, content[: len(content) // 2] if "sheet1" in name else content)

    with pytest.raises(InvalidInput, match="workbook"):
        read(tmp_path / "cut.xlsx")


def test_big5_is_named_and_not_read_as_rare_signs():
    text = "編號,提交時間,您住在哪個市？,還想說什麼\n1,2026-11-01,太原市,維修人員態度很好，謝謝\n"

    with pytest.raises(InvalidInput, match="seems to be in Big5"):
        parse(text.encode("big5"), "answers.csv")
    assert parse(text.encode("gb18030"), "answers.csv").frame.shape == (1, 4)


def test_merged_cells_are_named():
    book = openpyxl.Workbook()
    book.active.append(["company", "score"])
    book.active.append(["ash", 3])
    book.active.append([None, 4])
    book.active.merge_cells("A2:A3")
    out = io.BytesIO()
    book.save(out)

    with pytest.raises(InvalidInput, match=r"merged cells.*A2:A3"):
        parse(out.getvalue(), "ratings.xlsx")
