"""Forms that take a customer list in: to invite its people, and to remind those who did not
answer.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from config.fields import TableField


class InviteForm(forms.Form):
    """A customer list, and what its batch is called."""

    people = TableField()
    batch = forms.CharField(
        label=_("Name of the batch"),
        help_text=_("Left empty, it is called as the file is."),
        max_length=60,
        required=False,
    )

    def __init__(self, data: Any = None, files: Any = None) -> None:
        super().__init__(data, files, auto_id="invite-%s")

    def batch_name(self) -> str:
        """Return the name of the batch, that of the file where none is given."""
        named_as_file: str = self.cleaned_data["people"].file.rpartition(".")[0]
        return self.cleaned_data["batch"] or named_as_file[:60]


class RemindForm(forms.Form):
    """The file with the links, as it was given back."""

    people = TableField()

    def __init__(self, data: Any = None, files: Any = None) -> None:
        super().__init__(data, files, auto_id="remind-%s")
