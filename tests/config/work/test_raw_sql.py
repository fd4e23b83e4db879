"""The two statements that go round the ORM do what it would do."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.forms import model_to_dict

from config.work import raw_sql as statements
from surveys.collection.models.response import Response
from tests import field

pytestmark = pytest.mark.django_db


def copy_of(response, **changed):
    """Return the same sheet, not saved, under another uid and receipt."""
    fields = {
        f.attname: getattr(response, f.attname)
        for f in Response._meta.concrete_fields
        if not f.primary_key
    }
    return Response(**{**fields, "uid": "0" * 32, "receipt": "000000000000", **changed})


def test_what_is_inserted_is_what_the_orm_would_have_saved():
    response = field.send(field.survey())
    saved, inserted = copy_of(response), copy_of(response, uid="1" * 32, receipt="111111111111")
    saved.save()
    statements.insert(inserted)
    apart = ("id", "uid", "receipt")
    one, other = (
        model_to_dict(Response.objects.get(pk=r.pk), exclude=apart) for r in (saved, inserted)
    )
    assert one == other
    assert Response.objects.get(pk=inserted.pk).received_at is not None


def test_a_second_one_of_the_same_uid_is_refused():
    response = field.send(field.survey())
    with pytest.raises(IntegrityError), transaction.atomic():
        statements.insert(copy_of(response, uid=response.uid))


def test_whether_a_row_is_there():
    response = field.send(field.survey())
    assert statements.is_there(Response, response.pk)
    assert not statements.is_there(Response, response.pk + 1)
