"""The form by which a campaign is set up."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from inspections.campaigns.models import Campaign
from inspections.campaigns.sites import Site
from surveys.forms.models import QuestionnaireVersion

SELECTION = [
    (Campaign.Selection.RANDOM, _("drawn at random")),
    (Campaign.Selection.PURPOSIVE, _("chosen, no sample")),
]


class CampaignForm(forms.Form):
    """What a campaign is called, by which checklist it goes, and where to."""

    title_zh = forms.CharField(label=_("Title"), max_length=120)
    title_en = forms.CharField(label=_("English title"), max_length=160)
    organiser_zh = forms.CharField(label=_("Organiser"), max_length=120)
    organiser_en = forms.CharField(label=_("Organiser, in English"), max_length=160)
    slug = forms.SlugField(label=_("Short name in addresses"), max_length=60)
    version = forms.ModelChoiceField(
        label=_("Checklist"), queryset=QuestionnaireVersion.objects.defer("xform", "compiled")
    )
    selection = forms.ChoiceField(label=_("How sites are chosen"), choices=SELECTION)
    sites = forms.ModelMultipleChoiceField(
        label=_("Sites"), queryset=Site.objects.order_by("name"), required=False
    )

    def given(self) -> dict[str, Any]:
        """Return the checked values."""
        return dict(self.cleaned_data)
