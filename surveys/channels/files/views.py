"""Pages of files of answers: choose one, see how its columns are read on ten rows, take it in, what
became of each row.

Of a file that is only looked at nothing is kept but its bytes, for a day: the form carries how it
is read.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.db.models import OuterRef
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from config import lists
from config.accounts.permissions import requires, user_of
from config.fields import blame, files_of, posted, status_of
from config.language.problems import InvalidInput, say
from config.tabular.downloads import download
from config.tabular.uploads import SentFile
from config.tabular.writers import CSV, as_csv
from config.work.models import Job
from config.work.progress import asks_how_far
from surveys.channels.files import services as imports
from surveys.channels.files import taking_back
from surveys.channels.files.forms import AnswersForm, MappingForm, SheetForm, TakeBackForm
from surveys.channels.files.guessing import guess
from surveys.channels.files.mapping import Mapping
from surveys.channels.files.outline import Outline
from surveys.channels.files.presenter import label, preview
from surveys.channels.files.reading import Reader
from surveys.collection.models.response import ImportedFile, Response
from surveys.collection.models.survey import Survey
from surveys.collection.selectors import count_of, questionnaire_of
from surveys.responses.answer_text import flaws_of

STATUS = Response.Status
LONGEST_NAME = 200  # its end, where it says what kind of file it is
FILES = lists.Table(
    caption=say("Files of answers"),
    row="surveys/files/file_row.html",
    columns=(
        lists.Column("file", say("File"), ("name",)),
        lists.Column("at", say("When"), ("imported_at",)),
        lists.Column("state", say("State"), ("job__state",)),
        lists.Column("accepted", say("Accepted"), ("accepted",), is_figure=True),
        lists.Column("rejected", say("Rejected"), ("rejected",), is_figure=True),
    ),
    sort="-at",
)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("responses.import")
def index(request: HttpRequest, slug: str) -> HttpResponse:
    """List the files that were taken in; take another one to look at."""
    survey = get_object_or_404(Survey, slug=slug)
    form = AnswersForm(posted(request), files_of(request))
    if request.method == "POST" and form.is_valid():
        file: SentFile = form.cleaned_data["answers"]
        try:
            digest = imports.lay_aside(survey=survey, file=file, by=user_of(request))
        except InvalidInput as refused:
            blame(form, refused, "answers")
        else:
            return redirect(_address(slug, digest, file.name, None))
    of_file = Response.objects.filter(imported_from=OuterRef("pk")).standing()
    listed = survey.imported_files.select_related("job", "imported_by").annotate(
        accepted=count_of(of_file.filter(status=STATUS.ACCEPTED), "imported_from"),
        rejected=count_of(of_file.filter(status=STATUS.REJECTED), "imported_from"),
    )
    filters = (
        lists.Search("q", say("File"), lists.contains("name")),
        lists.Choice("state", say("State"), lists.equals("job__state"), Job.State.choices),
    )
    context = {
        "room": "surveys",
        "tab": "imports",
        "survey": survey,
        "files": lists.listing(request, FILES, listed, filters=filters),
        "form": form,
    }
    return render(request, "surveys/files/index.html", context, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
@requires("responses.import")
def look(request: HttpRequest, slug: str, digest: str) -> HttpResponse:
    """Show how a file is read, on its first rows; read it in another way, choose one of its
    worksheets, start the import.
    """
    survey = get_object_or_404(Survey, slug=slug)
    name = _asked(request, "name") or "answers.csv"
    sheet = _asked(request, "sheet") or None
    try:
        table = imports.looked_at(survey=survey, digest=digest, name=name, sheet=sheet)
    except (FileNotFoundError, InvalidInput):
        raise Http404 from None
    except imports.WhichSheet as which:
        return _choose_sheet(request, survey, digest, name, which.names)
    except imports.NotRead as not_read:
        if request.POST.get("go") == "again":
            imports.begin_reading(
                survey=survey, digest=digest, name=name, by=user_of(request), sheet=sheet
            )
            return redirect(request.get_full_path())
        context = {"room": "surveys", "tab": "imports", "survey": survey, "name": name}
        context |= {"reading": not_read.reading, "again": request.get_full_path()}
        return render(request, "surveys/files/reading.html", context)
    if asks_how_far(request):
        return HttpResponseClientRefresh()  # the file was read meanwhile
    guessed = guess(table, questionnaire_of(survey), timezone.localdate())
    said = imports.mapping_laid_aside(survey, table, request.GET.get("read", ""))
    kept = None if said else _kept(survey, table)
    mapping = replace(said or kept or guessed, sheet=sheet)
    reader = Reader(survey, mapping)
    form = MappingForm(
        posted(request),
        survey=survey,
        table=table,
        read=mapping,
        guessed=guessed,
        unread=reader.unread(table),
    )
    if request.method == "POST" and form.is_valid():
        if request.POST.get("go") != "take":
            read = imports.lay_mapping_aside(form.mapping())
            return redirect(_address(slug, digest, name, sheet, read=read))
        try:
            made = imports.start(
                survey=survey, digest=digest, name=name, mapping=form.mapping(), by=user_of(request)
            )
        except InvalidInput as error:
            blame(form, error)
        else:
            return redirect("import", slug, made.pk)
    context = {
        "room": "surveys",
        "tab": "imports",
        "survey": survey,
        "name": name,
        "sheet": sheet,
        "rows": f"{table.rows:,}",
        "form": form,
        "unused": [column for column in table.columns if column not in mapping.columns],
        "preview": list(preview(survey, mapping, reader, table)),
        "headings": [label(reader.questions[column.question]) for column in mapping.questions],
        "is_kept": kept is not None,
        "is_own": guessed.own,
    }
    return render(request, "surveys/files/mapping.html", context, status=status_of(form))


def _asked(request: HttpRequest, key: str) -> str:
    return request.GET.get(key, "").replace("\0", "")[-LONGEST_NAME:]


def _address(slug: str, digest: str, name: str, sheet: str | None, **more: str) -> str:
    """Return where a file is looked at."""
    asked = {"name": name} | ({"sheet": sheet} if sheet else {}) | more
    return f"{reverse('import-look', args=[slug, digest])}?{urlencode(asked)}"


def _kept(survey: Survey, table: Outline) -> Mapping | None:
    """Return how a file like this one was read before; its day was that of the other file."""
    kept = imports.mapping_kept(survey, table)
    return replace(kept, date=timezone.localdate()) if kept and kept.date else kept


def _choose_sheet(
    request: HttpRequest, survey: Survey, digest: str, name: str, names: list[str]
) -> HttpResponse:
    """Ask which worksheet of a workbook is read."""
    form = SheetForm(posted(request), names=names)
    if request.method == "POST" and form.is_valid():
        sheet = form.cleaned_data["sheet"]
        try:
            imports.open_sheet(
                survey=survey, digest=digest, name=name, by=user_of(request), sheet=sheet
            )
        except InvalidInput as refused:
            blame(form, refused, "sheet")
        else:
            return redirect(_address(survey.slug, digest, name, sheet))
    context = {"room": "surveys", "tab": "imports", "survey": survey, "name": name, "form": form}
    return render(request, "surveys/files/sheets.html", context, status=status_of(form))


@require_safe
@requires("responses.import")
def one(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Show how far an import is, then what came of it."""
    return render(request, "surveys/files/import.html", _came_of(slug, pk))


@require_POST
@requires("responses.import")
def take_back(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Take an import back as a whole."""
    file = get_object_or_404(ImportedFile, pk=pk, survey__slug=slug)
    form = TakeBackForm(request.POST)
    if form.is_valid():
        try:
            n = taking_back.take_back(
                file=file, reason=form.cleaned_data["reason"], by=user_of(request)
            )
        except InvalidInput as error:
            blame(form, error)
        else:
            text = _("%(n)s responses were taken back; the file can come in again.")
            messages.success(request, text % {"n": f"{n:,}"})
            return redirect("import", slug, pk)
    context = {**_came_of(slug, pk), "form": form}
    return render(request, "surveys/files/import.html", context, status=422)


@require_safe
@never_cache
@requires("responses.import")
def progress(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Send how far an import is alone, for the page that asks again every second while it runs."""
    return render(request, "surveys/files/progress.html", _came_of(slug, pk))


def _came_of(slug: str, pk: int) -> dict[str, Any]:
    file = get_object_or_404(
        ImportedFile.objects.select_related("job", "survey", "taken_back_by"),
        pk=pk,
        survey__slug=slug,
    )
    job = file.job
    busy = job is not None and job.is_busy
    standing = file.responses.standing()
    hindrance = taking_back.hindrance(file)
    flawed = standing.filter(status=STATUS.REJECTED)
    return {
        "room": "surveys",
        "tab": "imports",
        "survey": file.survey,
        "file": file,
        "job": job,
        "busy": busy,
        "again": _address(slug, file.sha256, file.name, file.mapping.get("sheet")),
        "form": TakeBackForm(),
        "hindrance": hindrance and hindrance.render(_),
        "taken_back": file.responses.filter(status=STATUS.TAKEN_BACK).count(),
        "accepted": standing.filter(status=STATUS.ACCEPTED).count(),
        "rejected": flawed.count(),
        # of the last time that it was taken in
        "known": len(file.outcomes.get("known", ())),
        "conflicts": len(file.outcomes.get("conflict", ())),
        "flawed": []
        if busy
        else [(r.row, _reasons(r)) for r in flawed.select_related("survey").order_by("row")[:50]],
    }


@require_safe
@requires("responses.import")
def results(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Send what became of each row of a file, for a person with a spreadsheet."""
    file = get_object_or_404(ImportedFile, pk=pk, survey__slug=slug)
    heads = [_("row"), _("result"), _("response"), _("reasons")]
    listed = file.responses.select_related("survey").iterator()
    rows = [(r.row or 0, r.get_status_display(), str(r), _reasons(r)) for r in listed]
    there = _("was there already, with the same answers")
    rows += [(row, there, "", "") for row in file.outcomes.get("known", ())]
    rows.sort(key=lambda row: row[0])
    return download(as_csv(heads, rows), f"{file.name}.result.csv", CSV)


def _reasons(response: Response) -> str:
    return _("; ").join(f"{question}: {words}" for question, words in flaws_of(response))
