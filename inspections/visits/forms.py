"""Forms by which a campaign is set up and a visit recorded."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from config.fields import FilesField, MomentField, RecordsField
from config.storage.pictures import LARGEST
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
    kind = forms.ChoiceField(
        label=_("Kind of campaign"), choices=Campaign.Kind.choices, required=False
    )
    selection = forms.ChoiceField(label=_("How sites are chosen"), choices=SELECTION)
    sites = RecordsField(
        label=_("Sites"),
        help_text=_("They can be chosen or drawn later."),
        queryset=Site.objects.filter(merged_into=None).order_by("name"),
        required=False,
    )

    def given(self) -> dict[str, Any]:
        """Return the checked values."""
        kind = self.cleaned_data["kind"] or Campaign.Kind.OBSERVATION
        return {**self.cleaned_data, "kind": kind}


class RecordForm(forms.Form):
    """Where a visit was and when, and its photographs; what was seen there is the checklist's."""

    # the same visit sent twice is one visit
    uid = forms.UUIDField(
        widget=forms.HiddenInput,
        error_messages={
            "invalid": _("Please send the form once more."),
            "required": _("Please send the form once more."),
        },
    )
    site: forms.ModelChoiceField[Site] = forms.ModelChoiceField(
        label=_("Site"), queryset=None, empty_label="–"
    )
    again = forms.BooleanField(label=_("revisit"), required=False)
    visited_at = MomentField(label=_("When"))
    photographs = FilesField(
        label=_("Photographs (JPEG, PNG, WebP)"),
        largest=LARGEST,
        accept="image/jpeg, image/png, image/webp",
        required=False,
    )

    def __init__(self, data: Any = None, files: Any = None, *, sites: QuerySet[Site]) -> None:
        super().__init__(data, files, initial={"uid": uuid4(), "visited_at": timezone.localtime()})
        self.fields["site"].queryset = sites  # type: ignore[attr-defined]

    def renew(self) -> None:
        """Give a form whose number cannot be used a new one, so that sending it again helps."""
        if "uid" in self.errors:
            self.data = {**self.data, "uid": str(uuid4())}
