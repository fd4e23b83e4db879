"""What is read about paper forms: those that wait for somebody."""

from __future__ import annotations

from django.db.models import QuerySet

from config.accounts.models import User
from surveys.channels.paper.models import PaperForm


def unsettled(forms: QuerySet[PaperForm]) -> QuerySet[PaperForm]:
    """Return the forms that were keyed twice and are no response: the two readings differ."""
    return forms.filter(response=None, keyings__turn=2).distinct()


def to_key_again(forms: QuerySet[PaperForm], by: User) -> QuerySet[PaperForm]:
    """Return the forms that somebody else keyed once and this person may key the second time."""
    keyed = forms.filter(response=None, keyings__turn=1)
    return keyed.exclude(keyings__turn=2).exclude(keyings__keyed_by=by).distinct()
