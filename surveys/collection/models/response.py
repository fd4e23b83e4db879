"""One response a row: the answers as JSON, never changed, beside the few columns every query
needs (design D5).
"""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from surveys.collection.models.area import Area
from surveys.collection.models.collector import Collector
from surveys.collection.models.survey import Survey
from surveys.companies.models import Company
from surveys.forms.models import QuestionnaireVersion


class ImportedFile(models.Model):
    """A file whose rows were taken in, known by its content; `mapping` says how its columns were
    read.
    """

    STORED = ("sha256",)
    survey = models.ForeignKey(Survey, models.PROTECT, related_name="imported_files")
    sha256 = models.CharField(max_length=64)
    name = models.CharField(max_length=255)
    mapping = models.JSONField()
    # what became of its rows the last time: by outcome the numbers of the rows
    outcomes = models.JSONField(default=dict)
    imported_at = models.DateTimeField(auto_now_add=True)
    imported_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True)
    # taken back as a whole: none of its responses counts any more, and all of them stay
    taken_back_at = models.DateTimeField(null=True, blank=True)
    taken_back_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    taken_back_why = models.CharField(max_length=300, blank=True)
    job = models.ForeignKey(
        "config.Job", models.SET_NULL, null=True, related_name="+"
    )  # none for a command

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="an_import_is_taken_back_with_a_reason",
                condition=Q(taken_back_at__isnull=True) ^ ~Q(taken_back_why=""),
            )
        ]

    def __str__(self) -> str:
        return self.name


class ResponseQuerySet(models.QuerySet["Response"]):
    """Responses as they are asked for."""

    def standing(self) -> Self:
        """Leave out what another response corrects; one that was taken back corrects nothing."""
        counted = ~Q(status=Response.Status.TAKEN_BACK)
        correction = Response.objects.filter(counted, corrects=OuterRef("pk"))
        return self.filter(~Exists(correction))


class Response(models.Model):
    """A response. `uid` is made where it is filled in, so that however often it is sent, it
    is one.
    """

    class Status(models.TextChoices):
        """Only accepted sheets count; the others are kept: flawed, above a cap (AAPOR 4.8),
        cleaned away, withdrawn, mended in a later one, taken back with the file they came in.
        """

        ACCEPTED = "accepted", _("accepted")
        REJECTED = "rejected", _("rejected")
        OVER_QUOTA = "over_quota", _("over quota")
        REMOVED = "removed", _("removed in cleaning")
        WITHDRAWN = "withdrawn", _("withdrawn")
        CORRECTED = "corrected", _("corrected by a later one")
        TAKEN_BACK = "taken_back", _("taken back with its file")

    class Mode(models.TextChoices):
        ONLINE = "online", _("online")
        PAPER = "paper", _("paper")
        INTERVIEW = "interview", _("interview")
        TELEPHONE = "telephone", _("telephone")
        VISIT = "visit", _("visit")

    is_new = False  # True at the object that `accept` made, and nowhere else

    uid = models.UUIDField()
    survey = models.ForeignKey(Survey, models.PROTECT, related_name="responses")
    version = models.ForeignKey(QuestionnaireVersion, models.PROTECT, related_name="+")
    status = models.CharField(max_length=10, choices=Status)
    receipt = models.CharField(max_length=12, unique=True)
    answers = models.JSONField()
    flaws = models.JSONField(default=list)
    company = models.ForeignKey(Company, models.PROTECT, null=True, related_name="responses")
    area = models.ForeignKey(Area, models.PROTECT, null=True, related_name="+")
    mode = models.CharField(max_length=9, choices=Mode)
    language = models.CharField(max_length=7, blank=True)
    collector = models.ForeignKey(
        Collector, models.PROTECT, null=True, blank=True, related_name="responses"
    )
    # keyed hashes of the network (/24, /48) and of the browser; blanked 30 days after the survey
    # was cleaned
    network = models.CharField(max_length=32, blank=True)
    browser = models.CharField(max_length=32, blank=True)
    seconds = models.JSONField(default=dict)  # spent on each section
    # where in the sample it stands (sampling.py); the weight is 1 over the chance of being drawn
    stratum = models.CharField(max_length=60)
    psu = models.CharField(max_length=60)
    weight = models.FloatField(default=1.0)
    started_at = models.DateTimeField(null=True)
    submitted_at = models.DateTimeField()
    received_at = models.DateTimeField(auto_now_add=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    corrects = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="corrections"
    )
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    imported_from = models.ForeignKey(
        ImportedFile, models.PROTECT, null=True, related_name="responses"
    )
    row = models.PositiveIntegerField(null=True)

    objects = ResponseQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                name="one_response_however_often_sent", fields=["survey", "uid"]
            ),
            models.CheckConstraint(
                name="rejected_if_and_only_if_flawed",
                condition=Q(status="taken_back") | (Q(status="rejected") ^ Q(flaws=[])),
            ),
            models.CheckConstraint(
                name="withdrawn_answers_are_gone",
                condition=~Q(status="withdrawn") | Q(answers={}, withdrawn_at__isnull=False),
            ),
            models.CheckConstraint(
                name="a_response_stands_in_the_sample",
                condition=~Q(stratum="") & ~Q(psu="") & Q(weight__gt=0),
            ),
        ]
        indexes = [models.Index(name="responses_of_a_survey", fields=["survey", "status"])]

    def __str__(self) -> str:
        return str(self.uid)  # never the receipt: with it answers can be taken back

    @property
    def short_id(self) -> str:
        """What staff call it by: the first eight digits of its uid."""
        return self.uid.hex[:8].upper()


class Attachment(models.Model):
    """A picture or file that belongs to an answer: the original under its SHA-256, private, and
    what may be shown.
    """

    STORED = ("sha256", "shown")
    response = models.ForeignKey(Response, models.PROTECT, related_name="attachments")
    question = models.CharField(max_length=120)
    sha256 = models.CharField(max_length=64)
    shown = models.CharField(max_length=64, blank=True)  # the same picture without EXIF, smaller
    name = models.CharField(max_length=255)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                name="an_attachment_once", fields=["response", "question", "sha256"]
            ),
        ]

    def __str__(self) -> str:
        return self.name
