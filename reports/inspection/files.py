"""The files of an inspection report: two PDFs, one workbook, the snapshot and the manifest."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import partial

from config.language.texts import LANGUAGES, Language, Text
from config.tabular.writers import Worksheet, workbook
from reports.data.snapshots.answers import AnswersSnapshot
from reports.inspection import presenter
from reports.inspection.result import EVERY, Inspection, Line
from reports.publishing import bundle
from reports.publishing.pdf import Printed
from reports.publishing.versions import versions

NAMES = (
    *(f"inspection.{language}.pdf" for language in LANGUAGES),
    "inspection.xlsx",
    "snapshot.parquet",
    bundle.MANIFEST,
)
HEADS = ("", "", "x", "n", "%", "95 % low", "95 % high")


def make(
    result: Inspection,
    snapshot: AnswersSnapshot,
    progress: bundle.Progress = lambda name, page: None,
) -> dict[str, bytes]:
    """Return every file by name. Raises proof.Unproved for a PDF that does not show every share."""
    versions()
    survey = result.manifest.about
    texts = (
        survey.title,
        survey.organiser,
        *(line.label for line in (*result.found, *result.topics)),
    )
    bundle.refuse_undrawable(
        (wording for text in texts for wording in text.as_dict().values()), survey.slug
    )
    table = as_workbook(result)
    printed = Printed(
        "reports/inspection/inspection.html",
        partial(presenter.inspection, result),
        ("publishing/document.css", "publishing/tables.css"),
        date.fromisoformat(result.manifest.last_day),
        {"inspection.xlsx": table},
    )
    files = {"inspection.xlsx": table}
    files |= bundle.in_both_languages("inspection", printed, partial(_proof, result), progress)
    files["snapshot.parquet"] = snapshot.content
    return bundle.with_manifest(
        {name: files[name] for name in NAMES if name != bundle.MANIFEST}, snapshot.described()
    )


def as_workbook(result: Inspection) -> bytes:
    """Return inspection.xlsx: a worksheet each for types, topics and revisits; x, n, share and
    interval of every figure.
    """
    every = (EVERY, *result.kinds)
    again = (Text("复访", "visited again"), Text("已整改", "fixed"))
    parts = (
        ("场所类型 types", result.found, (Text("有体察发现", "with findings"),)),
        ("问题类别 topics", result.topics, every),
        ("回头看 revisits", result.revisits, again),
    )
    made = (
        Worksheet(name, HEADS, _rows(lines, columns), widths={0: 34, 1: 34})
        for name, lines, columns in parts
    )
    return workbook(made, day=date.fromisoformat(result.manifest.last_day))


def _rows(lines: tuple[Line, ...], columns: tuple[Text, ...]) -> Iterator[tuple[str | float, ...]]:
    for line in lines:
        for column, figure in zip(columns, line.figures, strict=True):
            if figure:
                yield (
                    f"{line.label.zh} {line.label.en}",
                    f"{column.zh} {column.en}",
                    figure.x,
                    figure.n,
                    100 * figure.share,
                    100 * figure.low,
                    100 * figure.high,
                )


def _proof(result: Inspection, language: Language) -> Iterator[str]:
    for line in (*result.found, *result.topics, *result.revisits):
        yield line.label.get(language)
        yield from (presenter.written(figure) for figure in line.figures)
