"""Answers as one file: CSV, a workbook, SPSS; where a questionnaire has repeats, CSV and SPSS come
as a ZIP file with a table for each. What goes out comes in again unchanged (`channels/files`).
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import pandas as pd
from django.db import transaction
from django.db.models import QuerySet

from config.accounts import audit
from config.accounts.models import User
from config.language.languages import spoken
from config.tabular.sav import SAV, as_sav
from config.tabular.writers import CSV, XLSX, Worksheet, csv_pieces, rows_of, workbook
from surveys.collection.models.response import Response
from surveys.collection.models.survey import Survey
from surveys.collection.selectors import responses_of
from surveys.questionnaires.questionnaire import Question
from surveys.responses import frames, writers
from surveys.responses.columns import Column, parts

Asked = Literal["csv", "xlsx", "sav"]
Form = Asked | Literal["csv.zip", "sav.zip"]
ZIP = "application/zip"
KINDS: Mapping[Form, str] = {"csv": CSV, "xlsx": XLSX, "sav": SAV, "csv.zip": ZIP, "sav.zip": ZIP}
# names of worksheets, and of files within a ZIP file
ANSWERS, CODEBOOK, REPEAT = "answers", "codebook", "repeat-"
STATUS = Response.Status


@dataclass(frozen=True)
class Export:
    """What goes into a file: some responses of a survey, as codes or in the words of a language
    (zh or en), with or without what people wrote.
    """

    survey: Survey
    responses: QuerySet[Response]
    language: str
    codes: bool
    with_text: bool

    @cached_property
    def columns(self) -> list[Column]:
        """The columns of the table of responses."""
        return frames.columns_of(self.survey, with_text=self.with_text)

    @cached_property
    def repeats(self) -> list[Question]:
        """The repeats; each has a table of its own."""
        return frames.repeats(self.survey)

    def heads(self, repeat: Question | None = None) -> list[str]:
        """Return the heads of the responses' table, or of a repeat's."""
        before = frames.heads_of(self.survey, repeat) if repeat else [frames.NUMBER]
        return [*before, *(column.name for column in self.wanted(repeat))]

    def wanted(self, repeat: Question | None = None) -> list[Column]:
        """Return the columns of the responses' table, or of a repeat's."""
        return parts(repeat, with_text=self.with_text) if repeat else self.columns

    def found(self, repeat: Question | None = None) -> Iterator[pd.DataFrame]:
        """Yield frames of codes of the responses' table, or of a repeat's."""
        if repeat is None:
            return frames.frames(self.responses, self.survey, self.columns)
        return frames.instances(self.responses, self.survey, repeat, with_text=self.with_text)

    def rows(
        self, found: Iterable[pd.DataFrame], repeat: Question | None = None
    ) -> Iterator[tuple[Any, ...]]:
        """Yield the rows of frames, as codes or in words."""
        wanted = self.wanted(repeat)
        for frame in found:
            yield from rows_of(
                frame if self.codes else frames.labelled(frame, wanted, self.language)
            )

    def csv(self, repeat: Question | None = None) -> Iterator[bytes]:
        """Yield CSV of the responses' table, or of a repeat's."""
        return csv_pieces(self.heads(repeat), self.rows(self.found(repeat), repeat))

    def sav(self, repeat: Question | None = None) -> bytes:
        """Return SPSS of the responses' table, or of a repeat's."""
        empty = pd.DataFrame(columns=pd.Index(self.heads(repeat)), dtype=object)
        whole = pd.concat([empty, *self.found(repeat)], ignore_index=True)
        numbers = frames.heads_of(self.survey, repeat) if repeat else [frames.NUMBER]
        wanted = self.wanted(repeat)
        return as_sav(list(writers.variables(whole, numbers, wanted, self.language)))

    def workbook(self) -> bytes:
        """Return a workbook: the responses, a worksheet for each repeat, and last what every
        column means. Raises InvalidInput for more rows than a worksheet holds.
        """
        counts: dict[str | None, writers.Counts] = {None: writers.Counts(self.columns)}
        counts |= {repeat.name: writers.Counts(self.wanted(repeat)) for repeat in self.repeats}
        rows = self.rows(counts[None].watch(self.found()))
        sheets = [Worksheet(ANSWERS, self.heads(), rows, frozen=1)]
        for repeat in self.repeats:
            watched = counts[repeat.name].watch(self.found(repeat))
            rows = self.rows(watched, repeat)
            sheets.append(Worksheet(repeat.name, self.heads(repeat), rows, frozen=1))
        # written after all others, when their cells are counted
        book = Worksheet(CODEBOOK, writers.HEADS, self._codebook(counts), frozen=1)
        return workbook([*sheets, book])

    def _codebook(self, counts: Mapping[str | None, writers.Counts]) -> Iterator[tuple[Any, ...]]:
        yield from writers.codebook(counts[None], self.columns)
        for repeat in self.repeats:
            of_it = counts[repeat.name]
            words = (repeat.name, repeat.label.zh, repeat.label.en, repeat.kind)
            yield *words, "", "", "", of_it.rows
            yield from writers.codebook(of_it, self.wanted(repeat), within=repeat.name)

    def zipped(self, form: Literal["csv", "sav"]) -> bytes:
        """Return a ZIP file with the responses and a file for each repeat."""
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for repeat in (None, *self.repeats):
                name = f"{REPEAT}{repeat.name}" if repeat else ANSWERS
                with archive.open(f"{name}.{form}", "w") as file:
                    for piece in self.csv(repeat) if form == "csv" else (self.sav(repeat),):
                        file.write(piece)
        return out.getvalue()


def form_of(survey: Survey, asked: Asked) -> Form:
    """Return the form in which nothing is lost: where there are repeats, not one table alone."""
    if asked == "xlsx" or not frames.repeats(survey):
        return asked
    return "csv.zip" if asked == "csv" else "sav.zip"


def made(
    survey: Survey,
    user: User,
    form: Form,
    *,
    with_text: bool,
    codes: bool,
    every: bool = False,
    repeat: Question | None = None,
) -> Iterable[bytes]:
    """Return the file in one form, in pieces; that it was asked for stands in the audit trail.

    every: also the responses that do not count, but those that were withdrawn or corrected. repeat:
    the table of one alone, in CSV. Raises InvalidInput for more rows than a workbook holds.
    """
    found = responses_of(survey, user.scope)
    if every:
        # a withdrawn response has no answers, and its row would say that somebody was there
        found = found.exclude(status=STATUS.WITHDRAWN)
    else:
        found = found.filter(status=STATUS.ACCEPTED)
    with transaction.atomic():
        after = {"form": form, "with_text": with_text, "every": every, "responses": found.count()}
        audit.record(by=user, action="responses.export", target=survey, after=after)
    export = Export(survey, found, "en" if spoken() == "en" else "zh", codes, with_text)
    match form:
        case "csv":
            return export.csv(repeat)
        case "csv.zip":
            return [export.zipped("csv")]
        case "sav":
            return [export.sav()]
        case "sav.zip":
            return [export.zipped("sav")]
    return [export.workbook()]
