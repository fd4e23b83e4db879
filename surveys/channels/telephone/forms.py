"""Forms of interviewers on the telephone: a number that is asked for, what became of a call."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from config.fields import MomentField
from config.language.problems import say
from surveys.channels.telephone.services import NOTE
from surveys.collection.models.invitation import Disposition

OUTCOMES = {
    Disposition.UNKNOWN: say("nobody answered, engaged"),
    Disposition.UNKNOWN_OTHER: say("wrong or dead number"),
    Disposition.NON_CONTACT: say("reached the household, not the person, or at a bad time"),
    Disposition.OTHER: say("cannot answer: ill, away for long, another language"),
    Disposition.BREAK_OFF: say("hung up in the middle of the interview"),
    Disposition.REFUSAL: say("refuses; is not called again"),
    Disposition.NO_ELIGIBLE: say("nobody there had such a service"),
    Disposition.OUT_OF_FRAME: say("does not belong to the population"),
}


def outcomes() -> list[tuple[str, str]]:
    """Return what a call can end in, in the language that is spoken, each with AAPOR's code."""
    return [
        (str(code), format_html('{} <span class="hint">{}</span>', gettext(text), code))
        for code, text in OUTCOMES.items()
    ]


class NumberForm(forms.Form):
    """A number that is asked for, with its batch where several have one."""

    batch = forms.CharField(label=_("Batch"), max_length=60, required=False)
    number = forms.IntegerField(label=_("Number in the list"), min_value=1, max_value=99_999_999)


class CallForm(forms.Form):
    """What became of one call."""

    outcome = forms.ChoiceField(
        label=_("What became of the call"), choices=outcomes, widget=forms.RadioSelect
    )
    call_again_at = MomentField(label=_("Promised to call again at"), required=False)
    note = forms.CharField(
        label=_("Note (no names, no telephone numbers)"), max_length=NOTE, required=False
    )

    def given(self) -> dict[str, Any]:
        """Return what `calls.record` takes."""
        return dict(self.cleaned_data)
