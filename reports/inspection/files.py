"""The files of an inspection report: two PDFs, one workbook and the manifest."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date, datetime
from functools import partial

import xlsxwriter

from config.language.texts import LANGUAGES, Language, Text
from reports.inspection import presenter
from reports.inspection.result import Inspection, Line
from reports.publishing import bundle
from reports.publishing.pdf import Printed
from reports.publishing.versions import versions

NAMES = (
    *(f"inspection.{language}.pdf" for language in LANGUAGES),
    "inspection.xlsx",
    bundle.MANIFEST,
)


def make(
    result: Inspection, progress: bundle.Progress = lambda name, page: None
) -> dict[str, bytes]:
    """Return every file by name. Raises proof.Unproved for a PDF that does not show every share."""
    versions()
    survey = result.campaign.survey
    texts = (
        survey.title,
        survey.organiser,
        *(line.label for line in (*result.found, *result.topics)),
    )
    bundle.refuse_undrawable(
        (wording for text in texts for wording in text.as_dict().values()), survey.slug
    )
    workbook = as_workbook(result)
    printed = Printed(
        "reports/inspection/inspection.html",
        partial(presenter.inspection, result),
        ("publishing/document.css", "publishing/tables.css"),
        date.fromisoformat(result.last_day),
        {"inspection.xlsx": workbook},
    )
    files = {"inspection.xlsx": workbook}
    files |= bundle.in_both_languages("inspection", printed, partial(_proof, result), progress)
    about = {
        "source": {"campaign": survey.slug, "sha256": result.sha256, "rows": result.sites},
        "questionnaire": str(survey.version),
    }
    return bundle.with_manifest(
        {name: files[name] for name in NAMES if name != bundle.MANIFEST}, about
    )


def as_workbook(result: Inspection) -> bytes:
    """Return inspection.xlsx: a sheet each for types, topics and revisits; x, n, share and
    interval of every figure.
    """
    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    day = date.fromisoformat(result.last_day)
    book.set_properties({"created": datetime(day.year, day.month, day.day)})  # noqa: DTZ001
    every = (Text("全部场所", "All sites"), *result.kinds)
    again = (Text("复访", "visited again"), Text("已整改", "fixed"))
    for name, lines, columns in (
        ("场所类型 types", result.found, (Text("有体察发现", "with findings"),)),
        ("问题类别 topics", result.topics, every),
        ("回头看 revisits", result.revisits, again),
    ):
        _sheet(book.add_worksheet(name), lines, columns)
    book.close()
    return out.getvalue()


def _sheet(sheet: object, lines: tuple[Line, ...], columns: tuple[Text, ...]) -> None:
    write = sheet.write  # type: ignore[attr-defined]  # xlsxwriter is untyped
    heads = ["", "", "x", "n", "%", "95 % low", "95 % high"]
    for c, head in enumerate(heads):
        write(0, c, head)
    row = 0
    for line in lines:
        for column, figure in zip(columns, line.figures, strict=True):
            if figure:
                row += 1
                values = (
                    figure.x,
                    figure.n,
                    100 * figure.share,
                    100 * figure.low,
                    100 * figure.high,
                )
                names = (f"{line.label.zh} {line.label.en}", f"{column.zh} {column.en}")
                for c, value in enumerate((*names, *values)):
                    write(row, c, value)
    sheet.set_column(0, 1, 34)  # type: ignore[attr-defined]


def _proof(result: Inspection, language: Language) -> Iterator[str]:
    for line in (*result.found, *result.topics, *result.revisits):
        yield line.label.get(language)
        yield from (presenter.written(figure) for figure in line.figures)
