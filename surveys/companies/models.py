"""Companies, the brands they sell under, and every spelling by which people know them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from surveys.companies.credit_code import validate_credit_code


class Company(models.Model):
    """A company that may be rated. `key` names it in answers and files and never changes;
    `search` finds it.
    """

    class Kind(models.TextChoices):
        BRAND = "brand", _("brand's own service")
        AUTHORISED = "authorised", _("authorised shop")
        STREET = "street", _("street shop")
        PLATFORM = "platform", _("platform")

    key = models.SlugField(max_length=60, unique=True)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.BRAND)
    name = models.CharField(max_length=120, unique=True)
    name_en = models.CharField(max_length=120, blank=True)
    credit_code = models.CharField(
        max_length=18, null=True, blank=True, unique=True, validators=[validate_credit_code]
    )
    search = models.TextField(editable=False, blank=True)
    sound = models.CharField(max_length=240, editable=False, blank=True)  # what it is sorted by
    # answers about a company that was merged into another count for the other one; its own record
    # stays
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged"
    )

    class Meta:
        ordering = ["sound", "name"]
        verbose_name_plural = "companies"

    def __str__(self) -> str:
        return self.name


class Brand(models.Model):
    """A name under which a company's goods are sold."""

    company = models.ForeignKey(Company, models.CASCADE, related_name="brands")
    name = models.CharField(max_length=120, unique=True)
    name_en = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Alias(models.Model):
    """Another spelling of a company, kept as `name_matching.plain` writes it, so that it leads to
    one company only.
    """

    company = models.ForeignKey(Company, models.CASCADE, related_name="aliases")
    spelling = models.CharField(max_length=120, unique=True)

    class Meta:
        ordering = ["spelling"]
        verbose_name_plural = "aliases"

    def __str__(self) -> str:
        return self.spelling


class Change(models.Model):
    """One line of the history of a record that is kept under one name: imported, changed, merged,
    split or told apart, with who did it and why. Companies and sites have their own.
    """

    class What(models.TextChoices):
        IMPORTED = "imported", _("imported")
        CHANGED = "changed", _("changed")
        MERGED = "merged", _("merged")
        SPLIT = "split", _("split")
        APART = "apart", _("told apart")

    what = models.CharField(max_length=8, choices=What)
    detail = models.JSONField(default=dict)
    reason = models.CharField(max_length=300, blank=True)
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        abstract = True
        ordering = ["id"]

    @property
    def names(self) -> list[str]:
        """Other names that were added or moved."""
        return self.detail.get("aliases") or self.detail.get("spellings") or []


class CompanyChange(Change):
    """One line of a company's history."""

    company = models.ForeignKey(Company, models.PROTECT, related_name="changes")
    other = models.ForeignKey(Company, models.PROTECT, null=True, blank=True, related_name="+")

    def __str__(self) -> str:
        return f"{self.company} {self.what}"
