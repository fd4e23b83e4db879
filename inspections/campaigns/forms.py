"""Forms of sites and campaigns: a list taken in, one site, merged and taken out again; places of a
campaign, its rules, its draw.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from config.accounts.editing import EditForm
from config.fields import RecordsField, TableField
from inspections.campaigns import site_services
from inspections.campaigns.models import Campaign, Draw
from inspections.campaigns.sites import Datum, Site, Vendor
from surveys.collection.models.area import Area
from surveys.companies.models import Brand
from surveys.forms.models import QuestionnaireVersion

LONGEST = 300  # of a reason
DAY = {"type": "date"}


class SitesForm(forms.Form):
    """A list of sites."""

    sites = TableField()


class SiteForm(forms.Form):
    """One site. Companies, brands and vendors are written as people call them."""

    name = forms.CharField(label=_("Name, as the sign says"), max_length=120)
    kind = forms.ChoiceField(label=_("Kind"), choices=Site.Kind.choices)
    area = forms.CharField(
        label=_("County or district"),
        help_text=_("Its code, or its name; the city before it where there are several."),
        max_length=60,
    )
    address = forms.CharField(label=_("Address"), max_length=200, required=False)
    operator = forms.CharField(
        label=_("Operator"),
        help_text=_("The company that runs it, by any of its names in the directory."),
        max_length=120,
        required=False,
    )
    brand = forms.CharField(
        label=_("Brand"), max_length=120, required=False, widget=forms.TextInput({"list": "brands"})
    )
    vendor = forms.CharField(
        label=_("Vendor of the payment, ordering or parking system"),
        max_length=120,
        required=False,
        widget=forms.TextInput({"list": "vendors"}),
    )
    credit_code = forms.CharField(
        label=_("Unified social credit code"), max_length=18, required=False
    )
    latitude = forms.CharField(label=_("Latitude, in degrees"), max_length=20, required=False)
    longitude = forms.CharField(label=_("Longitude, in degrees"), max_length=20, required=False)
    datum = forms.ChoiceField(
        label=_("Datum"),
        help_text=_("WGS-84 from a phone's own position, GCJ-02 from a Chinese map."),
        choices=[("", "–"), *Datum.choices],
        required=False,
    )
    aliases = forms.CharField(
        label=_("More names, separated by ；"), max_length=1000, required=False
    )

    def __init__(self, data: Any = None, files: Any = None, **options: Any) -> None:
        super().__init__(data, files, auto_id="site-%s", **options)

    def names(self) -> dict[str, list[str]]:
        """Return the names that a browser offers while one writes."""
        return {
            "brands": list(Brand.objects.values_list("name", flat=True)),
            "vendors": list(Vendor.objects.values_list("name", flat=True)),
        }


class SiteEditForm(EditForm, SiteForm):
    """The same of a site that is there."""

    def __init__(self, data: Any = None, *, site: Site) -> None:
        self.site = site
        initial = {name: v for name, v in self.shown().items() if name != "aliases"}
        super().__init__(data, record=site, initial=initial)

    def shown(self) -> dict[str, object]:
        """Return the site as a list has it, and the names that lead to it."""
        now = Site.objects.get(pk=self.site.pk)
        aliases = sorted(now.aliases.values_list("name", flat=True))
        return {**site_services.as_texts(now), "aliases": aliases}


class SiteMergeForm(forms.Form):
    """The site that another one is, and why."""

    what = forms.CharField(widget=forms.HiddenInput, initial="merge")
    into: forms.ModelChoiceField[Site] = forms.ModelChoiceField(
        label=_("Into"), queryset=None, empty_label="–"
    )
    reason = forms.CharField(label=_("Reason"), max_length=LONGEST)

    def __init__(
        self, data: Any = None, *, site: Site, among: QuerySet[Site], into: str = ""
    ) -> None:
        super().__init__(data, initial={"into": into}, auto_id="merge-%s")
        self.fields["into"].queryset = among.exclude(pk=site.pk)  # type: ignore[attr-defined]


class SiteApartForm(SiteMergeForm):
    """The site that looks like another one and is another one; asked by a button alone."""

    reason = None  # type: ignore[assignment]  # as Django leaves a field of the parent out


class SiteSplitForm(forms.Form):
    """Why a site that was merged is one of its own after all."""

    what = forms.CharField(widget=forms.HiddenInput, initial="split")
    reason = forms.CharField(label=_("Reason"), max_length=LONGEST)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, auto_id="split-%s")


class RulesForm(EditForm):
    """What a visit of the campaign is, and the rules of who may go."""

    kind = forms.ChoiceField(label=_("Kind of campaign"), choices=Campaign.Kind.choices)
    needs_training = forms.BooleanField(
        label=_("only who passed the training quiz (90 %) may go"), required=False
    )
    most_visits = forms.IntegerField(
        label=_("Most visits of one person"),
        help_text=_("Left empty, nobody is limited."),
        min_value=1,
        max_value=1000,
        required=False,
    )
    second_share = forms.FloatField(
        label=_("Share of sites that get a second visit by others, in %"),
        min_value=0,
        max_value=100,
    )
    claim_threshold = forms.FloatField(
        label=_("Share above which a claim about a brand or vendor may be made, in %"),
        help_text=_("The lower bound of its interval has to lie above."),
        min_value=0,
        max_value=100,
    )

    def __init__(self, data: Any = None, *, campaign: Campaign) -> None:
        self.campaign = campaign
        super().__init__(data, record=campaign, initial=self.shown(), auto_id="settings-%s")

    def shown(self) -> dict[str, object]:
        """Return the rules as they are; shares in per cent."""
        now = Campaign.objects.get(pk=self.campaign.pk)
        return {
            "kind": now.kind,
            "needs_training": now.needs_training,
            "most_visits": now.most_visits,
            "second_share": round(now.second_share * 100, 6),
            "claim_threshold": round(now.claim_threshold * 100, 6),
        }

    def rules(self) -> dict[str, Any]:
        """Return what `services.change_rules` takes: shares of 1."""
        given = {name: self.cleaned_data[name] for name in self.shown()}
        for name in ("second_share", "claim_threshold"):
            given[name] = round(given[name] / 100, 8)
        return given


class AddSitesForm(forms.Form):
    """Sites that a campaign is to go to, chosen by hand."""

    sites = RecordsField(label=_("Sites"), queryset=None)
    is_calibration = forms.BooleanField(
        label=_("as calibration sites, which everybody sees"), required=False
    )

    def __init__(self, data: Any = None, *, among: QuerySet[Site]) -> None:
        super().__init__(data, auto_id="add-%s")
        self.fields["sites"].queryset = among  # type: ignore[attr-defined]


class DropForm(forms.Form):
    """Why a site cannot be visited."""

    REASONS = (
        ("closed", _("closed for good")),
        ("refused", _("nobody may go in")),
        ("not_found", _("not found")),
        ("no_system", _("has nothing of what is looked at")),
        ("other", _("another reason")),
    )
    because = forms.ChoiceField(label=_("Why"), choices=REASONS)
    note = forms.CharField(label=_("In words"), max_length=200, required=False)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, auto_id="drop-%s")

    def text(self) -> str:
        """Return the reason as it is kept."""
        label = str(dict(self.REASONS)[self.cleaned_data["because"]])
        note = self.cleaned_data["note"].strip()
        return f"{label}: {note}" if note else label


class VersionForm(forms.Form):
    """The version of the checklist that a campaign goes on with."""

    version: forms.ModelChoiceField[QuestionnaireVersion] = forms.ModelChoiceField(
        label=_("Version"), queryset=None, empty_label="–"
    )

    def __init__(self, data: Any = None, *, among: QuerySet[QuestionnaireVersion]) -> None:
        super().__init__(data, auto_id="version-%s")
        self.fields["version"].queryset = among  # type: ignore[attr-defined]


class DrawForm(forms.Form):
    """A frame and how a sample is drawn from it."""

    STRATA = (
        ("", _("none")),
        ("kind", _("kind of site")),
        ("city", _("city")),
        ("area", _("county or district")),
        ("city_kind", _("city and kind of site")),
    )
    source = forms.CharField(
        label=_("Where the frame comes from"),
        help_text=_("For example: register of the market regulator, all car parks that charge."),
        max_length=200,
    )
    source_on = forms.DateField(label=_("As of"), widget=forms.DateInput(DAY, format="%Y-%m-%d"))
    frame = TableField(
        label=_("Frame as a file"),
        help_text=_("Columns: id, stratum, size. Without a file: the sites chosen below."),
        required=False,
    )
    cities = RecordsField(
        label=_("Cities"),
        help_text=_("None is all of them."),
        queryset=Area.objects.filter(level=Area.Level.CITY),
        required=False,
    )
    kinds = forms.MultipleChoiceField(
        label=_("Kinds of sites"), choices=Site.Kind.choices, required=False
    )
    strata = forms.ChoiceField(label=_("Strata"), choices=STRATA, required=False)
    method = forms.ChoiceField(label=_("Method"), choices=Draw.Method.choices)
    size = forms.IntegerField(label=_("Number of sites"), min_value=1, max_value=100_000)
    seed = forms.IntegerField(
        label=_("Seed"),
        help_text=_("Say it before you draw, or leave it empty and one is chosen at random."),
        min_value=0,
        max_value=2**53,
        required=False,
    )

    def __init__(self, data: Any = None, files: Any = None) -> None:
        initial = {"source_on": timezone.localdate()}
        super().__init__(data, files, initial=initial, auto_id="draw-%s")
