"""The forms of a release: its words, how companies were asked, what they answered, why something is
done all the same.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from config.accounts.editing import EditForm
from config.fields import DayField, MomentField
from config.work.models import Job
from reports.production.models import Report
from reports.releases.models import Release, Reply
from reports.releases.services import BECAUSE, TEXTS
from reports.releases.steps import Step


class TextsForm(forms.Form):
    """What a release is called and says in plain words, in both languages."""

    title_zh = forms.CharField(label=_("Title, Chinese"), max_length=120)
    title_en = forms.CharField(label=_("Title, English"), max_length=160)
    summary_zh = forms.CharField(
        label=_("Summary in plain words, Chinese"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    summary_en = forms.CharField(
        label=_("Summary in plain words, English"),
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )


class DraftForm(TextsForm):
    """A release that is begun: its address as well."""

    slug = forms.SlugField(
        label=_("Address"),
        max_length=40,
        help_text=_("It is published at /r/ followed by this: small letters, digits, hyphens."),
    )
    field_order = ("slug", *TEXTS)


class BecauseForm(forms.Form):
    """Why a version takes the place of another."""

    because_zh = forms.CharField(label=_("What was wrong, Chinese"), max_length=300)
    because_en = forms.CharField(label=_("What was wrong, English"), max_length=400)


class CorrectForm(BecauseForm):
    """A correction: the report that has it right, and what was wrong."""

    report: forms.ModelChoiceField[Report] = forms.ModelChoiceField(
        label=_("The report that has it right"), queryset=None
    )
    field_order = ("report", *BECAUSE)

    def __init__(self, data: Any = None, *, release: Release) -> None:
        super().__init__(data, auto_id="correct-%s")
        wrong = release.report
        same = Report.objects.filter(survey=wrong.survey, kind=wrong.kind).select_related("job")
        later = same.filter(pk__gt=wrong.pk, job__state=Job.State.DONE)
        self.fields["report"].queryset = later  # type: ignore[attr-defined]
        self.fields["report"].label_from_instance = _named_with_day  # type: ignore[attr-defined]


class ChangeForm(EditForm, TextsForm):
    """The words of a draft, changed."""

    def __init__(self, data: Any = None, *, release: Release) -> None:
        self.release = release
        super().__init__(data, record=release, initial=self.shown())
        if release.corrects_id:
            self.fields |= BecauseForm().fields

    def shown(self) -> dict[str, object]:
        """Return the words as they are, and the state."""
        now = Release.objects.get(pk=self.release.pk)
        names = (*TEXTS, *BECAUSE, "state")
        return {name: getattr(now, name) for name in names}

    def texts(self) -> dict[str, str]:
        """Return what `services.change` takes."""
        return {k: self.cleaned_data[k] for k in (*TEXTS, *BECAUSE) if k in self.fields}


class StepForm(forms.Form):
    """What a step needs to be told."""

    def __init__(self, data: Any = None, *, step: Step, release: Release) -> None:
        super().__init__(data, auto_id=f"{step.name}-%s")
        if step.name == "ask" and release.replies.exists():
            self.fields["means"] = forms.CharField(
                label=_("How the companies were asked"),
                max_length=200,
                help_text=_("For example: by registered letter, with the passages about each."),
            )
            self.fields["due_on"] = DayField(label=_("They may answer until"))
        if step.name == "publish" and not release.corrects_id:
            self.fields["public_from"] = MomentField(
                label=_("Embargo until"),
                required=False,
                help_text=_("Leave it empty to publish now."),
            )
        if step.needs_reason:
            self.fields["reason"] = forms.CharField(label=_("Reason"), max_length=500)


class ReplyForm(EditForm):
    """What a company answered, word for word."""

    text = forms.CharField(
        label=_("The company's reply, word for word"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("It is printed as it stands here, 4,000 characters at most."),
    )
    replied_on = DayField(label=_("Received on"))

    def __init__(self, data: Any = None, *, reply: Reply) -> None:
        self.reply = reply
        initial = {"text": reply.text, "replied_on": reply.replied_on or timezone.localdate()}
        super().__init__(data, record=reply.release, initial=initial)

    def shown(self) -> dict[str, object]:
        """Return the reply as it is."""
        now = Reply.objects.get(pk=self.reply.pk)
        return {"text": now.text, "replied_on": now.replied_on}


class OverrideForm(forms.Form):
    """Why a gate is passed that is shut."""

    reason = forms.CharField(label=_("Reason; it is printed"), max_length=500)


def _named_with_day(report: Report) -> str:
    return f"{report.job.title} · {timezone.localtime(report.job.created_at):%Y-%m-%d %H:%M}"
