"""Who is asked about, what is asked, and what was answered: fields, constraints and querysets, no computing."""

from __future__ import annotations

from surveys.models.area import Area
from surveys.models.cleaning import Decision, Flag, QualityRun
from surveys.models.company import Alias, Brand, Company, CompanyChange
from surveys.models.contact import Contact
from surveys.models.draft import Draft
from surveys.models.entrance import Entrance
from surveys.models.invitation import Call, Disposition, Invitation
from surveys.models.paper import Keying, PaperSheet
from surveys.models.questionnaire import QuestionnaireVersion, Upload
from surveys.models.response import Attachment, ImportedFile, Response
from surveys.models.survey import Survey, VersionChange
from surveys.models.target import Posting, Target

__all__ = [
    "Alias",
    "Area",
    "Attachment",
    "Brand",
    "Call",
    "Company",
    "CompanyChange",
    "Contact",
    "Decision",
    "Disposition",
    "Draft",
    "Entrance",
    "Flag",
    "ImportedFile",
    "Invitation",
    "Keying",
    "PaperSheet",
    "Posting",
    "QualityRun",
    "QuestionnaireVersion",
    "Response",
    "Survey",
    "Target",
    "Upload",
    "VersionChange",
]
