"""The designer's pages: upload, problems beside a preview in both languages, try, compare,
freeze, put in the field.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from config import lists
from config.accounts.editing import Changed, unchanged
from config.accounts.permissions import requires, user_of
from config.fields import blame, status_of
from config.language.languages import speaking, spoken
from config.language.problems import InvalidInput, Problem, say
from config.language.texts import LANGUAGES, Language
from config.storage import files as storage
from config.tabular.downloads import download
from config.tabular.writers import XLSX
from config.work.progress import asks_how_far
from surveys.collection import fieldwork
from surveys.collection.models.survey import Survey
from surveys.companies.models import Company
from surveys.designing import guide as guides
from surveys.designing import services as questionnaires
from surveys.designing.differences import differences
from surveys.designing.forms import MoveForm, SurveyForm, WorkbookForm, is_workbook
from surveys.designing.models import Upload
from surveys.forms.fields import Field
from surveys.forms.models import QuestionnaireVersion
from surveys.forms.page import Page, page
from surveys.questionnaires.questionnaire import Question, Questionnaire
from surveys.workbooks import make
from surveys.workbooks.form import Form

XLS = "application/vnd.ms-excel"
XLS_BEGINS = b"\xd0\xcf\x11\xe0"  # the container of workbooks before Excel 2007
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

# what is given where a question offers no choices, by its kind
GIVEN = {
    "integer": say("a whole number"),
    "decimal": say("a number"),
    "range": say("a number"),
    "text": say("words"),
    "date": say("a day"),
    "time": say("a time of day"),
    "datetime": say("a day and time"),
    "company": say("a company"),
    "geopoint": say("a place"),
    "image": say("a picture"),
    "file": say("a file"),
    "audio": say("a recording of sound"),
    "video": say("a film"),
}


@require_safe
@requires("questionnaires.view")
def index(request: HttpRequest) -> HttpResponse:
    """List the workbooks that are worked on and the versions that are frozen."""
    return _index(request, WorkbookForm())


def _index(request: HttpRequest, form: WorkbookForm) -> HttpResponse:
    uploads = Upload.objects.filter(version=None).select_related("uploaded_by")
    versions = QuestionnaireVersion.objects.defer("xform", "compiled")
    file_name = lists.Search("q", say("File"), lists.contains("name"))
    name = lists.Search("q", say("Questionnaire or version"), lists.contains("name", "version"))
    at = reverse("questionnaires")
    context = {
        "room": "questionnaires",
        "uploads": lists.listing(
            request, UPLOADS, uploads, filters=[file_name], prefix="uploads-", at=at
        ),
        "versions": lists.listing(request, VERSIONS, versions, filters=[name], at=at),
        "starters": make.FORMS,
        "form": form,
    }
    return render(request, "surveys/designing/index.html", context, status=status_of(form))


@require_safe
@requires("questionnaires.view")
def guide(request: HttpRequest) -> HttpResponse:
    """Show how a workbook is written."""
    context = {"room": "questionnaires", "guide": guides.guide(spoken())}
    return render(request, "surveys/designing/guide.html", context)


@require_POST
@requires("questionnaires.design")
def upload(request: HttpRequest) -> HttpResponse:
    """Take in a workbook with the lists and pictures it names."""
    form = WorkbookForm(request.POST, request.FILES)
    if not form.is_valid():
        return _index(request, form)
    sent = form.cleaned_data["files"]
    book = next(name for name in sent if is_workbook(name))
    others = {name: f.read() for name, f in sent.items() if name != book}
    made = questionnaires.upload(
        workbook=sent[book].read(), file=book, files=others, by=user_of(request)
    )
    return redirect("upload", made.pk)


@require_safe
@requires("questionnaires.view")
def starter(request: HttpRequest, name: str) -> HttpResponse:
    """Send a shipped questionnaire as a workbook."""
    form = _starter(name)
    return download(make.content_of(form), f"{form.file}.xlsx", XLSX)


@require_POST
@requires("questionnaires.design")
def start(request: HttpRequest, name: str) -> HttpResponse:
    """Begin with a shipped questionnaire."""
    made, is_new = questionnaires.start_from(form=_starter(name), by=user_of(request))
    if not is_new:
        messages.info(request, _("You work on this one already; it stays as it is."))
    return redirect("upload", made.pk)


def _starter(name: str) -> Form:
    found = next((form for form in make.FORMS if form.file == name), None)
    if found is None:
        raise Http404
    return found


@require_safe
@requires("questionnaires.view")
def upload_workbook(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the workbook of an upload, to be edited."""
    found = get_object_or_404(Upload, pk=pk)
    return _workbook(found.workbook, found.name.rpartition(".")[0])


@require_safe
@requires("questionnaires.view")
def version_workbook(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the workbook of a frozen version, with the bytes that were frozen."""
    found = get_object_or_404(
        QuestionnaireVersion.objects.only("name", "version", "workbook"), pk=pk
    )
    return _workbook(found.workbook, f"{found.name}-{found.version}".rstrip("-"))


def _workbook(digest: str, name: str) -> HttpResponse:
    content = storage.read(digest)
    is_old = content.startswith(XLS_BEGINS)
    return download(content, f"{name}.xls" if is_old else f"{name}.xlsx", XLS if is_old else XLSX)


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
    except questionnaires.NotRead as not_read:
        context = {"room": "questionnaires", "upload": found, "reading": not_read.reading}
        return render(request, "surveys/designing/reading.html", context)
    if asks_how_far(request):
        return HttpResponseClientRefresh()  # the workbook was read meanwhile
    earlier = _earlier(questionnaire) if questionnaire else None
    context = {
        "room": "questionnaires",
        "upload": found,
        "problems": [(problem.warning, problem.render(_)) for problem in problems],
        "questionnaire": questionnaire,
        "title": questionnaire.title.get(spoken()) if questionnaire else "",
        "earlier": earlier,
        "differences": differences(earlier.questionnaire, questionnaire)
        if earlier and questionnaire
        else [],
        "previews": _previews(questionnaire) if questionnaire else [],
        "form": WorkbookForm(),
    }
    return render(request, "surveys/designing/upload.html", context)


@require_POST
@requires("questionnaires.design")
def read_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Let the worker compile a large upload once more."""
    found = get_object_or_404(Upload, pk=pk)
    questionnaires.compile_later(uploaded=found, by=user_of(request))
    return redirect("upload", pk)


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
    except questionnaires.NotRead:
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
    return _version(request, found, _survey_form(found))


def _survey_form(found: QuestionnaireVersion) -> SurveyForm:
    return SurveyForm(version=found, questionnaire=found.questionnaire)


def _version(
    request: HttpRequest,
    found: QuestionnaireVersion,
    form: SurveyForm,
    *,
    moving: MoveForm | None = None,
) -> HttpResponse:
    others = (
        Survey.objects.filter(version__name=found.name)
        .exclude(version=found)
        .select_related("version")
    )
    movable = [
        (survey, differences(survey.version.questionnaire, found.questionnaire))
        for survey in others
    ]
    context = {
        "room": "questionnaires",
        "version": found,
        "title": found.questionnaire.title.get(spoken()),
        "movable": [
            (
                survey,
                [d for d in ds if not d["adds_up"]],
                moving if moving and moving.survey == survey else MoveForm(survey=survey),
            )
            for survey, ds in movable
        ],
        "previews": _previews(found.questionnaire),
        "needs_companies": bool(found.questionnaire.company_question)
        and not Company.objects.filter(merged_into=None).exists(),
        "form": form,
    }
    sent = (form, moving) if moving else (form,)
    status = status_of(*sent)
    return render(request, "surveys/designing/version.html", context, status=status)


@require_POST
@requires("surveys.manage")
def survey(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a survey of a version; it is opened on its own page."""
    found = get_object_or_404(QuestionnaireVersion, pk=pk)
    form = SurveyForm(request.POST, version=found, questionnaire=found.questionnaire)
    if form.is_valid():
        try:
            made = fieldwork.set_up(version=found, **form.given(), by=user_of(request))
        except ValidationError as error:
            blame(form, error)
        else:
            return redirect("survey", made.slug)
    return _version(request, found, form)


@require_POST
@requires("surveys.manage")
def move(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """Let a survey go on with this version."""
    found = get_object_or_404(QuestionnaireVersion, pk=pk)
    chosen = get_object_or_404(Survey, slug=slug)
    form = MoveForm(request.POST, survey=chosen)
    form.full_clean()
    try:
        with unchanged(form):
            fieldwork.change_version(survey=chosen, version=found, by=user_of(request))
    except Changed as changed:
        blame(form, changed)
        return _version(request, found, _survey_form(found), moving=form)
    except fieldwork.NotPossible:
        messages.error(
            request, _("Its answers would not add up with the new ones; nothing was changed.")
        )
    else:
        messages.success(request, _("The survey goes on with this version."))
    return redirect("version", pk)


def _earlier(questionnaire: Questionnaire) -> QuestionnaireVersion | None:
    return (
        QuestionnaireVersion.objects.filter(name=questionnaire.name).order_by("-created_at").first()
    )


def _previews(questionnaire: Questionnaire) -> list[tuple[Language, list[Page]]]:
    """Return every section in both languages, everything that may be asked shown, a repeat with
    one sheet.
    """
    one_each = _one_each(questionnaire.questions.values())
    sections = [
        replace(s, questions=tuple(_uncounted(q) for q in s.questions))
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
            pages = [replace(p, fields=tuple(map(_in_words, p.fields))) for p in pages]
        found.append((language, pages))
    return found


def _in_words(field: Field) -> Field:
    """Say what kind of answer a question takes, in the language that is spoken."""
    instances = tuple(tuple(map(_in_words, instance)) for instance in field.instances)
    kind = _(GIVEN[field.kind]) if field.kind in GIVEN else ""
    return replace(field, kind=kind, instances=instances)


def _one_each(questions: Iterable[Question]) -> dict[str, object]:
    """Return answers in which every repeat has one sheet."""
    return {q.name: [_one_each(q.parts)] for q in questions if q.kind == "repeat"}


def _uncounted(question: Question) -> Question:
    parts = tuple(_uncounted(part) for part in question.parts)
    return replace(question, count=None, parts=parts)
