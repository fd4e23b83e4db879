"""Form fields that rooms have in common: a table in a file, several files, records by their keys, a
moment; and how what a service refuses lands at a form.

Whatever is sent is checked here once, so that no view reads a number or a key by itself.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from config.language.problems import InvalidInput
from config.tabular.tables import TextTable
from config.tabular.uploads import SentFile, sent

SHOWN = 50  # problems of one file that are shown at a time
YEARS = range(2000, 2100)  # outside of them a moment is a slip, and near year 1 no zone can hold it
TABLES = ".csv, .txt, .xlsx, .xls"


class TableFileField(forms.FileField):
    """A CSV or Excel file, cleaned to its name and bytes; `uploads.sent` has the limits."""

    default_error_messages = {"required": _("Choose a file first.")}

    def __init__(self, **options: Any) -> None:
        widget = forms.FileInput(attrs={"accept": TABLES})
        # an empty file has its sentence from who reads it, which names the file
        super().__init__(
            **{"label": _("File"), "widget": widget, "allow_empty_file": True, **options}
        )

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Return what the field makes of the file, None where none is needed and none was sent.
        Raises ValidationError for one that is too large or cannot be read.
        """
        if not data and not self.required:
            return None
        try:
            return self.taken(sent(super().clean(data, initial)))
        except InvalidInput as refused:
            raise ValidationError(sentences(refused)) from None

    def taken(self, file: SentFile) -> Any:
        """Return what the field is cleaned to. Raises InvalidInput."""
        return file


class TableField(TableFileField):
    """A CSV or Excel file of some kilobytes, cleaned to the table in it."""

    def taken(self, file: SentFile) -> TextTable:
        """Return the table. Raises InvalidInput for a file that cannot be read as one."""
        return file.table()


class FilesInput(forms.FileInput):
    """Several files chosen at once."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files, cleaned to a list; none may be larger than `largest` bytes."""

    default_error_messages = {
        "required": _("Choose a file first."),
        "large": _("%(name)s is larger than %(most)s MB."),
    }

    def __init__(self, *, largest: int, accept: str, **options: Any) -> None:
        self.largest = largest
        widget = FilesInput(attrs={"accept": accept})
        super().__init__(widget=widget, allow_empty_file=True, **options)

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[bytes]]:
        """Return the files. Raises ValidationError for none where some are needed, and a large
        one.
        """
        single = super().clean
        if not data:
            single(None)
            return []
        files = [single(one) for one in data]
        for file in files:
            if file.size is None or file.size > self.largest:
                values = {"name": file.name, "most": self.largest // 2**20}
                raise ValidationError(self.error_messages["large"], code="large", params=values)
        return files


class RecordsField(forms.ModelMultipleChoiceField[Any]):
    """Several records by their keys; a key that no database can hold names none either."""

    def clean(self, value: Any) -> QuerySet[Any]:
        """Return the records. Raises ValidationError for a key of none."""
        try:
            return super().clean(value)
        except (OverflowError, ValueError):
            text = self.error_messages["invalid_list"]
            raise ValidationError(text, code="invalid_list") from None


class PersonField(forms.ModelChoiceField[Any]):
    """One person, shown by name; who may be chosen is said by the form (`queryset`)."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"queryset": None, "empty_label": "–", **options})

    def label_from_instance(self, obj: Any) -> str:
        """Return the name of a person."""
        return str(obj.name)


class PeopleField(RecordsField):
    """Several people, shown by name."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"queryset": None, **options})

    def label_from_instance(self, obj: Any) -> str:
        """Return the name of a person."""
        return str(obj.name)


class DayField(forms.DateField):
    """A day, as the browser's own field sends it."""

    def __init__(self, **options: Any) -> None:
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(**{"widget": widget, **options})


class MomentField(forms.DateTimeField):
    """A day and time, in the time of the place, as the browser's own field sends it."""

    default_error_messages = {"years": _("Give a time between the years 2000 and 2099.")}

    def __init__(self, **options: Any) -> None:
        kind = {"type": "datetime-local"}
        widget = forms.DateTimeInput(attrs=kind, format="%Y-%m-%dT%H:%M")
        super().__init__(**{"widget": widget, **options})

    def to_python(self, value: Any) -> datetime | None:
        """Return the moment with its zone. Raises ValidationError for what is none."""
        try:
            moment = super().to_python(value)
        except OverflowError:
            moment = datetime.min  # noqa: DTZ901  # as far outside as can be
        if moment is not None and moment.year not in YEARS:
            raise ValidationError(self.error_messages["years"], code="years")
        return moment


def blame(
    form: forms.BaseForm, error: InvalidInput | ValidationError, field: str | None = None
) -> None:
    """Put what a service refused at a form: at the field that it names, or at `field`."""
    if isinstance(error, InvalidInput):
        form.add_error(field, sentences(error))
        return
    by_name = error.message_dict if hasattr(error, "error_dict") else {field: error.messages}
    for name, texts in by_name.items():
        form.add_error(name if name in form.fields else field, texts)


def sentences(error: InvalidInput) -> list[str]:
    """Return the problems as they are shown, in the language that is spoken."""
    return [problem.render(gettext) for problem in error.problems[:SHOWN]]


def posted(request: HttpRequest) -> QueryDict | None:
    """Return what was sent, None where the page is only opened: an empty form that was sent is
    wrong, one that was opened is not.
    """
    return request.POST if request.method == "POST" else None


def files_of(request: HttpRequest) -> MultiValueDict[str, UploadedFile[bytes]] | None:
    """Return the files that were sent, None where the page is only opened."""
    return request.FILES if request.method == "POST" else None


def status_of(*sent: forms.BaseForm) -> int:
    """Return the status of a page with forms: 422 where something in one of them is wrong."""
    return 422 if any(form.errors for form in sent) else 200
