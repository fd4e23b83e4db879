"""Tables in files: what is read, and what is refused in the words of a spreadsheet."""

from __future__ import annotations

import io
import zipfile
from datetime import date

import openpyxl
import pytest

from config.language.problems import InvalidInput
from config.tabular.tables import parse, read, sheets
from tests.config.tabular.old_excel import xls


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


def test_what_old_excel_wrote_is_read():
    content = xls(
        {"表": [["企业", "分", "日"], ["晴岚", 5, date(2026, 3, 1)], ["云杉", 4.5, None]]}
    )

    assert parse(content, "ratings.xls").frame.to_dict("records") == [
        {"企业": "晴岚", "分": "5", "日": "2026-03-01 00:00:00"},
        {"企业": "云杉", "分": "4.5", "日": ""},
    ]


def test_sheets_and_merged_cells_of_old_excel_are_named():
    rows = [["company", "score"], ["ash", 3], [None, 4]]

    assert sheets(xls({"a": rows, "b": rows}), "r.xls") == ["a", "b"]
    with pytest.raises(InvalidInput, match="several sheets.*a, b"):
        parse(xls({"a": rows, "b": rows}), "r.xls")
    with pytest.raises(InvalidInput, match=r"merged cells.*A2:A3"):
        parse(xls({"a": rows}, merged=[(1, 2, 0, 0)]), "r.xls")


@pytest.mark.parametrize("name", ["r.xls", "r.csv", "r.txt"])
def test_a_file_is_what_it_begins_with_and_not_what_it_is_called(name):
    book = openpyxl.Workbook()
    book.active.append(["shop", "speed"])
    book.active.append(["Ash", 5])
    out = io.BytesIO()
    book.save(out)
    expected = [{"shop": "Ash", "speed": "5"}]

    assert parse(out.getvalue(), name).frame.to_dict("records") == expected
    assert parse(b"shop\tspeed\nAsh\t5\n", name).frame.to_dict("records") == expected


def test_a_web_page_called_excel_is_named():
    with pytest.raises(InvalidInput, match=r"web page.*\.xlsx"):
        parse(b"<html><table><tr><td>a</td></tr></table></html>", "export.xls")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_unicode_text_of_excel_is_read(encoding):
    content = "shop\tspeed\tcomment\n晴岚\t5\t很好\n".encode(encoding)

    found = parse(content, "ratings.txt").frame.to_dict("records")

    assert found == [{"shop": "晴岚", "speed": "5", "comment": "很好"}]


BODY = "企业,速度,态度\n晴岚,5,4\n云杉,3,4\n"


@pytest.mark.parametrize(
    ("above", "aside"),
    [
        ("2026年满意度调查\n", (1,)),
        ("2026年满意度调查,,\n", (1,)),
        ("2026年满意度调查,,\n\n单位：分,,\n", (1, 3)),
        ("满意度调查\n填报单位：甲\n", (1, 2)),
    ],
)
def test_lines_of_a_title_above_the_heading_are_told_and_no_data(above, aside):
    table = parse((above + BODY).encode(), "a.csv")

    assert table.frame["速度"].tolist() == ["5", "3"]
    assert table.frame.index.tolist() == [above.count("\n") + 2, above.count("\n") + 3]
    assert table.aside == aside


def test_a_title_above_a_file_with_semicolons_does_not_hide_them():
    table = parse(("满意度\n" + BODY.replace(",", ";")).encode(), "a.csv")

    assert list(table.frame.columns) == ["企业", "速度", "态度"]


def test_a_heading_with_a_column_without_name_is_no_title():
    table = parse(b"company,\nAsh,good\nBirch,bad\n", "a.csv")

    assert list(table.frame.columns) == ["company", "(B)"]
    assert len(table.frame) == 2


def test_columns_without_heading_are_called_by_their_letter():
    table = parse(b",company,,speed,\n1,Ash,x,5,\n2,Birch,y,4,\n", "a.csv")

    assert list(table.frame.columns) == ["(A)", "company", "(C)", "speed", "(E)"]
    assert table.frame["(C)"].tolist() == ["x", "y"]


TWO_ROWS = [
    ["企业", "服务", None, "价格", None, "城市"],
    [None, "速度", "态度", "透明", "合理", None],
    ["晴岚", 5, 4, 3, 2, "太原"],
    ["云杉", 4, 4, 3, 3, "大同"],
]
JOINED = ["企业", "服务:速度", "服务:态度", "价格:透明", "价格:合理", "城市"]


def merged_book(rows, *areas) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for area in areas:
        book.active.merge_cells(area)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        merged_book(TWO_ROWS),
        merged_book(TWO_ROWS, "A1:A2", "B1:C1", "D1:E1", "F1:F2"),
        xls({"a": TWO_ROWS}, merged=[(0, 1, 0, 0), (0, 0, 1, 2), (0, 0, 3, 4), (0, 1, 5, 5)]),
    ],
    ids=["plain", "merged", "old"],
)
def test_a_heading_of_two_rows_is_one(content):
    table = parse(content, "a.xlsx")

    assert list(table.frame.columns) == JOINED
    assert table.frame["服务:态度"].tolist() == ["4", "4"]
    assert table.frame.index.tolist() == [3, 4]


def test_a_merged_title_stands_above_a_heading_of_two_rows():
    rows = [["2026年调查", *[None] * 5], *TWO_ROWS]
    content = merged_book(rows, "A1:F1", "A2:A3", "B2:C2", "D2:E2", "F2:F3")

    assert list(parse(content, "a.xlsx").frame.columns) == JOINED


def test_merged_cells_of_the_data_are_refused_under_a_heading_of_two_rows():
    rows = [*TWO_ROWS, [None, 4, 4, 3, 3, "大同"]]

    with pytest.raises(InvalidInput, match="A4:A5"):
        parse(merged_book(rows, "A4:A5", "B1:C1", "D1:E1", "A1:A2", "F1:F2"), "a.xlsx")


def test_a_row_of_labels_under_the_names_is_no_data():
    table = parse("q0,q1,q2\n企业,速度,态度\n晴岚,5,4\n云杉,4,4\n云杉,3,3\n".encode(), "a.csv")

    assert table.frame["q0"].tolist() == ["晴岚", "云杉", "云杉"]
    assert table.aside == (2,)


@pytest.mark.parametrize(
    "first", ["Ash,NA,NA", "Ash,good,5", "Ash,,x", "5,4,3"], ids=["empty", "one", "hole", "numbers"]
)
def test_a_first_row_that_may_be_data_stays(first):
    table = parse(f"company,speed,skill\n{first}\nBirch,4,4\nCedar,3,3\nDoum,2,2\n".encode(), "a")

    assert table.frame.index.tolist() == [2, 3, 4, 5]
    assert table.aside == ()


def test_a_place_is_said_in_both_languages():
    place = parse(b"a,b\n1,2\n", "a.csv").place(2, "b")

    assert place == "a.csv: row 2, column b"
    assert place.render({place.text: "{file}：第{row}行“{column}”列"}.get) == "a.csv：第2行“b”列"
