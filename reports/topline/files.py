"""The files of a topline: two PDFs, one workbook and the manifest."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date, datetime
from functools import partial

import xlsxwriter
from django.utils.translation import gettext_noop as _

from config.language.languages import in_both, speaking
from config.language.texts import LANGUAGES, Language
from reports.publishing import bundle, wording
from reports.publishing.pdf import Printed
from reports.publishing.versions import versions
from reports.topline import presenter
from reports.topline.result import Topline

NAMES = (*(f"topline.{language}.pdf" for language in LANGUAGES), "topline.xlsx", bundle.MANIFEST)
FIELDS = (
    _("Question"),
    _("Answer"),
    _("Group"),
    _("Base"),
    _("n"),
    _("Share"),
    _("Interval from"),
    _("Interval to"),
)


def make(topline: Topline, progress: bundle.Progress = lambda name, page: None) -> dict[str, bytes]:
    """Return every file by name. Raises proof.Unproved for a PDF that does not show every share."""
    versions()
    bundle.refuse_undrawable(_words(topline), topline.answers.survey.slug)
    workbook = as_workbook(topline)
    printed = Printed(
        "reports/topline/topline.html",
        partial(presenter.topline, topline),
        ("publishing/document.css", "publishing/tables.css"),
        date.fromisoformat(topline.last_day),
        {"topline.xlsx": workbook},
    )
    files = {"topline.xlsx": workbook}
    files |= bundle.in_both_languages("topline", printed, partial(_proof, topline), progress)
    answers = topline.answers
    about = {
        "source": {
            "survey": answers.survey.slug,
            "sha256": answers.sha256,
            "rows": len(answers.table.frame),
        },
        "questionnaire": str(answers.survey.version),
    }
    return bundle.with_manifest(
        {name: files[name] for name in NAMES if name != bundle.MANIFEST}, about
    )


def as_workbook(topline: Topline) -> bytes:
    """Return topline.xlsx: every share and mean of all and of every group, a line each."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    day = date.fromisoformat(topline.last_day)
    book.set_properties({"created": datetime(day.year, day.month, day.day)})  # noqa: DTZ001
    bold, shown = (
        book.add_format({"bold": True, "text_wrap": True}),
        book.add_format({"num_format": "0.00"}),
    )
    sheet = book.add_worksheet("topline")
    for column, name in enumerate(FIELDS):
        both = in_both(partial(wording.translate, name))
        sheet.write_string(0, column, "\n".join(dict.fromkeys(both.values())), bold)
    for row, line in enumerate(_lines(topline), start=1):
        for column, value in enumerate(line):
            if isinstance(value, str):
                sheet.write_string(row, column, value)
            elif value is not None:
                sheet.write_number(row, column, value, shown if column > 4 else None)
    sheet.set_column(0, 2, 28)
    sheet.freeze_panes(1, 0)
    book.close()
    return out.getvalue()


def _lines(topline: Topline) -> Iterator[tuple[str | float | None, ...]]:
    for result in topline.results:
        label = f"{result.question.label.zh} {result.question.label.en}"
        for cell in (result.whole, *result.groups):
            group = f"{cell.group.label.zh} {cell.group.label.en}"
            if cell.base is None:
                yield label, "", group, None, None, None, None, None
                continue
            for choice, share in zip(result.choices, cell.shares, strict=True):
                figures = (100 * share.share, 100 * share.low, 100 * share.high)
                yield (
                    label,
                    f"{choice.label.zh} {choice.label.en}",
                    group,
                    cell.base,
                    share.count,
                    *figures,
                )
            if cell.mean:
                yield (
                    label,
                    "均值 mean",
                    group,
                    cell.base,
                    cell.mean.n,
                    cell.mean.mean,
                    cell.mean.low,
                    cell.mean.high,
                )


def _words(topline: Topline) -> Iterator[str]:
    survey = topline.answers.survey
    for text in (survey.title, survey.organiser):
        yield from text.as_dict().values()
    for result in topline.results:
        for text in (
            result.question.label,
            *(c.label for c in result.choices),
            *(c.group.label for c in result.groups),
        ):
            yield from text.as_dict().values()


def _proof(topline: Topline, language: Language) -> Iterator[str]:
    with speaking(language):
        for result in topline.results:
            yield result.question.label.get(language)
            yield from (presenter.percent(share.share) for share in result.whole.shares)
