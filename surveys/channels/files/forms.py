"""Forms of files of answers: one that is chosen, one worksheet of it, which column answers what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import count, takewhile
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from config.fields import TableFileField
from surveys.channels.files.guessing import of_column
from surveys.channels.files.mapping import ASIDE, MODES, QuestionColumn
from surveys.channels.files.mapping import Mapping as ColumnMapping
from surveys.channels.files.outline import Outline
from surveys.channels.files.presenter import asked, in_words, label
from surveys.collection.models.response import Response
from surveys.collection.models.survey import Survey
from surveys.questionnaires.questionnaire import Question

SPELLINGS = 12  # cells of a question that lead to no choice, the most frequent of them
ROOM = 300  # such cells in all
SEVERAL = "*"  # in place of a column: the columns that were found, one for each choice
BESIDE = {
    "id": _("What numbers the rows"),
    "time": _("When it was sent"),
    "duration": _("How long it took"),
    "stratum": _("Stratum"),
    "psu": _("Site (PSU)"),
    "begun": _("When it was begun"),
    "way": _("How each row was answered"),
    "language": _("Language"),
    "weight": _("Weight"),
}


class AnswersField(TableFileField):
    """A file of answers: CSV, Excel, SPSS, or a ZIP file of ours."""

    def __init__(self) -> None:
        super().__init__(widget=forms.FileInput(attrs={"accept": ".csv, .xlsx, .xls, .sav, .zip"}))


class AnswersForm(forms.Form):
    """A file of answers, one row for each response."""

    answers = AnswersField()


class SheetForm(forms.Form):
    """Which worksheet of a workbook holds the answers."""

    sheet = forms.ChoiceField(label=_("Worksheet"))

    def __init__(self, data: Any = None, *, names: list[str]) -> None:
        super().__init__(data)
        self.fields["sheet"].choices = [(name, name) for name in names]  # type: ignore[attr-defined]


class TakeBackForm(forms.Form):
    """Why an import is taken back."""

    reason = forms.CharField(label=_("Reason"), max_length=300)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, auto_id="take-back-%s")


def modes() -> list[tuple[str, str]]:
    """Return how the people of a file can have answered, each with its name."""
    return [(mode, str(Response.Mode(mode).label)) for mode in MODES]


@dataclass(frozen=True)
class Line:
    """One question of the form: its column; its cells that lead to no choice, each with the choice
    that it stands for; names of companies that are kept as they are written, with how often.
    """

    column: BoundField
    spellings: list[tuple[BoundField, BoundField]]
    as_written: list[tuple[str, int]]


class MappingForm(forms.Form):
    """How a file is read: which column answers what, what the words in its cells stand for, and
    what is the same for every row.

    read: how it is read so far; `guessed` knows what is found as several columns. unread: cells of
    each question that lead to no answer.
    """

    date = forms.DateField(
        label=_("The day of every row, where no column says when"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        required=False,
    )
    days_first = forms.BooleanField(
        label=_("The day stands before the month: 3/11/2026 is in November"), required=False
    )
    mode = forms.ChoiceField(label=_("How people answered"), choices=modes)

    def __init__(
        self,
        data: Any = None,
        *,
        survey: Survey,
        table: Outline,
        read: ColumnMapping,
        guessed: ColumnMapping,
        unread: Mapping[str, Counter[str]],
    ) -> None:
        initial = {"date": read.date, "mode": read.mode, "days_first": read.days_first}
        super().__init__(data, initial=initial, auto_id="reading-%s")
        self.questions, self.table, self.read_so_far = asked(survey), table, read
        self.unread, self.room = unread, ROOM
        self.told: dict[str, int] = {}
        self.before = {column.question: column for column in read.questions}
        found = (*guessed.questions, *read.questions)
        self.several = {column.question: column for column in found if column.columns}
        self.others = {column.question: column.other for column in found}
        columns = [("", "– " + gettext("not in the file")), *((c, c) for c in table.columns)]
        for question in self.questions:
            self._add_question(question, columns)
        for key, words in BESIDE.items():
            self.fields[f"aside:{key}"] = forms.ChoiceField(
                label=words,
                choices=[("", "–"), *columns[1:]],
                initial=getattr(read, key),
                required=False,
            )

    def _add_question(self, question: Question, columns: list[tuple[str, str]]) -> None:
        name, before = question.name, self.before.get(question.name)
        several = self.several.get(name)
        together = [(SEVERAL, ", ".join(several.columns.values())[:60])] if several else []
        self.fields[f"column:{name}"] = forms.ChoiceField(
            label=label(question),
            choices=[columns[0], *together, *columns[1:]],
            initial=(SEVERAL if before.columns else before.column) if before else "",
            required=False,
        )
        if not question.choices:
            return
        choices = [("", "– " + gettext("a mistake"))]
        choices += [(choice.name, in_words(choice.label)) for choice in question.choices]
        spellings = self._spellings(question)
        self.told[name] = len(spellings)
        for i, (cell, chosen) in enumerate(spellings):
            times = self.unread.get(name, Counter())[cell]
            words = f"“{cell[:30]}”" + (f" ({times})" if times else "")
            self.fields[f"cell:{name}:{i}"] = forms.CharField(
                initial=cell, required=False, strip=False, widget=forms.HiddenInput
            )
            self.fields[f"choice:{name}:{i}"] = forms.ChoiceField(
                label=words, choices=choices, initial=chosen, required=False
            )

    def _spellings(self, question: Question) -> list[tuple[str, str]]:
        """Return cells of a question that lead to no choice by themselves, and the choice that was
        said: those of the form that was sent, or else told before and the most frequent others.
        """
        if self.is_bound:
            names = (f"cell:{question.name}:{i}" for i in count())
            sent = takewhile(self.data.__contains__, names)
            return [(self.data[name], "") for name in sent]
        before = self.before.get(question.name)
        told = list(before.values.items()) if before else []
        new = self.unread.get(question.name, Counter()).most_common(min(SPELLINGS, self.room))
        self.room -= len(new)
        return told + [(cell, "") for cell, _times in new]

    @property
    def lines(self) -> Iterator[Line]:
        """The questions, as they are shown."""
        for question in self.questions:
            name = question.name
            numbers = range(self.told.get(name, 0))
            pairs = [(self[f"cell:{name}:{i}"], self[f"choice:{name}:{i}"]) for i in numbers]
            written = self.unread.get(name, Counter()) if question.kind == "company" else Counter()
            yield Line(self[f"column:{name}"], pairs, written.most_common(SPELLINGS))

    @property
    def beside(self) -> list[BoundField]:
        """What is read beside the questions."""
        return [self[f"aside:{key}"] for key in ASIDE]

    @property
    def for_every_row(self) -> list[BoundField]:
        """What is the same for every row."""
        return [self["date"], self["days_first"], self["mode"]]

    def mapping(self) -> ColumnMapping:
        """Return how the file is read, of a valid form."""
        given, read = self.cleaned_data, self.read_so_far
        # what only our own files bring is not asked about
        listed = {question.name for question in self.questions}
        columns = [c for c in read.questions if read.own and c.question not in listed]
        columns += filter(None, map(self._column, self.questions))
        aside: dict[str, Any] = {key: given[f"aside:{key}"] or None for key in ASIDE}
        return replace(
            read,
            mode=given["mode"],
            days_first=given["days_first"],
            questions=tuple(columns),
            date=None if aside["time"] else given["date"] or timezone.localdate(),
            time_format=read.time_format if aside["time"] == read.time else None,
            **aside,
        )

    def _column(self, question: Question) -> QuestionColumn | None:
        """Return how a question is read: as before where its column is that of before."""
        name, given = question.name, self.cleaned_data
        column, before = given[f"column:{name}"], self.before.get(question.name)
        if not column:
            return None
        if column == SEVERAL:
            return self.several[name]
        if before is None or before.column != column:
            before = of_column(question, column, self.table)
            before = replace(before, numbers=before.numbers and not self.read_so_far.own)
        numbers = range(self.told.get(name, 0))
        told = {given[f"cell:{name}:{i}"]: given[f"choice:{name}:{i}"] for i in numbers}
        values = {cell: choice for cell, choice in told.items() if choice}
        return replace(before, values=values, other=self.others.get(name, ""))
