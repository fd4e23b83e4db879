"""Pages for clerks: key a sheet by the keyboard alone, and settle what two clerks read
differently.
"""

from __future__ import annotations

from statistics import median
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from config.accounts.models import User
from config.accounts.permissions import requires, user_of
from config.fields import posted, status_of
from config.language.languages import spoken
from surveys.channels.paper import services as paper
from surveys.channels.paper.forms import Difference, KeyingForm, SettleForm, typed
from surveys.channels.paper.keyed import Cell, cells
from surveys.channels.paper.models import Keying, PaperForm
from surveys.channels.paper.selectors import coded, last_keyed, unsettled
from surveys.channels.paper.skips import numbered
from surveys.collection.models.response import Response
from surveys.collection.models.survey import Survey
from surveys.collection.selectors import questionnaire_of
from surveys.responses.answer_text import flaws_of


@require_http_methods(["GET", "HEAD", "POST"])
@requires("responses.enter")
def key(request: HttpRequest, slug: str) -> HttpResponse:
    """Key one sheet; the next one is asked for when it is kept. With ?mend=1 the last one that the
    same person keyed is put right.
    """
    survey = get_object_or_404(Survey, slug=slug)
    last = last_keyed(survey, user_of(request))
    mending = last if request.GET.get("mend") == "1" else None
    if mending is None and "mend" in request.GET:
        messages.error(request, _("The form you keyed last is taken in, or there is none."))
        return redirect("keying", slug)
    listed = _cells(survey)
    before = {"serial": mending.form.serial, **typed(listed, mending.answers)} if mending else {}
    form = KeyingForm(posted(request), cells=listed, initial=before)
    if mending:
        form.fields["serial"].widget.attrs["readonly"] = True
    if request.method == "POST" and form.is_valid() and _kept(request, survey, form, mending):
        return redirect("keying", slug)
    context = {
        "room": "surveys",
        "tab": "keying",
        "survey": survey,
        "form": form,
        "mending": mending,
        "last": last,
        "figures": _figures(survey, user_of(request)),
        "unsettled": unsettled(survey.paper_forms.all())[:200],
    }
    return render(request, "surveys/paper/keying.html", context, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
@requires("responses.enter")
def settle(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Show both readings of a sheet where they differ, and take in what the paper says."""
    form = get_object_or_404(PaperForm.objects.select_related("survey"), pk=pk, survey__slug=slug)
    survey = form.survey
    readings = [keying.answers for keying in form.keyings.all()]
    if len(readings) < 2 or form.response_id:
        return redirect("keying", slug)
    names = paper.differences(*readings)
    known = {cell.name: cell for cell in _cells(survey)}
    differing = [
        Difference(known[name], (readings[0].get(name), readings[1].get(name)))
        for name in known
        if name in names
    ]
    choosing = SettleForm(posted(request), differences=differing)
    if request.method == "POST" and choosing.is_valid():
        answers = {**readings[0], **choosing.answers}
        response = paper.settle(form=form, answers=answers, by=user_of(request))
        _tell(request, form.serial, response, _("%(serial)s is settled and taken in."))
        following = unsettled(survey.paper_forms.all()).first()
        return redirect("settle", slug, following.pk) if following else redirect("keying", slug)
    context = {
        "room": "surveys",
        "tab": "keying",
        "survey": survey,
        "paper": form,
        "form": choosing,
    }
    return render(request, "surveys/paper/settle.html", context, status=status_of(choosing))


def _cells(survey: Survey) -> list[Cell]:
    questionnaire = questionnaire_of(survey)
    return cells(questionnaire, coded(survey), numbered(questionnaire), spoken())


def _kept(request: HttpRequest, survey: Survey, form: KeyingForm, mending: Keying | None) -> bool:
    """Keep a reading and say how it went; return whether it was kept."""
    number = form.cleaned_data["serial"]
    if mending and number != mending.form.serial:
        form.add_error("serial", _("You have keyed another form since; go back to keying."))
        return False
    keep = paper.mend if mending else paper.key
    try:
        outcome = keep(
            survey=survey,
            number=number,
            answers=form.answers,
            seconds=form.cleaned_data["seconds"] or 0.0,
            by=user_of(request),
        )
    except paper.UnknownSerial:
        form.add_error("serial", _("No form of this survey has this number."))
        return False
    except paper.NotYours:
        form.add_error("serial", _("This form is taken in by now and is not mended here."))
        return False
    except paper.AlreadyKeyed:
        text = _(
            "You have keyed this form, or it was keyed twice; somebody else keys it the second"
            " time."
        )
        form.add_error("serial", text)
        return False
    texts = {
        "first": _("%(serial)s is kept; somebody else keys it once more."),
        "differs": _("%(serial)s: the readings differ and have to be settled."),
    }
    if outcome in texts:
        messages.success(request, texts[outcome] % {"serial": number})
        return True
    response = survey.paper_forms.get(serial=number).response
    _tell(request, number, response, _("%(serial)s: both readings agree, the form is taken in."))
    return True


def _tell(request: HttpRequest, serial: str, response: Response | None, text: str) -> None:
    """Say what became of a form; one that breaks the questionnaire's rules is kept and does not
    count.
    """
    if response is None or not response.flaws:
        messages.success(request, text % {"serial": serial})
        return
    why = _("; ").join(f"{question}: {words}" for question, words in flaws_of(response))
    said = _("%(serial)s is kept and does not count: %(why)s")
    messages.warning(request, said % {"serial": serial, "why": why})


def _figures(survey: Survey, by: User) -> dict[str, Any]:
    today = Keying.objects.filter(
        form__survey=survey, keyed_by=by, keyed_at__date=timezone.localdate()
    )
    seconds = list(today.values_list("seconds", flat=True))
    forms = survey.paper_forms
    return {
        "mine": len(seconds),
        "median": f"{median(seconds):.0f}" if seconds else "–",
        "printed": forms.count(),
        "taken": forms.filter(response__isnull=False).count(),
    }
