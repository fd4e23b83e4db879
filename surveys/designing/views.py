"""The designer's pages: upload, problems beside a preview in both languages, try, compare,
freeze, put in the field.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from config.accounts.permissions import requires, user_of
from config.console import lists
from config.language.languages import speaking
from config.language.problems import InvalidInput, Problem, say
from config.language.texts import LANGUAGES, Language, Text
from surveys.collection import fieldwork
from surveys.collection.models.survey import Survey
from surveys.companies.models import Company
from surveys.designing import services as questionnaires
from surveys.designing.models import Upload
from surveys.forms.models import QuestionnaireVersion
from surveys.forms.page import Page, page
from surveys.questionnaires.comparing import compare
from surveys.questionnaires.questionnaire import Questionnaire

LARGEST = 10 * 2**20
UPLOADS = lists.Table(
    caption=say("Being worked on"),
    row="surveys/designing/upload_row.html",
    columns=(
        lists.Column("file", say("File"), ("name",)),
        lists.Column("by", say("Who"), ("uploaded_by__username",)),
        lists.Column("at", say("When"), ("uploaded_at",)),
    ),
    sort="-at",
)
VERSIONS = lists.Table(
    caption=say("Frozen versions"),
    row="surveys/designing/version_row.html",
    columns=(
        lists.Column("name", say("Questionnaire"), ("name",)),
        lists.Column("version", say("Version"), ("version",)),
        lists.Column("at", say("Frozen"), ("created_at",)),
    ),
    sort="-at",
)


@require_safe
@requires("questionnaires.view")
def index(request: HttpRequest) -> HttpResponse:
    """List the workbooks that are worked on and the versions that are frozen."""
    uploads = Upload.objects.filter(version=None).select_related("uploaded_by")
    versions = QuestionnaireVersion.objects.defer("xform", "compiled")
    file_name = lists.Search("q", say("File"), lists.contains("name"))
    name = lists.Search("q", say("Questionnaire or version"), lists.contains("name", "version"))
    context = {
        "room": "questionnaires",
        "uploads": lists.listing(request, UPLOADS, uploads, filters=[file_name], prefix="uploads-"),
        "versions": lists.listing(request, VERSIONS, versions, filters=[name]),
    }
    return render(request, "surveys/designing/index.html", context)


@require_POST
@requires("questionnaires.design")
def upload(request: HttpRequest) -> HttpResponse:
    """Take in a workbook with the lists and pictures it names."""
    sent = {Path(f.name or "").name: f for f in request.FILES.getlist("files")}
    book = next((name for name in sent if name.lower().endswith((".xlsx", ".xls"))), None)
    if book is None or any(f.size is None or f.size > LARGEST for f in sent.values()):
        messages.error(
            request, _("Choose one Excel workbook, with its lists and pictures, none above 10 MB.")
        )
        return redirect("questionnaires")
    others = {name: f.read() for name, f in sent.items() if name != book}
    made = questionnaires.upload(
        workbook=sent[book].read(), file=book, files=others, by=user_of(request)
    )
    return redirect("upload", made.pk)


@require_safe
@requires("questionnaires.view")
def uploaded(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what is wrong with an upload beside what it looks like, and how it differs from the
    version before.
    """
    found = get_object_or_404(Upload, pk=pk)
    problems: list[Problem] = []
    questionnaire: Questionnaire | None = None
    try:
        compiled = questionnaires.compiled_of(found)
        problems, questionnaire = list(compiled.warnings), compiled.questionnaire
    except InvalidInput as error:
        problems = list(error.problems)
    earlier = _earlier(questionnaire) if questionnaire else None
    context = {
        "room": "questionnaires",
        "upload": found,
        "problems": [(problem.warning, problem.render(_)) for problem in problems],
        "questionnaire": questionnaire,
        "earlier": earlier,
        "differences": _differences(earlier.questionnaire, questionnaire)
        if earlier and questionnaire
        else [],
        "previews": _previews(questionnaire) if questionnaire else [],
    }
    return render(request, "surveys/designing/upload.html", context)


@require_POST
@requires("questionnaires.design")
def freeze(request: HttpRequest, pk: int) -> HttpResponse:
    """Freeze an upload as a version."""
    try:
        version = questionnaires.freeze_upload(
            uploaded=get_object_or_404(Upload, pk=pk), by=user_of(request)
        )
    except InvalidInput as error:
        messages.error(request, error.problems[0].render(_))
        return redirect("upload", pk)
    messages.success(request, _("Frozen as %(version)s.") % {"version": version})
    return redirect("version", version.pk)


@require_safe
@requires("questionnaires.view")
def version(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a frozen version: its surveys, those that could go on with it, a form to put it in
    the field.
    """
    found = get_object_or_404(QuestionnaireVersion, pk=pk)
    others = (
        Survey.objects.filter(version__name=found.name)
        .exclude(version=found)
        .select_related("version")
    )
    movable = [
        (survey, _differences(survey.version.questionnaire, found.questionnaire))
        for survey in others
    ]
    context = {
        "room": "questionnaires",
        "version": found,
        "questionnaire": found.questionnaire,
        "movable": [(survey, [d for d in ds if not d["adds_up"]]) for survey, ds in movable],
        "companies": Company.objects.filter(merged_into=None),
        "previews": _previews(found.questionnaire),
        "samples": Survey.Sample.choices,
        "slug": slugify(f"{found.name}-{timezone.localdate():%Y%m}"),
    }
    return render(request, "surveys/designing/version.html", context)


@require_POST
@requires("surveys.manage")
def survey(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a survey of a version; it is opened on its own page."""
    found = get_object_or_404(QuestionnaireVersion, pk=pk)
    given = request.POST
    try:
        made = fieldwork.set_up(
            slug=given.get("slug", ""),
            title=Text(given.get("title_zh", "").strip(), given.get("title_en", "").strip()),
            organiser=Text(
                given.get("organiser_zh", "").strip(), given.get("organiser_en", "").strip()
            ),
            version=found,
            companies=Company.objects.filter(
                pk__in=[pk for pk in given.getlist("companies") if pk.isdecimal()]
            ),
            sample=given.get("sample", ""),
            purpose=Text(given.get("purpose_zh", "").strip(), given.get("purpose_en", "").strip()),
            asks_contact=bool(given.get("asks_contact")),
            by=user_of(request),
        )
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("version", pk)
    return redirect("survey", made.slug)


@require_POST
@requires("surveys.manage")
def move(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """Let a survey go on with this version."""
    found = get_object_or_404(QuestionnaireVersion, pk=pk)
    try:
        fieldwork.change_version(
            survey=get_object_or_404(Survey, slug=slug), version=found, by=user_of(request)
        )
        messages.success(request, _("The survey goes on with this version."))
    except fieldwork.NotPossible:
        messages.error(
            request, _("Its answers would not add up with the new ones; nothing was changed.")
        )
    return redirect("version", pk)


def _earlier(questionnaire: Questionnaire) -> QuestionnaireVersion | None:
    return (
        QuestionnaireVersion.objects.filter(name=questionnaire.name).order_by("-created_at").first()
    )


def _differences(old: Questionnaire, new: Questionnaire) -> list[dict[str, Any]]:
    outcomes = {
        "added": _("new"),
        "removed": _("gone"),
        "apart": _("does not add up"),
        "reworded": _("changed, adds up"),
    }
    return [
        {
            "name": d.name,
            "outcome": outcomes[d.outcome],
            "reasons": [_(reason) for reason in d.reasons],
            "adds_up": d.adds_up,
            "old": d.old.label.zh if d.old else "",
            "new": d.new.label.zh if d.new else "",
        }
        for d in compare(old, new)
        if d.outcome != "same"
    ]


def _previews(questionnaire: Questionnaire) -> list[tuple[Language, list[Page]]]:
    """Return every section in both languages, everything that may be asked shown, a repeat with
    one sheet.
    """
    one_each: dict[str, object] = {
        name: [{}]
        for name, question in questionnaire.questions.items()
        if question.kind == "repeat"
    }
    sections = [
        replace(s, questions=tuple(replace(q, count=None) for q in s.questions))
        for s in questionnaire.sections
    ]
    found = []
    for language in LANGUAGES:
        with speaking(language):
            pages = [
                page(
                    questionnaire, section, one_each, language=language, today=timezone.localdate()
                )
                for section in sections
            ]
        found.append((language, pages))
    return found
