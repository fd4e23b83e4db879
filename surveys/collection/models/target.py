"""How many answers are wanted where: strata by company, and caps for what comes from one source."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce

from surveys.collection.models.area import Area
from surveys.collection.models.collector import Collector
from surveys.collection.models.survey import Survey
from surveys.companies.models import Company


class Target(models.Model):
    """One cell: every field that is set must fit. Above `hard_cap` answers are kept as 4.8 and
    never counted.
    """

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="targets")
    area = models.ForeignKey(Area, models.PROTECT, null=True, blank=True, related_name="+")
    stratum = models.CharField(max_length=60, blank=True)
    company = models.ForeignKey(Company, models.PROTECT, null=True, blank=True, related_name="+")
    collector = models.ForeignKey(
        Collector, models.PROTECT, null=True, blank=True, related_name="targets"
    )
    wanted = models.PositiveIntegerField(default=0)
    soft_cap = models.PositiveIntegerField(
        null=True, blank=True
    )  # the fieldwork page warns from here on
    hard_cap = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["area", "stratum", "company", "collector"]
        constraints = [
            models.UniqueConstraint(
                "survey",
                Coalesce("area", models.Value("")),
                "stratum",
                Coalesce("company", models.Value(0)),
                Coalesce("collector", models.Value(0)),
                name="one_target_a_cell",
            ),
            models.CheckConstraint(
                name="caps_do_not_lie_below_the_target",
                condition=(Q(hard_cap__isnull=True) | Q(hard_cap__gte=models.F("wanted")))
                & (
                    Q(soft_cap__isnull=True)
                    | Q(hard_cap__isnull=True)
                    | Q(soft_cap__lte=models.F("hard_cap"))
                ),
            ),
        ]

    def __str__(self) -> str:
        parts = (self.area, self.stratum, self.company, self.collector)
        return " × ".join(str(part) for part in parts if part) or str(self.survey)
