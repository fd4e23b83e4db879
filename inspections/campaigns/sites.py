"""Sites, and who stands behind them: operator, brand and vendor are three different things."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from inspections.campaigns.geo import Position
from surveys.collection.models.area import Area
from surveys.companies.credit_code import validate_credit_code
from surveys.companies.models import Brand, Change, Company


class Vendor(models.Model):
    """A supplier of the payment, ordering or parking system that a site uses."""

    name = models.CharField(max_length=120, unique=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Datum(models.TextChoices):
    """In which datum coordinates are given. GCJ-02, of Chinese maps, lies some 550 m off WGS-84 in
    Shanxi; a position without its datum is no position.
    """

    WGS84 = "WGS-84", "WGS-84"
    GCJ02 = "GCJ-02", "GCJ-02"


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
    credit_code = models.CharField(max_length=18, blank=True, validators=[validate_credit_code])
    latitude = models.FloatField(null=True, blank=True)  # degrees
    longitude = models.FloatField(null=True, blank=True)
    datum = models.CharField(max_length=6, choices=Datum, blank=True)
    # a site that turned out to be another one; its own record and its visits stay
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged"
    )

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(name="one_site_a_name_and_area", fields=["name", "area"]),
            models.CheckConstraint(
                name="a_position_has_both_numbers_and_a_datum",
                condition=models.Q(latitude__isnull=True, longitude__isnull=True, datum="")
                | models.Q(
                    latitude__range=(-90, 90), longitude__range=(-180, 180), datum__in=Datum.values
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def position(self) -> Position | None:
        """Where it lies, with the datum; None where nobody said."""
        if self.latitude is None or self.longitude is None:
            return None
        return Position(self.latitude, self.longitude, self.datum)


class SiteAlias(models.Model):
    """Another name of a site, as a file or a sign had it."""

    site = models.ForeignKey(Site, models.CASCADE, related_name="aliases")
    name = models.CharField(max_length=120)

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "site aliases"
        constraints = [
            models.UniqueConstraint(name="an_alias_once_a_site", fields=["site", "name"])
        ]

    def __str__(self) -> str:
        return self.name


class SiteChange(Change):
    """One line of a site's history."""

    site = models.ForeignKey(Site, models.PROTECT, related_name="changes")
    other = models.ForeignKey(Site, models.PROTECT, null=True, blank=True, related_name="+")

    def __str__(self) -> str:
        return f"{self.site} {self.what}"
