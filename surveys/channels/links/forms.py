"""Forms by which collection points are opened, one by one or from a list of places."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from config.fields import TableField
from surveys.collection.models.collector import Collector
from surveys.collection.models.survey import Survey
from surveys.companies.models import Company


class CollectorForm(forms.Form):
    """One collection point, with the part of the sample that comes by it."""

    kind = forms.ChoiceField(label=_("Kind"), choices=Collector.Kind.choices)
    name_zh = forms.CharField(label=_("Name"), max_length=120)
    name_en = forms.CharField(label=_("English name"), max_length=160, required=False)
    stratum = forms.CharField(label=_("Stratum"), max_length=60, required=False)
    psu = forms.CharField(label=_("Site (PSU)"), max_length=60, required=False)
    sealed_to: forms.ModelChoiceField[Company] = forms.ModelChoiceField(
        label=_("Handed to (only for the kind “handed to a company”)"),
        queryset=Company.objects.none(),
        required=False,
        empty_label="–",
    )

    def __init__(self, data: Any = None, *, survey: Survey) -> None:
        super().__init__(data, auto_id="collector-%s")
        self.fields["sealed_to"].queryset = survey.companies.all()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Ask for the company of a link that is handed to one; other kinds have none."""
        cleaned = super().clean() or {}
        is_handed = cleaned.get("kind") == Collector.Kind.COMPANY
        if not is_handed:
            cleaned["sealed_to"] = None
        elif "sealed_to" in cleaned and cleaned["sealed_to"] is None:
            self.add_error("sealed_to", _("Choose the company that the link is handed to."))
        return cleaned


class SwitchForm(forms.Form):
    """Whether a collection point is to be closed or opened: said, so that two people who press the
    same button at once do not undo each other.
    """

    to = forms.ChoiceField(choices=[("close", ""), ("open", "")])


class PlacesForm(forms.Form):
    """A list of places, each of which gets a poster."""

    places = TableField()

    def __init__(self, data: Any = None, files: Any = None) -> None:
        super().__init__(data, files, auto_id="places-%s")
