"""Companies, the brands they sell under, and every spelling by which people know them."""

from __future__ import annotations

from django.db import models

from surveys.credit_code import validate_credit_code


class Company(models.Model):
    """A company that may be rated. `key` names it in answers and files and never changes; `search` finds it."""

    key = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=120, unique=True)
    name_en = models.CharField(max_length=120, blank=True)
    credit_code = models.CharField(max_length=18, null=True, blank=True, unique=True, validators=[validate_credit_code])
    search = models.TextField(editable=False, blank=True)

    class Meta:
        ordering = ["name"]
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
    """Another spelling of a company, kept as `companies.plain` writes it, so that it leads to one company only."""

    company = models.ForeignKey(Company, models.CASCADE, related_name="aliases")
    spelling = models.CharField(max_length=120, unique=True)

    class Meta:
        ordering = ["spelling"]
        verbose_name_plural = "aliases"

    def __str__(self) -> str:
        return self.spelling
