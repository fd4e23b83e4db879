"""A visit (体察记录): answers of the checklist, who was there and when, what was found, the
evidence, and the chain of everything that happened to it.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from inspections.campaigns.models import Assignment, Campaign
from inspections.campaigns.sites import Datum, Site
from inspections.devices.models import Device
from surveys.collection.models.response import Response


class Visit(models.Model):
    """One visit to one site. A revisit points at the visit whose findings it looks at again.

    The response is the latest: what a supervisor sent back and was mended is a new response that
    corrects the one before. A void visit counts nowhere and stays.
    """

    class Status(models.TextChoices):
        RECEIVED = "received", pgettext_lazy("visit", "received")
        RETURNED = "returned", _("sent back")
        ACCEPTED = "accepted", pgettext_lazy("visit", "accepted")
        VOID = "void", _("void")

    class Outcome(models.TextChoices):
        """What became of the findings, seen at a revisit."""

        FIXED = "fixed", _("fixed")
        PARTLY = "partly", _("partly fixed")
        NOT_FIXED = "not_fixed", _("not fixed")
        CLOSED = "closed", _("closed down")
        REFUSED = "refused", _("refused")

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="visits")
    site = models.ForeignKey(Site, models.PROTECT, related_name="visits")
    response = models.OneToOneField(Response, models.PROTECT, related_name="visit")
    uid = models.UUIDField(unique=True)  # given where it was begun
    assignment = models.OneToOneField(
        Assignment, models.PROTECT, null=True, blank=True, related_name="visit"
    )
    device = models.ForeignKey(Device, models.PROTECT, null=True, blank=True, related_name="visits")
    inspectors = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="visits")
    status = models.CharField(max_length=8, choices=Status, default=Status.RECEIVED)
    note = models.CharField(max_length=500, blank=True)  # why it was sent back or is void
    begun_at = models.DateTimeField(null=True, blank=True)  # by the clock of the device
    visited_at = models.DateTimeField()
    received_at = models.DateTimeField(default=timezone.now, editable=False)
    skew = models.IntegerField(null=True, blank=True)  # seconds, our clock − that of the device
    # where it was begun
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    accuracy = models.FloatField(null=True, blank=True)  # metres
    datum = models.CharField(max_length=6, choices=Datum, blank=True)
    is_second = models.BooleanField(default=False)  # by others who did not know the first
    is_calibration = models.BooleanField(default=False)
    revisit_of = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="revisits"
    )
    outcome = models.CharField(max_length=9, choices=Outcome, blank=True)  # of a revisit
    # until when what was found is to be mended, as it was decided
    mend_by = models.DateField(null=True, blank=True)
    sealed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-visited_at"]
        constraints = [
            models.UniqueConstraint(
                name="one_first_visit_a_site",
                fields=["campaign", "site"],
                condition=Q(revisit_of__isnull=True, is_second=False, is_calibration=False)
                & ~Q(status="void"),
            ),
            models.CheckConstraint(
                name="only_a_revisit_has_an_outcome",
                condition=Q(outcome="") | Q(revisit_of__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.site} {self.visited_at:%Y-%m-%d}"


class Finding(models.Model):
    """One item of the checklist that was not as it should be; `topic` is the branch of the index
    it is under. Only one that a second person confirmed can be named.
    """

    STATES = (("open", _("open")), ("confirmed", _("confirmed")), ("dismissed", _("not borne out")))

    visit = models.ForeignKey(Visit, models.CASCADE, related_name="findings")
    indicator = models.CharField(max_length=60)
    topic = models.CharField(max_length=60)
    critical = models.BooleanField()
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    # looked at by a second person and not borne out by the evidence
    refused_because = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(name="one_finding_an_indicator", fields=["visit", "indicator"]),
            models.CheckConstraint(
                name="who_confirmed_a_finding_is_known",
                condition=Q(confirmed_at__isnull=True) ^ Q(confirmed_by__isnull=False),
            ),
            models.CheckConstraint(
                name="a_finding_is_confirmed_or_refused",
                condition=Q(confirmed_at__isnull=True) | Q(refused_because=""),
            ),
        ]

    def __str__(self) -> str:
        return self.indicator

    @property
    def state(self) -> str:
        """How it was decided, by the names of STATES."""
        if self.confirmed_at:
            return "confirmed"
        return "dismissed" if self.refused_because else "open"


class Evidence(models.Model):
    """One piece of evidence: the original under its SHA-256, and for a picture a smaller copy
    without its data for looking at.

    The phone announces what it holds and sends the bytes when it can: received_at is empty until
    they are here and their hash is the one announced. Place and time are of the page at capture;
    a file of a computer has none.
    """

    STORED = ("sha256", "shown")

    class Kind(models.TextChoices):
        PHOTO = "photo", _("photograph")
        SCREENSHOT = "screenshot", _("screenshot")
        RECORDING = "recording", _("screen recording")
        VOICE = "voice", _("voice memo")
        CODE = "code", _("code that was scanned")
        DOCUMENT = "document", _("document")
        BLURRED = "blurred", _("blurred copy")
        CERTIFICATE = "certificate", _("certificate from outside")

    class Source(models.TextChoices):
        CAMERA = "camera", _("taken in the page")
        GALLERY = "gallery", _("chosen from the phone")
        COLLECT = "collect", _("ODK Collect")
        OFFICE = "office", _("uploaded in the office")

    visit = models.ForeignKey(Visit, models.PROTECT, related_name="evidence")
    kind = models.CharField(max_length=11, choices=Kind, default=Kind.PHOTO)
    source = models.CharField(max_length=7, choices=Source, default=Source.OFFICE)
    question = models.CharField(max_length=120, blank=True)  # the field it answers
    sha256 = models.CharField(max_length=64)
    shown = models.CharField(max_length=64, blank=True)
    name = models.CharField(max_length=255)
    media_type = models.CharField(max_length=60, blank=True)
    size = models.PositiveBigIntegerField()
    text = models.TextField(blank=True)  # what a code said
    captured_at = models.DateTimeField(null=True, blank=True)  # by the clock of the device
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    accuracy = models.FloatField(null=True, blank=True)  # metres
    fix_age = models.FloatField(null=True, blank=True)  # seconds between the fix and the capture
    datum = models.CharField(max_length=6, choices=Datum, blank=True)
    likeness = models.CharField(max_length=16, blank=True, db_index=True)  # perceptual hash, hex
    # a blurred copy, or a certificate, and what it belongs to; number: of the certificate
    of = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="belonging")
    number = models.CharField(max_length=120, blank=True)
    received_at = models.DateTimeField(null=True, blank=True)
    # why nobody waits any more for a file that was announced
    given_up_because = models.CharField(max_length=300, blank=True)
    added_at = models.DateTimeField(auto_now_add=True)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        ordering = ["pk"]
        verbose_name_plural = "evidence"
        constraints = [
            models.UniqueConstraint(name="one_file_once_a_visit", fields=["visit", "sha256"])
        ]

    def __str__(self) -> str:
        return self.name


class VisitEvent(models.Model):
    """One thing that happened to a visit, chained: `hash` is over the hash of the event before and
    this one's content (`evidence.verify`). Nothing here is ever changed or deleted.
    """

    class Kind(models.TextChoices):
        BEGUN = "begun", _("begun on the phone")
        CAPTURED = "captured", _("captured on the phone")
        RECORDED = "recorded", _("answers received")
        RECEIVED = "received", _("file received")
        GIVEN_UP = "given_up", _("file not waited for any more")
        LOOKED_AT = "looked_at", _("looked at")
        RETURNED = "returned", _("sent back")
        CHANGED = "changed", _("changed")
        ACCEPTED = "accepted", pgettext_lazy("visit", "accepted")
        VOIDED = "voided", _("declared void")
        CONFIRMED = "confirmed", _("finding confirmed")
        REFUSED = "refused", _("finding not borne out")
        BLURRED = "blurred", _("blurred copy made")
        CERTIFIED = "certified", _("certificate added")
        DEADLINE = "deadline", _("deadline decided")
        OUTCOME = "outcome", _("outcome of a revisit")
        SEALED = "sealed", _("evidence sealed")
        EXPORTED = "exported", _("exported")

    visit = models.ForeignKey(Visit, models.PROTECT, related_name="events")
    number = models.PositiveIntegerField()  # 1, 2, 3 … within the visit, without a gap
    at = models.DateTimeField()  # our clock
    kind = models.CharField(max_length=9, choices=Kind)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    by_name = models.CharField(max_length=150, blank=True)  # as it was then
    data = models.JSONField(default=dict)  # texts, whole numbers, lists and records of them
    previous = models.CharField(max_length=64, blank=True)  # "" for the first
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ["visit", "number"]
        constraints = [
            models.UniqueConstraint(name="events_are_numbered", fields=["visit", "number"])
        ]
        indexes = [models.Index(name="events_of_a_day", fields=["at"])]

    def __str__(self) -> str:
        return f"{self.visit_id}:{self.number} {self.kind}"


class DailyRoot(models.Model):
    """One hash over every visit to which something happened on a day, chained to the day before's;
    `stamp` is the time stamp of it (RFC 3161, the answer of the service, DER) where one is set.
    """

    day = models.DateField(unique=True)
    visits = models.PositiveIntegerField()
    root = models.CharField(max_length=64)
    previous = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)
    made_at = models.DateTimeField(auto_now_add=True)
    stamp = models.BinaryField(null=True, blank=True)
    stamped_by = models.CharField(max_length=200, blank=True)
    stamped_at = models.DateTimeField(null=True, blank=True)  # by the clock of the service

    class Meta:
        ordering = ["-day"]
        constraints = [
            models.CheckConstraint(
                name="a_stamp_has_its_time",
                condition=Q(stamp__isnull=True) ^ Q(stamped_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.hash[:12]}"
