"""The form by which a report is started that needs no plan; plan_form has the others."""

from __future__ import annotations

from typing import Any

from django import forms

from reports.production.models import Report


class ReportForm(forms.Form):
    """A report that needs no more than its kind."""

    kind = forms.ChoiceField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, kind: Report.Kind) -> None:
        super().__init__(data, initial={"kind": kind}, auto_id=f"{kind}-%s")
        self.fields["kind"].choices = [(kind, kind.label)]  # type: ignore[attr-defined]
        self.label = kind.label

    def given(self) -> dict[str, Any]:
        """Return what `service.start` takes."""
        return dict(self.cleaned_data)
