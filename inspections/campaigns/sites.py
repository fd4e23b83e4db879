"""Sites, and who stands behind them: operator, brand and vendor are three different things."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from surveys.collection.models.area import Area
from surveys.companies.models import Brand, Company


class Vendor(models.Model):
    """A supplier of the payment or parking system that a site uses."""

    name = models.CharField(max_length=120, unique=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Site(models.Model):
    """A place that is visited. Its name is what its sign says, never a person's."""

    class Kind(models.TextChoices):
        CAR_PARK = "car_park", _("car park")
        RESTAURANT = "restaurant", _("restaurant")
        SHOP = "shop", _("shop")
        PETROL_STATION = "petrol_station", _("petrol station")
        STATION = "station", _("station")
        OTHER = "other", _("other site")

    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=20, choices=Kind)
    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    address = models.CharField(max_length=200, blank=True)
    operator = models.ForeignKey(
        Company, models.PROTECT, null=True, blank=True, related_name="sites"
    )
    brand = models.ForeignKey(Brand, models.PROTECT, null=True, blank=True, related_name="sites")
    vendor = models.ForeignKey(Vendor, models.PROTECT, null=True, blank=True, related_name="sites")

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(name="one_site_a_name_and_area", fields=["name", "area"])
        ]

    def __str__(self) -> str:
        return self.name
