"""Forms of companies: a list taken in, one company changed, offered, merged and taken out again."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from config.accounts.editing import EditForm
from config.fields import RecordsField, TableFileField
from surveys.collection.models.survey import Survey
from surveys.companies.models import Company

LONGEST = 300  # of a reason


class CompaniesForm(forms.Form):
    """A list of companies."""

    companies = TableFileField()


class NewCompanyForm(forms.Form):
    """A company that is not known yet."""

    key = forms.SlugField(
        label=_("Key"),
        help_text=_("Letters, digits and hyphens, such as oak; it never changes."),
        max_length=60,
    )
    name = forms.CharField(label=_("Name"), max_length=120)
    name_en = forms.CharField(label=_("English name"), max_length=120, required=False)
    kind = forms.ChoiceField(label=_("Kind"), choices=Company.Kind.choices)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, auto_id="new-%s")

    def clean_key(self) -> str:
        """Return the key. Raises ValidationError for one that a company has."""
        key: str = self.cleaned_data["key"]
        if Company.objects.filter(key=key).exists():
            raise forms.ValidationError(_("This key is taken."))
        return key


class CompanyForm(EditForm):
    """One company; what is left empty stays as it is."""

    name = forms.CharField(label=_("Name"), max_length=120)
    name_en = forms.CharField(label=_("English name"), max_length=120, required=False)
    kind = forms.ChoiceField(label=_("Kind"), choices=Company.Kind.choices, required=False)
    credit_code = forms.CharField(
        label=_("Unified social credit code"), max_length=18, required=False
    )
    brands = forms.CharField(
        label=_("More brands, separated by ；"), max_length=1000, required=False
    )
    aliases = forms.CharField(
        label=_("More spellings, separated by ；"), max_length=1000, required=False
    )

    # the fields of this name take more of them
    MORE: ClassVar = ("brands", "aliases")

    def __init__(self, data: Any = None, *, company: Company) -> None:
        self.company = company
        initial = {name: v for name, v in self.shown().items() if name not in self.MORE}
        super().__init__(data, record=company, initial=initial, auto_id="company-%s")
        self.fields["brands"].help_text = " ".join(brand.name for brand in company.brands.all())

    def shown(self) -> dict[str, object]:
        """Return the company as it is, and what leads to it."""
        now = Company.objects.get(pk=self.company.pk)
        return {
            "name": now.name,
            "name_en": now.name_en,
            "kind": now.kind,
            "credit_code": now.credit_code or "",
            "brands": sorted(now.brands.values_list("name", flat=True)),
            "aliases": sorted(now.aliases.values_list("spelling", flat=True)),
        }


class OfferForm(EditForm):
    """The surveys that offer a company."""

    surveys = RecordsField(
        label=_("Surveys that offer it"),
        help_text=_("Answers that name it stay, whatever is chosen here."),
        queryset=Survey.objects.all(),
        to_field_name="slug",
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def __init__(self, data: Any = None, *, company: Company) -> None:
        self.company = company
        super().__init__(data, record=company, initial=self.shown(), auto_id="offer-%s")

    def shown(self) -> dict[str, object]:
        """Return the surveys that offer the company."""
        return {"surveys": sorted(self.company.surveys.values_list("slug", flat=True))}


class MergeForm(forms.Form):
    """The company that another one counts for from now on, and why."""

    what = forms.CharField(widget=forms.HiddenInput, initial="merge")
    into: forms.ModelChoiceField[Company] = forms.ModelChoiceField(
        label=_("Into"), queryset=None, to_field_name="key", empty_label="–"
    )
    reason = forms.CharField(label=_("Reason"), max_length=LONGEST)

    def __init__(self, data: Any = None, *, company: Company, into: str = "") -> None:
        super().__init__(data, initial={"into": into}, auto_id="merge-%s")
        others = Company.objects.filter(merged_into=None).exclude(pk=company.pk)
        self.fields["into"].queryset = others  # type: ignore[attr-defined]


class ApartForm(MergeForm):
    """The company that looks like another one and is another one; asked by a button alone."""

    reason = None  # type: ignore[assignment]  # as Django leaves a field of the parent out


class SplitForm(forms.Form):
    """Why a company that was merged is one of its own after all."""

    what = forms.CharField(widget=forms.HiddenInput, initial="split")
    reason = forms.CharField(label=_("Reason"), max_length=LONGEST)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, auto_id="split-%s")
