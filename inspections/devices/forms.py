"""The form by which a phone is given its code."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from config.fields import PersonField
from inspections.devices.selectors import inspectors


class PhoneForm(forms.Form):
    """Whose phone it is, and how they call it."""

    owner = PersonField(label=_("Inspector"))
    name = forms.CharField(
        label=_("What the phone is called"),
        help_text=_("So that it can be told from others: its make, its colour."),
        max_length=80,
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.fields["owner"].queryset = inspectors()  # type: ignore[attr-defined]

    def given(self) -> dict[str, Any]:
        """Return what `devices.make` takes."""
        return dict(self.cleaned_data)
