"""What a respondent is told, may leave, and may take back."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.utils import timezone
from PIL import Image

from config.storage import encryption, files
from surveys.collection import drafts, fieldwork
from surveys.collection import rights as respondents
from surveys.collection.models.contact import Contact
from surveys.collection.models.draft import Draft
from surveys.collection.models.response import Response
from surveys.designing import services as questionnaires
from tests import field
from tests.pages import html
from tests.sheets import RICH_FILES, rich
from tests.surveys.respondent.test_page import begun, post

pytestmark = pytest.mark.django_db


@pytest.fixture
def response():
    return field.send(field.survey(asks_contact=True))


def contact(client, response, **given):
    return client.post(f"/s/repairs/thanks/{response.receipt}/contact/", {"lang": "en", **given})


def picture():
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(out, "JPEG")
    return out.getvalue()


def test_the_notice_says_who_why_how_long_and_what_rights_before_any_question(client):
    field.survey()

    page = html(client.get("/s/repairs/"))

    for said in (
        "示例协会",
        "目的",
        "保存多久",
        "您的权利",
        "撤回",
        "未满 14 周岁",
        "网络和浏览器",
    ):
        assert said in page
    assert "修过吗" not in page
    assert Draft.objects.count() == 0


def test_a_number_is_kept_encrypted_with_the_sentence_that_was_agreed_to(client, response):
    contact(client, response, name="王芳", telephone="138 0000 0000", consent="1")

    kept = Contact.objects.get()
    assert "13800000000" not in kept.sealed
    assert encryption.unseal(kept.sealed) == {"name": "王芳", "telephone": "13800000000"}
    assert "Example association may keep" in kept.consent
    assert kept.digest == encryption.digest("13800000000", "contact")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"telephone": "13800000000"}, "Please tick"),
        ({"telephone": "call me", "consent": "1"}, "no telephone number"),
    ],
)
def test_without_consent_or_number_nothing_is_kept_and_what_was_typed_is(
    client, response, given, said
):
    page = contact(client, response, name="王芳", **given)

    assert page.status_code == 422
    assert said in html(page)
    assert "王芳" in html(page)
    assert Contact.objects.count() == 0


def test_a_number_is_deleted_without_touching_the_answers(client, response):
    contact(client, response, name="王芳", telephone="13800000000", consent="1")

    contact(client, response, go="delete")

    assert Contact.objects.count() == 0
    assert Response.objects.get().answers["speed"] == "9"


def test_a_key_that_is_not_at_hand_opens_nothing(monkeypatch):
    sealed = encryption.seal({"name": "x"})
    encryption._box.cache_clear()
    monkeypatch.setenv("MINGCHA_CONTACT_KEYS", "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=")

    with pytest.raises(encryption.Unreadable):
        encryption.unseal(sealed)
    encryption._box.cache_clear()


@pytest.mark.parametrize("written", ["{0}", " {1} ", "{2}"])
def test_answers_are_taken_back_by_the_receipt_as_people_write_it(client, response, written):
    plain = response.receipt
    code = written.format(
        plain,
        f"{plain[:4]}-{plain[4:8]}-{plain[8:]}",
        plain.lower().replace("0", "o").replace("1", "l"),
    )

    shown = html(client.post("/withdraw/", {"receipt": code, "lang": "en"}))
    assert "Take these answers back?" in shown
    assert Response.objects.get().status == "accepted"
    client.post("/withdraw/", {"receipt": plain, "sure": "1"})

    withdrawn = Response.objects.get()
    assert (withdrawn.status, withdrawn.answers, withdrawn.company, withdrawn.network) == (
        "withdrawn",
        {},
        None,
        "",
    )
    assert withdrawn.receipt == plain


def test_a_withdrawal_takes_contact_and_flaws_with_it_and_twice_is_once(response):
    respondents.leave_contact(response=response, name="x", telephone="13800000000", consent="x")

    respondents.withdraw(response=response)
    moment = Response.objects.get().withdrawn_at
    respondents.withdraw(response=response)

    assert Contact.objects.count() == 0
    assert Response.objects.get().withdrawn_at == moment


def test_an_unknown_receipt_is_said_and_the_page_is_not_shown_to_robots(client, db):
    page = client.post("/withdraw/", {"receipt": "4J7K2MQX9RTB", "lang": "en"})

    assert page.status_code == 404
    assert "There is no response with this code" in html(page)
    assert 'name="robots" content="noindex"' in html(page)


def test_hashes_go_thirty_days_after_the_cleaning(response):
    Response.objects.update(network="n", browser="b")
    survey = response.survey

    for days, kept in ((29, "n"), (31, "")):
        survey.cleaned_at = timezone.now() - timedelta(days=days)
        survey.save()
        respondents.forget_hashes()
        assert Response.objects.get().network == kept


def test_drafts_are_forgotten_after_a_month(client):
    field.survey()
    post(client, begun(client), repaired="yes", problems=["late"])

    assert drafts.forget_old() == 0
    Draft.objects.update(touched_at=timezone.now() - timedelta(days=31))
    assert drafts.forget_old() == 1


@pytest.fixture
def everything():
    version = questionnaires.freeze(workbook=rich(), file="rich.xlsx", files=RICH_FILES)
    survey = fieldwork.set_up(
        slug="repairs", title=field.ORGANISER, organiser=field.ORGANISER, version=version
    )
    fieldwork.open_now(survey=survey)
    return survey


def test_a_picture_is_kept_with_its_section_and_belongs_to_the_response(client, everything):
    upload = SimpleUploadedFile("photo.jpg", picture(), "image/jpeg")
    page = post(client, begun(client), city="ty", county="xd", photo=upload)
    page = post(client, page, go="add:repairs", **{"repairs:count": "0"})
    page = post(client, page, **{"repairs:count": "1", "repairs:0:cost": "30"})
    page = post(client, page)
    post(client, page)

    response = everything.responses.get()
    assert files.read(response.answers["photo"]) == picture()
    assert response.attachments.get().question == "photo"
    assert response.answers["repairs"] == [{"cost": 30, "twice": 60}]
    assert response.answers["total"] == 30


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"no picture", "no complete picture"), (picture()[:200], "cut off")],
)
def test_a_broken_picture_is_said_and_the_other_answers_are_kept(
    client, everything, content, words
):
    page = post(client, begun(client), city="ty", photo=SimpleUploadedFile("photo.jpg", content))

    assert page.status_code == 422
    assert words in html(page)
    assert everything.drafts.get().answers["city"] == "ty"


def test_nobody_answers_with_a_file_that_somebody_else_sent(client, everything):
    other = files.keep(b"somebody else's")

    post(client, begun(client), photo=other)

    assert "photo" not in everything.drafts.get().answers


def test_sheets_are_added_and_removed_and_nothing_else_is_lost(client, everything):
    page = post(client, begun(client), city="ty")
    page = post(client, page, go="add:repairs", **{"repairs:count": "0"})
    page = post(client, page, go="add:repairs", **{"repairs:count": "1", "repairs:0:cost": "1"})
    page = post(
        client,
        page,
        go="remove:repairs:0",
        **{"repairs:count": "2", "repairs:0:cost": "1", "repairs:1:cost": "2"},
    )

    assert everything.drafts.get().answers["repairs"] == [{"cost": "2"}]
    assert 'name="repairs:0:cost" value="2"' in html(page)


@pytest.mark.parametrize("count", ["9999999", "-1", "x", ""])
def test_a_forged_number_of_sheets_is_no_harm(client, everything, count):
    page = post(client, post(client, begun(client)), **{"repairs:count": count})

    assert page.status_code == 200


def test_choices_that_come_in_any_order_keep_it_for_one_sheet(everything):
    from surveys.collection.selectors import questionnaire_of
    from surveys.forms.fields import in_order

    city = questionnaire_of(everything).questions["city"]
    orders = {tuple(c.name for c in in_order(city, str(seed))) for seed in range(20)}

    assert orders == {("ty", "dt"), ("dt", "ty")}
    assert in_order(city, "7") == in_order(city, "7")


def test_ten_megabytes_of_answers_are_refused_in_words(client):
    field.survey()
    page = begun(client)

    reply = post(client, page, repaired="yes", problems="x" * (10 * 2**20))

    assert reply.status_code == 400
    assert "没有保存" in html(reply)
    assert "Nothing was kept" in html(reply)


def test_thirty_thousand_choices_at_once_are_refused_in_words(client):
    survey = field.survey()

    reply = post(client, begun(client), repaired="yes", problems=["late"] * 30_000)

    assert reply.status_code == 400
    assert "Nothing was kept" in html(reply)
    assert not survey.drafts.exists()


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({"repaired": "perhaps"}, 422),
        ({"problems": ["late", "weather"]}, 422),
        ({"nobody": "asked"}, 200),
    ],
)
def test_wrong_answers_are_said_and_unknown_questions_left_out(client, given, status):
    survey = field.survey()

    page = post(client, begun(client), **{"problems": "late", **given})

    assert page.status_code == status
    assert survey.responses.count() == 0
    assert "nobody" not in survey.drafts.get().answers


def test_contact_details_go_when_it_was_said_they_would(response):
    respondents.leave_contact(response=response, name="x", telephone="13800000000", consent="x")
    survey = response.survey
    survey.opens_at, survey.closes_at = (timezone.now() - timedelta(days=d) for d in (800, 700))
    survey.save()

    call_command("forget")
    assert Contact.objects.count() == 1
    survey.opens_at, survey.closes_at = (timezone.now() - timedelta(days=d) for d in (800, 770))
    survey.save()
    call_command("forget")

    assert Contact.objects.count() == 0
    assert Response.objects.get().answers
