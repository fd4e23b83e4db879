"""Forms of the second factor."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

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


class PasskeyForm(PasskeyNameForm, AnswerForm):
    """A new passkey with its name."""
