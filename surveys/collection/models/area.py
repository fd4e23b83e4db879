"""Province, cities and counties, by the codes of GB/T 2260."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from config.language.languages import spoken
from config.language.texts import Text


class Area(models.Model):
    """A province, a prefecture-level city or a county."""

    class Level(models.TextChoices):
        PROVINCE = "province", _("province")
        CITY = "city", _("city")
        COUNTY = "county", _("county")

    code = models.CharField(max_length=6, primary_key=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="parts")
    level = models.CharField(max_length=8, choices=Level)
    zh = models.CharField(max_length=40)
    en = models.CharField(max_length=60)

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                name="area_code_has_six_digits", condition=models.Q(code__regex=r"^[0-9]{6}$")
            ),
            models.CheckConstraint(
                name="only_a_province_has_no_parent",
                condition=models.Q(level="province") ^ models.Q(parent__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.zh

    @property
    def name(self) -> str:
        """What it is called in the language that is spoken."""
        return Text(self.zh, self.en).get(spoken())

    @property
    def whole_name(self) -> str:
        """A county with its city before it, any other area by itself."""
        city = self.parent if self.level == self.Level.COUNTY else None
        return f"{city.name} {self.name}" if city else self.name
