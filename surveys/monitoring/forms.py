"""Forms of fieldwork: a table of targets, and what decides how many answers it takes."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from config.accounts.editing import EditForm
from config.fields import TableField
from surveys.collection.models.survey import Survey
from surveys.monitoring import sample_size, targets

USUAL = {"points": "5", "level": "95", "deff": "1.4", "population": ""}


class TargetsForm(EditForm):
    """A table of targets, which takes the place of the one there is."""

    targets = TableField()

    def __init__(self, data: Any = None, files: Any = None, *, survey: Survey) -> None:
        self.survey = survey
        super().__init__(data, files, record=survey)

    def shown(self) -> dict[str, object]:
        """Return the table there is, also the parts of it that this person does not see."""
        return {"targets": targets.as_table(self.survey).to_numpy().tolist()}


class SampleSizeForm(forms.Form):
    """How exact a share is to be; asked by an address, so that it can be passed on."""

    points = forms.FloatField(
        label=_("Half-width of the interval, in points"), min_value=0.01, max_value=50
    )
    level = forms.FloatField(label=_("Level, in percent"), min_value=1, max_value=99.99)
    deff = forms.FloatField(label=_("Design effect"), min_value=0.1, max_value=100)
    population = forms.IntegerField(
        label=_("Population, if it is small"), min_value=1, max_value=10**10, required=False
    )

    def __init__(self, asked: dict[str, Any]) -> None:
        super().__init__(USUAL | asked, auto_id="size-%s")

    def needed(self) -> int | None:
        """Return how many answers it takes, None for a question that is none."""
        if not self.is_valid():
            return None
        given = self.cleaned_data
        return sample_size.for_share(
            given["points"] / 100,
            level=given["level"] / 100,
            deff=given["deff"],
            population=given["population"],
        )
