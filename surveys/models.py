"""The models of every room, where Django looks for them. Rooms import from each other, not from
here.
"""

from __future__ import annotations

from surveys.channels.paper.models import Keying, PaperSheet
from surveys.channels.telephone.models import Call
from surveys.collection.models.area import Area
from surveys.collection.models.contact import Contact
from surveys.collection.models.draft import Draft
from surveys.collection.models.entrance import Entrance
from surveys.collection.models.invitation import Disposition, Invitation
from surveys.collection.models.response import Attachment, ImportedFile, Response
from surveys.collection.models.survey import Survey, VersionChange
from surveys.collection.models.target import Posting, Target
from surveys.companies.models import Alias, Brand, Company, CompanyChange
from surveys.designing.models import Upload
from surveys.forms.models import QuestionnaireVersion
from surveys.quality.models import Decision, Flag, QualityRun

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
