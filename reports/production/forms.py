"""Forms by which reports are started; a ranking shows its plan first."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from reports.production.models import Report

LONGEST = 100_000  # characters of a plan


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


class RankingForm(ReportForm):
    """A ranking by a plan, which is printed and hashed as it stands."""

    plan = forms.CharField(
        label=_("The plan"),
        help_text=_("It is printed and hashed as it stands here; docs/plan.md explains every key."),
        max_length=LONGEST,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 18, "spellcheck": "false"}),
    )

    def __init__(self, data: Any = None, *, plan: str) -> None:
        super().__init__(data, kind=Report.Kind.RANKING)
        self.initial["plan"] = plan
