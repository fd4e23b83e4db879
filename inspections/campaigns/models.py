"""A campaign of visits: which checklist, which sites, who goes where. Its responses are those of
its survey.
"""

from __future__ import annotations

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from inspections.campaigns.sites import Site
from surveys.collection.models.area import Area
from surveys.collection.models.survey import Survey


class Campaign(models.Model):
    """A campaign (体察活动). The survey holds title, checklist, time in the field and every answer
    sheet.
    """

    class Selection(models.TextChoices):
        """How sites came in. What is led by complaints may never print a prevalence."""

        RANDOM = "random", _("drawn at random")
        PURPOSIVE = "purposive", _("led by complaints or chosen")

    class Kind(models.TextChoices):
        """What a visit is: looking, buying and returning, or having a known fault repaired."""

        OBSERVATION = "observation", _("observation")
        TEST_PURCHASE = "test_purchase", _("test purchase")
        SEEDED_FAULT = "seeded_fault", _("seeded fault")

    survey = models.OneToOneField(Survey, models.PROTECT, related_name="campaign")
    selection = models.CharField(max_length=9, choices=Selection, default=Selection.PURPOSIVE)
    kind = models.CharField(max_length=13, choices=Kind, default=Kind.OBSERVATION)
    sites = models.ManyToManyField(
        Site, through="CampaignSite", blank=True, related_name="campaigns"
    )
    # rules of who may go
    needs_training = models.BooleanField(default=False)
    most_visits = models.PositiveSmallIntegerField(null=True, blank=True)  # of one person
    # of the sites how many are visited a second time, by others who do not know the first visit
    second_share = models.FloatField(default=0.1)
    # a claim about a brand or vendor needs a lower bound above this share of sites with the finding
    claim_threshold = models.FloatField(default=0.2)

    class Meta:
        ordering = ["-survey__opens_at"]
        constraints = [
            models.CheckConstraint(
                name="shares_of_a_campaign_are_shares",
                condition=Q(second_share__range=(0, 1), claim_threshold__range=(0, 1)),
            )
        ]

    def __str__(self) -> str:
        return str(self.survey)

    @property
    def may_say_prevalence(self) -> bool:
        """Whether what was found may be told as a share of all sites: never where sites were
        chosen because somebody complained about them.
        """
        return self.selection == self.Selection.RANDOM


class Draw(models.Model):
    """A sample of sites that was drawn, frozen: the frame, the seed and what came out.

    frame and drawn are lists of records as `drawing` makes them; `sha256` is over both, with
    method, size and seed, so that anybody can draw it again and compare.
    """

    class Method(models.TextChoices):
        SIMPLE = "simple", _("simple random")
        STRATIFIED = "stratified", _("stratified random")
        PPS = "pps", _("systematic, proportional to size")

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="draws")
    method = models.CharField(max_length=10, choices=Method)
    source = models.CharField(max_length=200)  # where the frame comes from
    source_on = models.DateField()
    seed = models.PositiveBigIntegerField()
    size = models.PositiveIntegerField()
    frame = models.JSONField()
    drawn = models.JSONField()
    sha256 = models.CharField(max_length=64)
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.campaign} {self.method} {self.size}"


class CampaignSite(models.Model):
    """A site of a campaign: the stratum it was drawn from, the chance it had, what it replaces.

    probability is empty where nothing was drawn; the weight of a visit is 1 / probability.
    truth is, for a calibration site or a seeded fault, what a visit has to find, by question.
    """

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="places")
    site = models.ForeignKey(Site, models.CASCADE, related_name="places")
    draw = models.ForeignKey(Draw, models.PROTECT, null=True, blank=True, related_name="places")
    stratum = models.CharField(max_length=60, blank=True, default="")
    probability = models.FloatField(null=True, blank=True)
    is_calibration = models.BooleanField(default=False)
    # drawn at random among the sites without findings, to be seen again as those with findings are
    is_control = models.BooleanField(default=False)
    truth = models.JSONField(default=dict, blank=True)
    # given up: closed for good, not found …; the site that takes its place points here
    dropped_at = models.DateTimeField(null=True, blank=True)
    dropped_because = models.CharField(max_length=300, blank=True, default="")
    replaces = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="replaced_by"
    )

    class Meta:
        db_table = "inspections_campaign_sites"  # the table that the plain relation had
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(name="a_site_once_a_campaign", fields=["campaign", "site"]),
            models.CheckConstraint(
                name="a_chance_is_above_0_and_at_most_1",
                condition=Q(probability__isnull=True) | Q(probability__gt=0, probability__lte=1),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.campaign}: {self.site}"


class Assignment(models.Model):
    """Who goes to which site, for what, until when. Two people where the campaign sends pairs."""

    class Purpose(models.TextChoices):
        FIRST = "first", _("first visit")
        SECOND = "second", _("second visit")  # blind to the first
        REVISIT = "revisit", _("revisit")
        CALIBRATION = "calibration", _("calibration")

    uid = models.UUIDField(unique=True, default=uuid4, editable=False)  # that of its visit
    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="assignments")
    site = models.ForeignKey(Site, models.PROTECT, related_name="assignments")
    purpose = models.CharField(max_length=11, choices=Purpose, default=Purpose.FIRST)
    lead = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="assignments")
    partner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    due_on = models.DateField(null=True, blank=True)
    reason = models.CharField(max_length=300, blank=True)  # where it was made or moved by hand
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancelled_because = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["due_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="one_open_assignment_a_site_and_purpose",
                fields=["campaign", "site", "purpose"],
                condition=Q(cancelled_at__isnull=True) & Q(purpose__in=["first", "second"]),
            ),
            models.CheckConstraint(
                name="a_pair_is_two_people", condition=~Q(lead=models.F("partner"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.site} {self.purpose}"


class Conflict(models.Model):
    """What keeps a person from a site: work, family, shares, a dispute, as they declared it. It
    concerns a site, or every site of a company.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="conflicts")
    site = models.ForeignKey(Site, models.PROTECT, null=True, blank=True, related_name="+")
    company = models.ForeignKey(
        "surveys.Company", models.PROTECT, null=True, blank=True, related_name="+"
    )
    text = models.CharField(max_length=300)
    declared_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="a_conflict_is_with_a_site_or_a_company",
                condition=Q(site__isnull=True) ^ Q(company__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.site or self.company}"


class Preparation(models.Model):
    """What somebody brings to visits: where they live, so that they are not sent there, and the
    quiz they passed.
    """

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="preparation"
    )
    home = models.ForeignKey(Area, models.PROTECT, null=True, blank=True, related_name="+")
    quiz_score = models.FloatField(null=True, blank=True)  # per cent of the answers that were right
    quiz_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["person"]

    def __str__(self) -> str:
        return str(self.person)
