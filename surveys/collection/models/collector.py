"""Collectors, by which answers come in: an open link, a poster at a place, a link sealed to one
company, a tablet, a telephone.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from surveys.collection.models.survey import Survey
from surveys.companies.models import Company


class Collector(models.Model):
    """One collector, with the part of the sample that comes by it. `code` stands in its address,
    /q/CODE/.
    """

    class Kind(models.TextChoices):
        LINK = "link", _("open link")
        PLACE = "place", _("poster at a place")
        COMPANY = "company", _("handed to a company")
        TABLET = "tablet", _("interviewer with a tablet")
        TELEPHONE = "telephone", _("telephone")

    survey = models.ForeignKey(Survey, models.PROTECT, related_name="collectors")
    code = models.SlugField(max_length=16, unique=True)
    kind = models.CharField(max_length=9, choices=Kind)
    name_zh = models.CharField(max_length=120)
    name_en = models.CharField(max_length=160, blank=True)
    stratum = models.CharField(max_length=60, blank=True)
    psu = models.CharField(max_length=60, blank=True)
    # the only company that was given this link: what comes by it about this company is looked at
    # twice
    sealed_to = models.ForeignKey(Company, models.PROTECT, null=True, blank=True, related_name="+")
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["survey", "kind", "name_zh"]
        constraints = [
            models.CheckConstraint(
                name="sealed_if_and_only_if_handed_to_a_company",
                condition=models.Q(kind="company") ^ models.Q(sealed_to__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return self.name_zh
