"""Forms of designers: a workbook with what it names, and a survey that is put in the field."""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from config.accounts.editing import EditForm
from config.fields import FilesField, RecordsField
from config.language.texts import Text
from surveys.collection.models.survey import Survey
from surveys.companies.models import Company
from surveys.forms.models import QuestionnaireVersion
from surveys.questionnaires.questionnaire import Questionnaire

LARGEST = 10 * 2**20
BOOKS = (".xlsx", ".xls")


class WorkbookForm(forms.Form):
    """One workbook, with the lists and pictures that it names."""

    files = FilesField(  # type: ignore[assignment]  # the name that browsers send
        label=_("Excel workbook (XLSForm), with its lists (CSV) and pictures"),
        largest=LARGEST,
        accept=".xlsx, .xls, .csv, .png, .jpg, .jpeg, .webp",
    )

    def clean_files(self) -> dict[str, UploadedFile[bytes]]:
        """Return the files by their names. Raises ValidationError where no workbook is there."""
        sent = {Path(file.name or "").name: file for file in self.cleaned_data["files"]}
        if not any(is_workbook(name) for name in sent):
            raise forms.ValidationError(
                _("Choose one Excel workbook, with its lists and pictures, none above 10 MB.")
            )
        return sent


def is_workbook(name: str) -> bool:
    """Say whether a file is a workbook by its name."""
    return name.lower().endswith(BOOKS)


class MoveForm(EditForm):
    """The step by which a survey goes on with another version; asked by a button alone."""

    parts: ClassVar = {"questionnaire": _("Questionnaire")}

    def __init__(self, data: Any = None, *, survey: Survey) -> None:
        self.survey = survey
        super().__init__(data, record=survey, auto_id=f"move-{survey.slug}-%s")

    def shown(self) -> dict[str, object]:
        """Return the version that the survey has."""
        return {"questionnaire": Survey.objects.values_list("version").get(pk=self.survey.pk)}


class SurveyForm(forms.Form):
    """What a survey is called, who asks and what for, and who may be rated."""

    slug = forms.SlugField(label=_("Address: /s/…/"), max_length=60)
    title_zh = forms.CharField(label=_("Title, Chinese"), max_length=120)
    title_en = forms.CharField(label=_("Title, English"), max_length=160)
    organiser_zh = forms.CharField(label=_("Who asks, Chinese"), max_length=120)
    organiser_en = forms.CharField(label=_("Who asks, English"), max_length=160)
    purpose_zh = forms.CharField(label=_("What for, Chinese"), max_length=300, required=False)
    purpose_en = forms.CharField(label=_("What for, English"), max_length=400, required=False)
    sample = forms.ChoiceField(label=_("Sample"), choices=Survey.Sample.choices)
    kinds = forms.MultipleChoiceField(
        label=_("Companies that may be rated: all of these kinds"),
        choices=Company.Kind.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    companies = RecordsField(
        label=_("and these"),
        queryset=Company.objects.filter(merged_into=None),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    asks_contact = forms.BooleanField(
        label=_("At the end ask whether a telephone number may be kept"), required=False
    )

    def __init__(
        self, data: Any = None, *, version: QuestionnaireVersion, questionnaire: Questionnaire
    ) -> None:
        initial = {
            "slug": slugify(f"{version.name}-{timezone.localdate():%Y%m}"),
            "title_zh": questionnaire.title.zh,
            "title_en": questionnaire.title.en,
            "sample": Survey.Sample.NONPROBABILITY,
            "kinds": [kind for kind, _label in _kinds()],
        }
        super().__init__(data, initial=initial)
        self.fields["kinds"].choices = _kinds()  # type: ignore[attr-defined]
        if not questionnaire.company_question or not _kinds():
            del self.fields["kinds"], self.fields["companies"]

    def given(self) -> dict[str, Any]:
        """Return what `fieldwork.set_up` takes."""
        cleaned = self.cleaned_data
        return {
            "slug": cleaned["slug"],
            "title": Text(cleaned["title_zh"], cleaned["title_en"]),
            "organiser": Text(cleaned["organiser_zh"], cleaned["organiser_en"]),
            "purpose": Text(cleaned["purpose_zh"], cleaned["purpose_en"]),
            "companies": self._companies(),
            "sample": cleaned["sample"],
            "asks_contact": cleaned["asks_contact"],
        }

    def _companies(self) -> QuerySet[Company]:
        """Return the companies of the kinds that are chosen, and those chosen by themselves."""
        kinds = self.cleaned_data.get("kinds", ())
        own = Q(pk__in=self.cleaned_data.get("companies", ()))
        return Company.objects.filter(Q(kind__in=kinds) | own, merged_into=None)


def _kinds() -> list[tuple[str, str]]:
    """Return the kinds of which there are companies, each with their number."""
    counts = dict(
        Company.objects.filter(merged_into=None)
        .order_by()
        .values_list("kind")
        .annotate(n=Count("pk"))
    )
    return [(k, f"{label} ({counts[k]})") for k, label in Company.Kind.choices if k in counts]
