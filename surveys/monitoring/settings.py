"""The settings of a survey: what may be changed, what is frozen and why, and where the rest is."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from config.accounts.editing import EditForm, unchanged
from config.accounts.permissions import may_call, requires, user_of
from config.fields import MomentField, blame, posted, status_of
from surveys.collection import changing
from surveys.collection.models.survey import Survey
from surveys.monitoring.standing import planned


class SettingsForm(EditForm):
    """What a survey is called, when it is open, and what its notice says."""

    title_zh = forms.CharField(label=_("Title, Chinese"), max_length=120)
    title_en = forms.CharField(label=_("Title, English"), max_length=160)
    opens_at = MomentField(label=_("Opens"), required=False)
    closes_at = MomentField(label=_("Closes"), required=False)
    organiser_zh = forms.CharField(label=_("Who asks, Chinese"), max_length=120)
    organiser_en = forms.CharField(label=_("Who asks, English"), max_length=160)
    purpose_zh = forms.CharField(label=_("What for, Chinese"), max_length=300, required=False)
    purpose_en = forms.CharField(label=_("What for, English"), max_length=400, required=False)
    enquiries_zh = forms.CharField(
        label=_("Whom respondents may ask, Chinese"), max_length=160, required=False
    )
    enquiries_en = forms.CharField(
        label=_("Whom respondents may ask, English"), max_length=200, required=False
    )
    months_kept = forms.IntegerField(
        label=_("Months for which contact details are kept"), min_value=1, max_value=120
    )
    asks_contact = forms.BooleanField(
        label=_("At the end ask whether a telephone number may be kept"), required=False
    )
    sample = forms.ChoiceField(label=_("Sample"), choices=Survey.Sample.choices)

    def __init__(self, data: Any = None, *, survey: Survey, may_change: bool) -> None:
        self.survey = survey
        super().__init__(data, record=survey, initial=self.shown(), auto_id="settings-%s")
        stays = changing.frozen(survey)
        for name, field in self.fields.items():
            field.disabled = name in stays or not may_change
            if name in stays:
                field.help_text = gettext("Frozen: %(why)s.") % {"why": gettext(stays[name])}

    def shown(self) -> dict[str, object]:
        """Return what may be changed, as it is."""
        now = Survey.objects.get(pk=self.survey.pk)
        return {name: _as_shown(getattr(now, name)) for name in changing.CHANGEABLE}

    def changed(self) -> dict[str, Any]:
        """Return what is another value than before: what `changing.change` takes."""
        return {name: self.cleaned_data[name] for name in self.changed_data if name != "seen"}


def _as_shown(value: Any) -> Any:
    """Return a value as its field shows it: a moment to the minute."""
    return value.replace(second=0, microsecond=0) if hasattr(value, "second") else value


@require_http_methods(["GET", "HEAD", "POST"])
@requires("surveys.view", post="surveys.manage")
def settings(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the settings of a survey; change them."""
    survey = get_object_or_404(Survey.objects.select_related("version"), slug=slug)
    may_change = may_call(request.user, "survey-settings", post=True)
    form = SettingsForm(posted(request), survey=survey, may_change=may_change)
    if request.method == "POST" and form.is_valid():
        try:
            with unchanged(form):
                changing.change(survey=survey, given=form.changed(), by=user_of(request))
        except ValidationError as error:
            blame(form, error)
        else:
            messages.success(request, gettext("The settings were changed."))
            return redirect("survey-settings", slug)
    targets = list(survey.targets.all())
    context = {
        "room": "surveys",
        "tab": "settings",
        "survey": survey,
        "state": survey.state(),
        "form": form,
        "cells": len(targets),
        "wanted": f"{planned(targets):,}",
        "caps": sum(target.hard_cap is not None for target in targets),
        "companies": survey.companies.count(),
    }
    return render(request, "surveys/monitoring/settings.html", context, status=status_of(form))
