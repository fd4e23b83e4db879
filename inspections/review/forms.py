"""What is sent beside a decision."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

LARGEST = 20 * 2**20


class CertificateForm(forms.Form):
    """A certificate from outside: its number and the file."""

    number = forms.CharField(
        label=_("Number of the certificate"),
        max_length=120,
        help_text=_("As it is printed on the certificate; reports print it."),
    )
    file = forms.FileField(
        label=_("File"),
        help_text=_("A time stamp (.tsr), a deed or a record as PDF, up to 20 MB."),
    )

    def clean_file(self) -> object:
        """Refuse what is too large."""
        sent = self.cleaned_data["file"]
        if sent.size > LARGEST:
            raise ValidationError(
                _("%(name)s is larger than %(most)s MB."), params={"name": sent.name, "most": 20}
            )
        return sent
