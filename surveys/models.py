"""The models of every room, where Django looks for them; rooms import from each other."""

from __future__ import annotations

from surveys.channels.paper.models import Keying, PaperForm
from surveys.channels.telephone.models import Call
from surveys.collection.models.area import Area
from surveys.collection.models.collector import Collector
from surveys.collection.models.contact import Contact
from surveys.collection.models.draft import Draft
from surveys.collection.models.invitation import Disposition, Invitation
from surveys.collection.models.response import Attachment, ImportedFile, Response
from surveys.collection.models.survey import Survey, VersionChange
from surveys.collection.models.target import Target
from surveys.companies.models import Alias, Brand, Company, CompanyChange
from surveys.designing.models import Upload
from surveys.forms.models import QuestionnaireVersion
from surveys.quality.models import CleaningCase, Decision, Flag, QualityRun

__all__ = [
    "Alias",
    "Area",
    "Attachment",
    "Brand",
    "Call",
    "CleaningCase",
    "Company",
    "CompanyChange",
    "Contact",
    "Decision",
    "Disposition",
    "Draft",
    "Collector",
    "Flag",
    "ImportedFile",
    "Invitation",
    "Keying",
    "PaperForm",
    "QualityRun",
    "QuestionnaireVersion",
    "Response",
    "Survey",
    "Target",
    "Upload",
    "VersionChange",
]
