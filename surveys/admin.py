"""The plain admin, for superusers only."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from surveys.collection.models.area import Area
from surveys.collection.models.survey import Survey
from surveys.companies import services as companies
from surveys.companies.models import Brand, Company

admin.site.register([Area, Brand, Survey])


@admin.register(Company)
class CompanyAdmin(admin.ModelAdmin[Company]):
    """Companies; a saved one is found by its name and pinyin at once."""

    def save_model(self, request: HttpRequest, obj: Company, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        companies.add_aliases(company=obj, spellings=[obj.name, obj.name_en])
