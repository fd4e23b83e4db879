"""Releases: the files as they were frozen, the states they went through, what companies replied,
which gates were passed by an override. Nothing of what was published is ever changed.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from config.language.texts import Text
from reports.production.models import Report
from reports.releases import steps


class ReleaseQuerySet(models.QuerySet["Release"]):
    """What readers may see."""

    def public(self) -> ReleaseQuerySet:
        """Return what has been published by now, what was corrected or withdrawn since included."""
        return self.filter(state__in=steps.PUBLIC, public_from__lte=timezone.now())


class Release(models.Model):
    """One version of what is published under an address: /r/<slug>/v<version>/."""

    slug = models.SlugField(max_length=40)
    version = models.CharField(max_length=12, default="1.0.0")
    report = models.ForeignKey(Report, models.PROTECT, related_name="releases")
    title_zh = models.CharField(max_length=120)
    title_en = models.CharField(max_length=160)
    summary_zh = models.TextField(max_length=2000)
    summary_en = models.TextField(max_length=3000)
    state = models.CharField(max_length=10, choices=list(steps.STATES.items()), default=steps.DRAFT)
    # the version whose place it takes, and what was wrong there
    corrects = models.OneToOneField("self", models.PROTECT, null=True, related_name="corrected_by")
    because_zh = models.CharField(max_length=300, blank=True)
    because_en = models.CharField(max_length=400, blank=True)
    public_from = models.DateTimeField(null=True)

    objects = ReleaseQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(name="one_release_a_version", fields=["slug", "version"]),
            models.CheckConstraint(
                name="published_releases_have_a_moment",
                condition=~Q(state__in=steps.PUBLIC) | Q(public_from__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.slug} {self.version}"

    @property
    def title(self) -> Text:
        """Its title in both languages."""
        return Text(self.title_zh, self.title_en)

    @property
    def summary(self) -> Text:
        """What it says in plain words, in both languages."""
        return Text(self.summary_zh, self.summary_en)

    @property
    def because(self) -> Text:
        """Why it takes the place of another version, in both languages."""
        return Text(self.because_zh, self.because_en)

    @property
    def state_label(self) -> str:
        """Its state in words."""
        return _(steps.STATES[self.state])


class ReleaseFile(models.Model):
    """A file as it was frozen. `page` is what is shown of the result, in one language."""

    STORED = ("sha256",)
    release = models.ForeignKey(Release, models.PROTECT, related_name="files")
    name = models.CharField(max_length=80)
    sha256 = models.CharField(max_length=64, db_index=True)
    size = models.PositiveBigIntegerField()
    is_page = models.BooleanField(default=False)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(name="one_file_a_name", fields=["release", "name"]),
        ]

    def __str__(self) -> str:
        return self.name


class ReleaseEvent(models.Model):
    """One line of a release's log, chained: its hash is over the line and the hash before it."""

    release = models.ForeignKey(Release, models.PROTECT, related_name="events")
    number = models.PositiveIntegerField()
    at = models.DateTimeField()
    kind = models.CharField(max_length=12)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    by_name = models.CharField(max_length=150)
    reason = models.CharField(max_length=500, blank=True)
    data = models.JSONField(default=dict)
    previous = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ["release", "number"]
        constraints = [
            models.UniqueConstraint(name="one_release_event_a_number", fields=["release", "number"])
        ]

    def __str__(self) -> str:
        return f"{self.release} {self.number}"


class Reply(models.Model):
    """What a company that is named was asked and what it said, word for word; none by the day is
    silence, which is printed as such.
    """

    release = models.ForeignKey(Release, models.PROTECT, related_name="replies")
    company = models.CharField(max_length=200)
    asked_on = models.DateField(null=True)
    means = models.CharField(max_length=200, blank=True)
    due_on = models.DateField(null=True)
    text = models.TextField(max_length=4000, blank=True)
    replied_on = models.DateField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(name="a_company_is_asked_once", fields=["release", "company"]),
            models.CheckConstraint(
                name="a_reply_has_its_day", condition=Q(text="") ^ Q(replied_on__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.company


class Override(models.Model):
    """A gate that two people passed though it was shut, and why: it is printed."""

    release = models.ForeignKey(Release, models.PROTECT, related_name="overrides")
    gate = models.CharField(max_length=12)
    said = models.CharField(max_length=300)  # what the gate said when it was passed
    reason = models.CharField(max_length=500)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    second = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(name="a_gate_is_passed_once", fields=["release", "gate"]),
            models.CheckConstraint(
                name="a_gate_is_passed_by_two",
                condition=Q(second__isnull=True) | ~Q(second=models.F("by")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.release} {self.gate}"
