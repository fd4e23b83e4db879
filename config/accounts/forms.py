"""Forms of the pages of people and of one's API tokens."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from config.accounts.editing import EditForm
from config.accounts.models import Posting, User
from config.accounts.roles import PERMISSIONS, ROLES
from config.accounts.tokens import DAYS
from config.fields import RecordsField
from config.language.languages import spoken


def roles() -> list[tuple[str, str]]:
    """Return every role with its name and what it may do, in the language that is spoken."""
    return [
        (
            role.key,
            f"{role.label.get(spoken())}: "
            + gettext("; ").join(
                gettext(PERMISSIONS[name].text) for name in sorted(role.permissions)
            ),
        )
        for role in ROLES.values()
    ]


class PersonFields(forms.Form):
    """The name, roles and postings of a person."""

    name = forms.CharField(label=_("Full name"), max_length=150)
    roles = forms.MultipleChoiceField(
        label=_("Roles"), choices=roles, widget=forms.CheckboxSelectMultiple, required=False
    )
    # said, and not left out: a slip in the list must not open all areas
    everywhere = forms.BooleanField(label=_("All areas"), required=False)
    areas = RecordsField(
        label=_("Posted to"),
        queryset=None,
        required=False,
        help_text=_("Sees and does what belongs to these areas only. Several: hold Ctrl."),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        area = Posting._meta.get_field("area").remote_field.model
        self.fields["areas"].queryset = area.objects.order_by("code")  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Refuse neither areas nor all of them, and both."""
        cleaned = super().clean() or {}
        if "areas" in cleaned and bool(cleaned["areas"]) == bool(cleaned.get("everywhere")):
            self.add_error("areas", _("Choose the areas, or all areas."))
        return cleaned

    def given(self) -> dict[str, Any]:
        """Return what `people.change` takes."""
        cleaned = self.cleaned_data
        return {
            "name": cleaned["name"],
            "roles": cleaned["roles"],
            "areas": [str(area.pk) for area in cleaned["areas"]],
        }


class PersonForm(EditForm, PersonFields):
    """The same of a person who is there."""

    def __init__(self, data: Any = None, *, person: User) -> None:
        self.person = person
        super().__init__(data, record=person, initial=self.shown())

    def shown(self) -> dict[str, object]:
        """Return name, roles and areas as they are."""
        now = User.objects.get(pk=self.person.pk)
        areas = sorted(now.postings.values_list("area_id", flat=True))
        return {
            "name": now.first_name,
            "roles": sorted(now.groups.values_list("name", flat=True)),
            "areas": areas,
            "everywhere": not areas,
        }


class InviteForm(PersonFields):
    """The same, with the name by which the person signs in."""

    username = forms.CharField(label=_("Name to sign in with"), max_length=150)
    field_order = ("username", "name", "roles", "everywhere", "areas")


class PasswordForm(forms.Form):
    """A new password, twice."""

    password = forms.CharField(
        label=_("Password"), widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )
    again = forms.CharField(
        label=_("The same again"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean(self) -> dict[str, Any]:
        """Refuse two that differ."""
        cleaned = super().clean() or {}
        if cleaned.get("password") != cleaned.get("again"):
            self.add_error("again", _("The two differ."))
        return cleaned


class LeaveForm(forms.Form):
    """Why a person leaves."""

    reason = forms.CharField(label=_("Reason"), max_length=300)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, auto_id="leave-%s")


def lives() -> list[tuple[int, str]]:
    """Return how long a token may live."""
    return [(days, gettext("%(n)s days") % {"n": days}) for days in DAYS]


class TokenForm(forms.Form):
    """What a token is for, and how long it lives."""

    name = forms.CharField(label=_("Device or program"), max_length=80)
    days = forms.TypedChoiceField(label=_("Lives for"), choices=lives, coerce=int)

    def given(self) -> dict[str, Any]:
        """Return what `tokens.make` takes."""
        return dict(self.cleaned_data)
