"""What superusers may look at."""

from __future__ import annotations

from django.contrib import admin

from config.admin import Records
from surveys.collection.models.area import Area
from surveys.collection.models.survey import Survey
from surveys.companies.models import Brand, Company

admin.site.register([Area, Brand, Company, Survey], Records)
