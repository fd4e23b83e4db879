"""Who is asked about, what is asked, and what was answered: fields, constraints and querysets, no computing."""

from __future__ import annotations

from surveys.models.area import Area
from surveys.models.company import Alias, Brand, Company
from surveys.models.questionnaire import QuestionnaireVersion
from surveys.models.response import ImportedFile, Response
from surveys.models.survey import Survey

__all__ = ["Alias", "Area", "Brand", "Company", "ImportedFile", "QuestionnaireVersion", "Response", "Survey"]
