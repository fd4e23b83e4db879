"""Forms of files of answers: one that is chosen, and what its columns do not say."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from config.fields import TableFileField
from surveys.channels.files.mapping import MODES
from surveys.collection.models.response import Response


class AnswersField(TableFileField):
    """A file of answers: CSV, Excel, SPSS, or a ZIP file of ours."""

    def __init__(self) -> None:
        super().__init__(widget=forms.FileInput(attrs={"accept": ".csv, .xlsx, .xls, .sav, .zip"}))


class AnswersForm(forms.Form):
    """A file of answers, one row for each response."""

    answers = AnswersField()


class TakeBackForm(forms.Form):
    """Why an import is taken back."""

    reason = forms.CharField(label=_("Reason"), max_length=300)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, auto_id="take-back-%s")


def modes() -> list[tuple[str, str]]:
    """Return how the people of a file can have answered, each with its name."""
    return [(mode, str(Response.Mode(mode).label)) for mode in MODES]


class ReadingForm(forms.Form):
    """What is the same for every row; which column answers what is a table beside it."""

    date = forms.DateField(
        label=_("The day of every row, where no column says when"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        required=False,
    )
    mode = forms.ChoiceField(label=_("How people answered"), choices=modes)

    def __init__(self, data: Any = None, **options: Any) -> None:
        super().__init__(data, auto_id="reading-%s", **options)
