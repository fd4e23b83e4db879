"""The form by which a phone is given its code."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from config.accounts.models import User


class PhoneForm(forms.Form):
    """Whose phone it is, and how they call it."""

    owner = forms.ModelChoiceField(
        label=_("Inspector"), queryset=User.objects.filter(is_active=True).order_by("username")
    )
    name = forms.CharField(label=_("Phone"), max_length=80, initial=_("telephone"))

    def given(self) -> dict[str, Any]:
        """Return what `devices.make` takes."""
        return dict(self.cleaned_data)
