"""Forms by which a deadline is set, people are sent, and an outcome is written down."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from config.accounts.editing import EditForm
from config.fields import PersonField
from inspections.devices.selectors import inspectors
from inspections.revisits.services import suggested
from inspections.visits.models import Visit


class DeadlineForm(forms.Form):
    """Until when what was found is to be mended."""

    mend_by = forms.DateField(
        label=_("To be mended by"), widget=forms.DateInput(attrs={"type": "date"})
    )
    reason = forms.CharField(
        label=_("Decided where"),
        max_length=300,
        help_text=_("The meeting, letter or talk in which the deadline was decided."),
    )


class SendForm(forms.Form):
    """Who looks again; nobody who was there is offered."""

    lead = PersonField(label=_("Who goes"))
    partner = PersonField(label=_("With"), required=False)
    due_on = forms.DateField(
        label=_("Until"), widget=forms.DateInput(attrs={"type": "date"}), required=False
    )
    reason = forms.CharField(
        label=_("Reason"), max_length=300, initial=_("Whether what was found is mended")
    )

    def __init__(self, data: Any = None, *, visit: Visit, prefix: str | None = None) -> None:
        super().__init__(data, prefix=prefix)
        people = inspectors().exclude(pk__in=visit.inspectors.all())
        for name in ("lead", "partner"):
            self.fields[name].queryset = people  # type: ignore[attr-defined]


class ControlsForm(forms.Form):
    """How many sites without findings are drawn to be seen again."""

    size = forms.IntegerField(
        label=_("Sites without findings"),
        min_value=1,
        max_value=10_000,
        help_text=_(
            "They are drawn at random and visited again like the others. Without them nobody can"
            " tell whether sites got better or worse."
        ),
    )


class OutcomeForm(EditForm):
    """What became of the findings."""

    outcome = forms.ChoiceField(label=_("What became of it"), choices=Visit.Outcome.choices)
    reason = forms.CharField(label=_("Remark"), max_length=300, required=False)

    def __init__(self, data: Any = None, *, revisit: Visit) -> None:
        self.revisit = revisit
        initial = {"outcome": revisit.outcome or suggested(revisit)}
        super().__init__(data, record=revisit, initial=initial)

    def shown(self) -> dict[str, object]:
        """Return what was written down before."""
        return {"outcome": Visit.objects.get(pk=self.revisit.pk).outcome}
