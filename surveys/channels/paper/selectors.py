"""What is read about paper forms: those that wait for somebody, and the codes on them."""

from __future__ import annotations

from django.db.models import QuerySet

from config.accounts.models import User
from config.language.texts import Text
from surveys.channels.paper.keyed import Coded
from surveys.channels.paper.models import Keying, PaperForm
from surveys.collection.models.survey import Survey
from surveys.companies.models import Company


def unsettled(forms: QuerySet[PaperForm]) -> QuerySet[PaperForm]:
    """Return the forms that were keyed twice and are no response: the two readings differ."""
    return forms.filter(response=None, keyings__turn=2).distinct()


def to_key_again(forms: QuerySet[PaperForm], by: User) -> QuerySet[PaperForm]:
    """Return the forms that somebody else keyed once and this person may key the second time."""
    keyed = forms.filter(response=None, keyings__turn=1)
    return keyed.exclude(keyings__turn=2).exclude(keyings__keyed_by=by).distinct()


def last_keyed(survey: Survey, by: User) -> Keying | None:
    """Return what this person keyed last, where the form is no response yet; None otherwise."""
    mine = Keying.objects.filter(form__survey=survey, keyed_by=by).select_related("form")
    last = mine.order_by("-keyed_at", "-pk").first()
    return last if last and last.form.response_id is None else None


def coded(survey: Survey) -> list[Coded]:
    """Return the companies of a survey with their codes; paper that was printed before a merge has
    the code of the company that is now the other one.
    """
    offered = list(survey.companies.order_by("pk"))
    merged = Company.objects.filter(merged_into__in=offered).select_related("merged_into")
    now = [Coded(c.key, str(c.pk), Text(c.name, c.name_en or c.name), c.search) for c in offered]
    return now + [
        Coded(c.merged_into.key, str(c.pk), Text(c.name, c.name_en or c.name), c.search)
        for c in merged.order_by("pk")
        if c.merged_into
    ]
