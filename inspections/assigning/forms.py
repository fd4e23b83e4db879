"""Forms by which sites are dealt, assignments made and moved, and people prepared."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from config.accounts.editing import EditForm
from config.accounts.models import AuditEvent, User
from config.fields import DayField, PeopleField, PersonField
from inspections.assigning.services import LARGEST_SEED
from inspections.campaigns.models import Assignment, Campaign, Preparation
from inspections.campaigns.sites import Site
from inspections.devices.selectors import inspectors
from surveys.collection.models.area import Area
from surveys.companies.models import Company

LONGEST = 300  # of a reason


class DealForm(forms.Form):
    """Who takes part, and how it is dealt."""

    people = PeopleField(label=_("Who takes part"), widget=forms.CheckboxSelectMultiple)
    pairs = forms.BooleanField(label=_("in pairs, which change"), required=False)
    due_on = DayField(label=_("Until"), required=False)
    seed = forms.IntegerField(
        label=_("Seed"),
        help_text=_("Left empty, one is chosen at random and recorded."),
        min_value=0,
        max_value=LARGEST_SEED,
        required=False,
    )

    def __init__(self, data: Any = None) -> None:
        people = inspectors()
        initial = {"pairs": True, "people": people.filter(groups__name="inspector")}
        super().__init__(data, initial=initial, auto_id="deal-%s")
        self.fields["people"].queryset = people  # type: ignore[attr-defined]


class SentForm(forms.Form):
    """Who goes, until when, and why."""

    lead = PersonField(label=_("Who goes"))
    partner = PersonField(label=_("With"), required=False)
    due_on = DayField(label=_("Until"), required=False)
    reason = forms.CharField(label=_("Reason"), max_length=LONGEST)

    def __init__(self, data: Any = None, files: Any = None, **options: Any) -> None:
        super().__init__(data, files, auto_id="move-%s", **options)
        for name in ("lead", "partner"):
            self.fields[name].queryset = inspectors()  # type: ignore[attr-defined]


class ReassignForm(EditForm, SentForm):
    """Who goes instead to a site that somebody is sent to."""

    def __init__(self, data: Any = None, *, assignment: Assignment) -> None:
        self.assignment = assignment
        super().__init__(data, record=assignment, initial=self.shown())

    def shown(self) -> dict[str, object]:
        """Return who goes until when, and whether anybody still does."""
        now = Assignment.objects.get(pk=self.assignment.pk)
        return {
            "lead": now.lead_id,
            "partner": now.partner_id,
            "due_on": now.due_on,
            "cancelled": now.cancelled_at,
        }


class MakeForm(SentForm):
    """A site that somebody is sent to by hand."""

    site: forms.ModelChoiceField[Site] = forms.ModelChoiceField(
        label=_("Site"), queryset=None, empty_label="–"
    )
    purpose = forms.ChoiceField(label=_("What for"), choices=Assignment.Purpose.choices)
    field_order = ("site", "purpose", "lead", "partner", "due_on", "reason")

    def __init__(self, data: Any = None, *, campaign: Campaign) -> None:
        super().__init__(data)
        places = campaign.places.filter(dropped_at=None).values("site")
        sites = Site.objects.filter(pk__in=places)
        self.fields["site"].queryset = sites  # type: ignore[attr-defined]


class CancelForm(forms.Form):
    """Why nobody goes."""

    reason = forms.CharField(label=_("Reason"), max_length=LONGEST)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, auto_id="cancel-%s")


class PreparationForm(EditForm):
    """What somebody brings to visits."""

    home: forms.ModelChoiceField[Area] = forms.ModelChoiceField(
        label=_("County or district where they live"),
        help_text=_("They are not sent there."),
        queryset=Area.objects.filter(level=Area.Level.COUNTY).select_related("parent"),
        empty_label="–",
        required=False,
    )
    quiz_score = forms.FloatField(
        label=_("Training quiz, % right"),
        help_text=_("90 % is passed."),
        min_value=0,
        max_value=100,
        required=False,
    )
    quiz_on = DayField(label=_("Taken on"), required=False)

    def __init__(self, data: Any = None, *, person: User) -> None:
        self.person = person
        super().__init__(data, record=person, initial=self.shown(), auto_id="preparation-%s")
        home = self.fields["home"]
        home.label_from_instance = lambda area: area.whole_name  # type: ignore[attr-defined]

    def shown(self) -> dict[str, object]:
        """Return what is known of the person, nothing where that is nothing yet."""
        known = Preparation.objects.filter(person=self.person).first() or Preparation()
        return {
            "home": known.home_id,
            "quiz_score": known.quiz_score,
            "quiz_on": known.quiz_on,
        }

    def events(self) -> QuerySet[AuditEvent]:
        """Return the lines of the audit trail about the preparation, the latest first."""
        known = Preparation.objects.filter(person=self.person).values_list("pk", flat=True)
        label = Preparation._meta.label_lower
        lines = AuditEvent.objects.filter(target=label, target_id__in=map(str, known))
        return lines.order_by("-number")


class ConflictForm(forms.Form):
    """What keeps somebody from a site, or from every site of a company."""

    site: forms.ModelChoiceField[Site] = forms.ModelChoiceField(
        label=_("Site"),
        queryset=Site.objects.filter(merged_into=None),
        empty_label="–",
        required=False,
    )
    company: forms.ModelChoiceField[Company] = forms.ModelChoiceField(
        label=_("or company, all its sites and brands"),
        queryset=Company.objects.filter(merged_into=None),
        to_field_name="key",
        empty_label="–",
        required=False,
    )
    text = forms.CharField(
        label=_("What it is"),
        help_text=_("Work, family, shares, a dispute, gifts, as they declared it."),
        max_length=LONGEST,
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, auto_id="conflict-%s")


def people(found: QuerySet[User]) -> list[tuple[str, str]]:
    """Return people as choices of a filter."""
    return [(str(person.pk), person.name) for person in found]
