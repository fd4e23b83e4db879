"""The page without script: section by section, nothing lost, one response."""

from __future__ import annotations

import re

import pytest

from config.language.texts import Text
from surveys.collection import fieldwork
from surveys.collection.models.draft import Draft
from surveys.collection.models.survey import Survey
from surveys.designing import services as questionnaires
from surveys.questionnaires.answers import Evaluation
from tests import field
from tests.pages import html
from tests.sheets import workbook

pytestmark = pytest.mark.django_db


def begun(client, language="en", address="/s/repairs/"):
    """Begin a sheet and return its first page."""
    return client.get(client.post(address, {"lang": language})["Location"])


def told(page, name) -> str:
    return re.search(rf'(?:name="{name}" value|{name})="([^"]+)"', html(page))[1]


def post(client, page, go="next", *, leads_on=True, **answers):
    """Send a section, and open the address that this leads to where that is a section's."""
    address = re.search(r'method="post" action="([^"]+)"', html(page))[1]
    answer = client.post(
        address, {"section": told(page, "section"), "go": go, "shown": list(answers), **answers}
    )
    here = answer.status_code == 303 and "?at=" in answer.headers["Location"]
    return client.get(answer.headers["Location"]) if here and leads_on else answer


def filled(client):
    """Go through the first section and return the page before the last one is sent."""
    return post(client, begun(client), repaired="yes", problems=["late", "price"])


LAST = {"company": "ash", "speed": "9", "fixed": "yes", "hours": "", "comment": "谢谢"}


def test_a_survey_is_filled_in_section_by_section(client):
    survey = field.survey()

    done = post(client, filled(client), **LAST)

    response = survey.responses.get()
    assert done.status_code == 303
    assert response.receipt in done["Location"]
    assert response.answers["problems"] == ["late", "price"]
    assert response.answers["comment"] == "谢谢"
    assert response.language == "en"
    assert response.receipt[:4] in html(client.get(done["Location"]))


def test_nothing_is_written_before_it_is_sent_and_no_cookie_is_needed(client):
    survey = field.survey()

    page = filled(client)

    assert survey.responses.count() == 0
    assert not page.cookies
    assert not client.cookies


def test_the_last_section_sent_three_times_is_one_response(client):
    survey = field.survey()
    page = filled(client)

    addresses = {post(client, page, **LAST)["Location"] for _time in range(3)}

    assert len(addresses) == 1
    assert survey.responses.count() == 1


def test_what_is_missing_is_said_and_what_was_typed_is_kept(client):
    field.survey()

    page = post(client, filled(client), **{**LAST, "speed": ""})

    text = html(page)
    assert page.status_code == 422
    assert "please answer this question" in text
    assert 'value="ash" checked' in text
    assert "谢谢" in text


def test_going_back_and_changing_language_lose_nothing(client):
    field.survey()
    page = filled(client)

    back = post(client, page, go="back", speed="7")
    assert 'value="price" checked' in html(back)
    chinese = post(client, back, go="zh-Hans", repaired="yes", problems="late")
    assert "修过吗" in html(chinese)
    again = post(client, chinese, repaired="yes", problems="late")
    assert 'value="7" checked' in html(again)


def test_an_answer_that_ends_the_survey_skips_the_rest(client):
    survey = field.survey()

    done = post(client, begun(client), repaired="no", problems="none")

    assert done.status_code == 303
    assert survey.responses.get().answers == {"repaired": "no", "problems": ["none"]}


@pytest.mark.parametrize("forged", ["x", "0-0-0-0-z.abc", "eyJ1aWQiOiAieCJ9:1:abc"])
def test_an_address_that_we_did_not_sign_is_refused_in_words(client, forged):
    field.survey()

    page = client.post(f"/s/repairs/{forged}/", {"lang": "en"})

    assert page.status_code == 400
    assert "cannot be read" in html(page)


def test_a_token_of_another_survey_is_refused(client):
    field.survey()
    other = client.post("/s/repairs/")["Location"].replace("/s/repairs/", "/s/second/")
    first = Survey.objects.get()
    Survey.objects.create(
        **{f.attname: getattr(first, f.attname) for f in first._meta.fields if f.name != "id"}
        | {"slug": "second"}
    )

    assert client.get(other).status_code == 400


def test_the_same_address_brings_a_person_back_to_where_they_were(client):
    survey = field.survey()
    page = filled(client)
    address = re.search(r'method="post" action="([^"]+)"', html(page))[1]
    client.cookies.clear()

    again = html(client.get(address))

    assert 'name="section" value="visit"' in again
    assert survey.drafts.get().answers == {"repaired": "yes", "problems": ["late", "price"]}


def test_a_sent_sheet_leaves_no_draft_and_its_address_shows_the_receipt(client):
    survey = field.survey()
    page = filled(client)
    address = re.search(r'method="post" action="([^"]+)"', html(page))[1]

    post(client, page, **LAST)

    assert survey.drafts.count() == 0
    assert client.get(address)["Location"].startswith(
        f"/s/repairs/thanks/{survey.responses.get().receipt}/"
    )
    assert "visit" in survey.responses.get().seconds


def test_closed_and_not_yet_open_have_pages_of_their_own(client):
    survey = field.survey(is_open=False)
    assert client.get("/s/repairs/?lang=en").status_code == 403
    fieldwork.open_now(survey=survey)
    page = filled(client)
    fieldwork.close_now(survey=survey)

    closed = client.get("/s/repairs/?lang=en")
    assert closed.status_code == 410
    assert "This survey is closed." in html(closed)
    assert post(client, page, **LAST).status_code == 303, "begun in time"


def test_answers_cannot_break_out_of_the_page(client):
    field.survey()
    page = post(client, filled(client), **{**LAST, "speed": "", "comment": "</script><b>x"})

    assert "<b>x" not in html(page)


def test_a_questionnaire_with_nothing_to_ask_today_is_sent_empty(client):
    later = "today() > date('2100-01-01')"
    rows = ["type|name|label::zh|label::en|relevant"]
    for name in ("a", "b"):
        rows += [
            f"begin_group|g{name}|组|Group|{later}",
            f"text|{name}|问|Question|",
            "end_group||||",
        ]
    version = questionnaires.freeze(workbook=workbook(rows, indicators=None), file="later.xlsx")
    survey = fieldwork.set_up(
        slug="repairs", title=field.ORGANISER, organiser=field.ORGANISER, version=version
    )
    fieldwork.open_now(survey=survey)

    assert post(client, begun(client)).status_code == 303
    assert survey.responses.get().answers == {}


@pytest.mark.parametrize(
    ("go", "given", "evaluations"),
    [
        ("next", LAST, 1),
        ("next", {**LAST, "speed": ""}, 1),
        ("back", LAST, 1),
        ("zh-Hans", LAST, 1),
        ("keep", LAST, 0),
    ],
)
def test_the_answers_of_a_post_are_evaluated_once(client, monkeypatch, go, given, evaluations):
    field.survey()
    page = filled(client)
    made = []
    begin = Evaluation.__init__
    monkeypatch.setattr(
        Evaluation, "__init__", lambda self, *a, **k: (made.append(self), begin(self, *a, **k))[1]
    )

    post(client, page, go=go, leads_on=False, **given)

    assert len(made) == evaluations


def test_a_sheet_that_was_sent_is_thanked_for_even_where_it_is_sent_again_with_a_gap(client):
    survey = field.survey()
    page = filled(client)
    first = post(client, page, **LAST)

    again = post(client, page, **{**LAST, "speed": ""})

    assert again["Location"] == first["Location"]
    assert survey.responses.get().answers["speed"] == "9"


def test_an_earlier_answer_that_is_missing_is_asked_for_at_the_end(client):
    survey = field.survey()
    page = filled(client)
    draft = survey.drafts.get()
    draft.answers = {**draft.answers, "problems": []}
    draft.save()

    page = post(client, page, **LAST)

    assert page.status_code == 422
    assert 'name="section" value="you"' in html(page)
    assert "please answer this question" in html(page)


def test_what_is_sent_leads_to_an_address_and_back_shows_what_was_answered(client):
    field.survey()
    first = begun(client)
    address = re.search(r'method="post" action="([^"]+)"', html(first))[1]
    given = {"section": "you", "go": "next", "repaired": "yes", "problems": ["late"]}

    sent = client.post(address, given)

    assert (sent.status_code, sent.headers["Location"]) == (303, f"{address}?at=visit")
    assert told(client.get(sent.headers["Location"]), "section") == "visit"
    back = client.get(f"{address}?at=you")
    assert told(back, "section") == "you"
    assert re.search(r'value="late"[^>]*checked', html(back))


def test_a_fault_has_an_address_too_and_reloading_shows_it_again(client):
    field.survey()
    page = begun(client)
    address = re.search(r'method="post" action="([^"]+)"', html(page))[1]

    sent = client.post(address, {"section": "you", "go": "next", "shown": ["repaired"]})

    assert sent.headers["Location"] == f"{address}?at=you&wrong=repaired"
    for _again in range(2):
        shown = client.get(sent.headers["Location"])
        assert shown.status_code == 422
        assert "please answer this question" in html(shown)


@pytest.mark.parametrize("query", ["at=none", "at=%00", "wrong=none&wrong=%00", "at=visit&wrong="])
def test_an_address_that_names_nothing_shows_where_the_sheet_stands(client, query):
    field.survey()
    page = begun(client)
    address = re.search(r'method="post" action="([^"]+)"', html(page))[1]

    shown = client.get(f"{address}?{query}")

    assert shown.status_code == 200


def test_a_sheet_that_was_sent_is_not_begun_again_by_leaving_the_tab(client):
    survey = field.survey()
    page = filled(client)
    done = post(client, page, **LAST)

    kept = post(client, page, go="keep", **LAST)

    assert kept.headers["Location"] == done.headers["Location"]
    assert Draft.objects.count() == 0
    assert survey.responses.count() == 1


def test_a_section_of_a_thousand_fields_is_taken(client):
    field.survey()
    page = begun(client)

    sent = post(client, page, **{f"more{i}": "x" for i in range(1500)})

    assert told(sent, "section") == "you"


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["Question 1 of 2 ·", "About 1 min left", "Question 2 of 2 ·"]),
        ("zh-Hans", ["第 1 题，共 2 题 ·", "还需约 1 分钟", "第 2 题，共 2 题 ·"]),
    ],
)
def test_one_question_is_no_range_and_none_has_no_number(client, language, words):
    survey = [
        "type|name|label::zh|label::en",
        "begin_group|one|一|One",
        "integer|a|甲|A",
        "end_group",
        "begin_group|two|二|Two",
        "note|read|请读|Please read",
        "end_group",
        "begin_group|three|三|Three",
        "integer|b|乙|B",
        "end_group",
    ]
    content = workbook(survey, None, ["form_title|form_id|version", "三|three|1"], None)
    version = questionnaires.freeze(workbook=content, file="three.xlsx")
    made = fieldwork.set_up(
        slug="repairs", title=Text("三", "Three"), organiser=field.ORGANISER, version=version
    )
    fieldwork.open_now(survey=made)

    page = begun(client, language)
    where = []
    for _section in words:
        where.append(" ".join(re.search(r'class="where">(.*?)</p>', html(page), re.S)[1].split()))
        page = post(client, page)

    assert [said.startswith(start) for said, start in zip(where, words, strict=True)] == [True] * 3
