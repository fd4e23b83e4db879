"""Forms of paper: how many copies are printed, the head of a sheet that is keyed, and what the
paper says where two readings differ.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from surveys.channels.paper.services import MOST, is_serial

COPIES = _("Between 1 and 2000 copies can be printed at a time.")


class PrintForm(forms.Form):
    """How many copies, and the part of the sample that comes by them."""

    count = forms.IntegerField(
        label=_("Copies"),
        min_value=1,
        max_value=MOST,
        initial=50,
        error_messages={"min_value": COPIES, "max_value": COPIES},
    )
    language = forms.ChoiceField(
        label=_("Language"), choices=[("zh-Hans", "中文"), ("en", "English")], required=False
    )
    stratum = forms.CharField(label=_("Stratum"), max_length=60, required=False)
    psu = forms.CharField(label=_("Site (PSU)"), max_length=60, required=False)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, auto_id="paper-%s")


class KeyingForm(forms.Form):
    """Which sheet is keyed, and how long it took; its cells are the questionnaire's."""

    seconds = forms.FloatField(widget=forms.HiddenInput, required=False)
    # who keys begins with it, without the mouse; a form that comes back begins at what is wrong
    serial = forms.CharField(
        label=_("Serial number"),
        max_length=20,
        widget=forms.TextInput(attrs={"autofocus": True}),
    )

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        if self.is_bound:
            del self.fields["serial"].widget.attrs["autofocus"]

    def clean_serial(self) -> str:
        """Refuse a number whose check digit says that it has a slip."""
        number: str = self.cleaned_data["serial"]
        if not is_serial(number):
            raise forms.ValidationError(
                _("This serial number has a slip in it; compare it with the form.")
            )
        return number


@dataclass(frozen=True)
class Difference:
    """One question that two clerks read differently, and both readings as they are shown."""

    name: str
    label: str
    readings: tuple[str, str]


class SettleForm(forms.Form):
    """For every difference the reading that the paper bears out."""

    def __init__(self, data: Any = None, *, differences: Sequence[Difference]) -> None:
        super().__init__(data)
        for difference in differences:
            self.fields[difference.name] = forms.ChoiceField(
                label=difference.label,
                choices=list(zip(("1", "2"), difference.readings, strict=True)),
                widget=forms.RadioSelect,
            )
