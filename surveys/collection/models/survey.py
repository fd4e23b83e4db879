"""A survey: a questionnaire in the field, between its opening and its closing."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from config.language.languages import spoken
from config.language.texts import Text
from surveys.companies.models import Company
from surveys.forms.models import QuestionnaireVersion

State = Literal["draft", "open", "closed"]


class Survey(models.Model):
    """What is asked, from when to when, and who may be rated in it. Without a page it takes
    files and visits only.
    """

    class Sample(models.TextChoices):
        PROBABILITY = "probability", _("probability sample")
        NONPROBABILITY = "nonprobability", _("non-probability sample")

    slug = models.SlugField(max_length=60, unique=True)
    title_zh = models.CharField(max_length=120)
    title_en = models.CharField(max_length=160)
    organiser_zh = models.CharField(max_length=120)
    organiser_en = models.CharField(max_length=160)
    version = models.ForeignKey(QuestionnaireVersion, models.PROTECT, related_name="surveys")
    companies = models.ManyToManyField(Company, blank=True, related_name="surveys")
    sample = models.CharField(max_length=16, choices=Sample)
    has_page = models.BooleanField(default=True)
    opens_at = models.DateTimeField(null=True, blank=True)
    closes_at = models.DateTimeField(null=True, blank=True)
    demonstration = models.BooleanField(default=False)
    # the notice before the first question: why, how long answers are kept, whom to ask
    purpose_zh = models.CharField(max_length=300, blank=True)
    purpose_en = models.CharField(max_length=400, blank=True)
    enquiries_zh = models.CharField(max_length=160, blank=True)
    enquiries_en = models.CharField(max_length=200, blank=True)
    months_kept = models.PositiveSmallIntegerField(default=24)
    asks_contact = models.BooleanField(default=False)
    cleaned_at = models.DateTimeField(null=True, blank=True)
    # when its answers were last frozen for a report: what came in before stands behind figures
    frozen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-opens_at", "slug"]
        constraints = [
            models.CheckConstraint(
                name="survey_closes_after_it_opens",
                condition=Q(closes_at__isnull=True)
                | Q(opens_at__isnull=False, closes_at__gt=models.F("opens_at")),
            )
        ]

    def __str__(self) -> str:
        return self.title_zh

    @property
    def title(self) -> Text:
        """The title in both languages."""
        return Text(self.title_zh, self.title_en)

    @property
    def heading(self) -> str:
        """The title in the language that is spoken: what a page calls the survey."""
        return self.title.get(spoken())

    @property
    def organiser(self) -> Text:
        """Who asks, in both languages."""
        return Text(self.organiser_zh, self.organiser_en)

    def state(self, now: datetime | None = None) -> State:
        """Return where the survey stands now, or at a moment."""
        now = now or timezone.now()
        if self.opens_at is None or now < self.opens_at:
            return "draft"
        return "open" if self.closes_at is None or now < self.closes_at else "closed"

    @property
    def purpose(self) -> Text:
        """Why is asked, in both languages."""
        return Text(self.purpose_zh, self.purpose_en)

    @property
    def enquiries(self) -> Text:
        """Whom respondents may ask, in both languages."""
        return Text(self.enquiries_zh, self.enquiries_en)


class VersionChange(models.Model):
    """A survey in the field that went on with a new version; `apart` are the questions whose
    answers do not add up.
    """

    survey = models.ForeignKey(Survey, models.PROTECT, related_name="version_changes")
    before = models.ForeignKey(QuestionnaireVersion, models.PROTECT, related_name="+")
    after = models.ForeignKey(QuestionnaireVersion, models.PROTECT, related_name="+")
    apart = models.JSONField(default=list)
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.survey}: {self.before} → {self.after}"
