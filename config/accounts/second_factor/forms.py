"""Forms of the second factor."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from config.accounts.editing import EditForm
from config.accounts.second_factor.models import Passkey
from config.accounts.signing_in.forms import AnswerForm


class AppForm(forms.Form):
    """A code that a new app shows."""

    code = forms.CharField(
        label=_("Code"),
        max_length=40,
        help_text=_("Six digits that the app shows now."),
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )


class PasskeyNameForm(forms.Form):
    """The name of a passkey."""

    name = forms.CharField(
        label=_("Name of the device"),
        max_length=60,
        help_text=_("By which you tell it from others: office computer, my phone."),
    )


class PasskeyRenameForm(EditForm, PasskeyNameForm):
    """Another name for a passkey that is there."""

    def __init__(self, data: Any = None, *, passkey: Passkey) -> None:
        self.passkey = passkey
        super().__init__(data, record=passkey, initial=self.shown())

    def shown(self) -> dict[str, object]:
        """Return the name as it is."""
        return {"name": Passkey.objects.get(pk=self.passkey.pk).name}


class PasskeyForm(PasskeyNameForm, AnswerForm):
    """A new passkey with its name."""
