"""Forms of files of answers: one that is chosen, and what its columns do not say."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from config.fields import sentences
from config.language.problems import InvalidInput
from config.tabular.tables import TextTable
from config.tabular.uploads import bytes_of
from surveys.channels.files.mapping import MODES
from surveys.channels.files.services import table_of
from surveys.collection.models.response import Response


class AnswersField(forms.FileField):
    """A file of answers, cleaned to the table in it: CSV, Excel, SPSS, or a ZIP file of ours."""

    default_error_messages = {"required": _("Choose a file first.")}

    def __init__(self) -> None:
        widget = forms.FileInput(attrs={"accept": ".csv, .xlsx, .sav, .zip"})
        super().__init__(label=_("File"), widget=widget, allow_empty_file=True)

    def clean(self, data: Any, initial: Any = None) -> TextTable:
        """Return the table. Raises ValidationError for a file that cannot be read as one."""
        upload = super().clean(data, initial)
        try:
            name, content = bytes_of(upload)
            return table_of(content, name)
        except InvalidInput as refused:
            raise forms.ValidationError(sentences(refused)) from None


class AnswersForm(forms.Form):
    """A file of answers, one row for each response."""

    answers = AnswersField()

    def content(self) -> bytes:
        """Return the file as it came; the field has read it already."""
        upload: Any = self.files["answers"]
        upload.seek(0)
        content: bytes = upload.read()
        return content


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
