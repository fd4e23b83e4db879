"""The questionnaire on paper: skips in words, codes, every copy with its number, shared pages in
the file once.
"""

from __future__ import annotations

import io
from datetime import date

import pikepdf
import pypdfium2
import pytest

from config.language.texts import Text
from surveys.channels.links.poster import Poster, posters
from surveys.channels.paper import services as paper
from surveys.channels.paper.keyed import cells
from surveys.channels.paper.printing import Paper, codes, questionnaires
from surveys.channels.paper.skips import condition, is_on_paper, numbered
from surveys.collection import fieldwork
from surveys.designing import services as designing
from surveys.questionnaires.compiling import compile_workbook
from surveys.questionnaires.expressions.parse import parse
from surveys.workbooks import make
from tests import field
from tests.pages import html
from tests.people import person
from tests.sheets import replaced, workbook

DAY = date(2026, 11, 24)
AROUND = Paper(
    Text("示例协会", "Example association"),
    Text("不记名。", "Anonymous."),
    [("ash", "7", Text("白蜡电器", "Ash"))],
)


@pytest.fixture(scope="module")
def questionnaire():
    return compile_workbook(workbook(), "small.xlsx").questionnaire


def texts(content):
    document = pypdfium2.PdfDocument(content)
    return [page.get_textpage().get_text_range() for page in document]


def made(questionnaire, serials, language="zh-Hans"):
    return questionnaires(questionnaire, AROUND, serials=serials, language=language, day=DAY)


@pytest.mark.parametrize(
    ("expression", "chinese", "english"),
    [
        ("${repaired} = 'yes'", "仅当第 1 题选“是”时回答", "Only if you chose “Yes” in question 1"),
        (
            "${repaired} != 'yes'",
            "仅当第 1 题没有选“是”时回答",
            "Only if you did not choose “Yes” in question 1",
        ),
        (
            "selected(${problems}, 'late')",
            "仅当第 2 题选“太晚”时回答",
            "Only if you chose “Late” in question 2",
        ),
        ("${hours} > 24", "仅当第 6 题大于 24时回答", "Only if question 6 is above 24"),
        ("${hours} != ''", "仅当第 6 题已回答时回答", "Only if question 6 is answered"),
        (
            "${repaired} = 'yes' and ${hours} >= 2",
            "仅当第 1 题选“是”，并且第 6 题不小于 2时回答",
            "Only if you chose “Yes” in question 1 and question 6 is at least 2",
        ),
        (
            "not(selected(${problems}, 'none'))",
            "仅当第 2 题没有选“没有”时回答",
            "Only if you did not choose “None” in question 2",
        ),
        ("${hours} * 2 > 3", "仅当第 6 题 * 2 > 3时回答", "Only if question 6 * 2 > 3"),
    ],
)
def test_a_condition_in_words(questionnaire, expression, chinese, english):
    trees, numbers = (parse(expression).tree,), numbered(questionnaire)

    assert condition(trees, questionnaire, numbers, "zh-Hans") == chinese
    assert condition(trees, questionnaire, numbers, "en") == english


def test_codes_are_places_and_numbers_stand_for_themselves(questionnaire):
    assert codes(questionnaire.questions["problems"]) == {"price": "1", "late": "2", "none": "3"}
    assert codes(questionnaire.questions["speed"])["10"] == "10"
    assert codes(questionnaire.questions["speed"])["na"] == "0"
    assert codes(questionnaire.questions["company"], {"ash": "7"}) == {
        "ash": "7",
        "not_sure": "0",
        "other": "00",
    }


@pytest.mark.parametrize("language", ["zh-Hans", "en"])
def test_every_copy_has_its_number_on_every_page_and_every_question(questionnaire, language):
    pages = texts(made(questionnaire, ["00001-9", "00002-7"], language))

    half = len(pages) // 2
    assert all("00001-9" in page for page in pages[:half])
    assert all("00002-7" in page for page in pages[half:])
    whole = "".join(pages[:half])
    for question in questionnaire.questions.values():
        if question.is_asked:
            assert question.label.get("zh-Hans" if language == "zh-Hans" else "en")[:8] in whole


@pytest.mark.parametrize("language", ["zh-Hans", "en"])
@pytest.mark.parametrize("form", make.FORMS, ids=lambda form: form.file)
def test_every_question_of_what_is_shipped_stands_on_one_page_in_order(tmp_path, form, language):
    path = tmp_path / "form.xlsx"
    make.workbook(form).save(path)
    shipped = compile_workbook(path.read_bytes(), path.name).questionnaire

    pages = [plain(page) for page in texts(made(shipped, ["00001-9", "00002-7"], language))]

    half = len(pages) // 2
    for copy in (pages[:half], pages[half:]):
        assert len(set(copy)) == half
        whole, after = "".join(copy), 0
        for question in shipped.questions.values():
            if is_on_paper(question):
                after = whole.find(plain(question.label.get(language))[:14], after)
                assert after >= 0, question.name


def plain(text):
    """Return the letters and digits of a text: where its lines break does not matter."""
    return "".join(sign for sign in text if sign.isalnum())


def test_the_pages_of_a_hundred_copies_are_in_the_file_once(questionnaire):
    one, hundred = (
        len(made(questionnaire, [paper.serial(i) for i in range(1, n + 1)])) for n in (1, 100)
    )

    assert hundred < one * 8


def test_the_same_sheets_are_the_same_bytes(questionnaire):
    assert made(questionnaire, ["00001-9"]) == made(questionnaire, ["00001-9"])


def test_a_slip_of_the_finger_breaks_the_check_digit():
    for number in (1, 12, 4711, 20_000):
        right = paper.serial(number)
        assert paper.is_serial(right)
        for at in range(5):
            for digit in "0123456789":
                typed = right[:at] + digit + right[at + 1 :]
                assert paper.is_serial(typed) == (typed == right)
    assert not paper.is_serial("12")


@pytest.mark.django_db
def test_printing_twice_goes_on_with_the_numbers(client):
    survey = field.survey()
    client.force_login(person("ada"))

    first = client.post("/surveys/repairs/collectors/paper.pdf", {"count": "2", "psu": "m1"})
    client.post("/surveys/repairs/collectors/paper.pdf", {"count": "1"})

    with pikepdf.open(io.BytesIO(first.content)) as document:
        assert len(document.pages) % 2 == 0
    assert [form.serial for form in survey.paper_forms.all()] == [
        paper.serial(n) for n in (1, 2, 3)
    ]
    assert survey.paper_forms.first().psu == "m1"


@pytest.mark.django_db
@pytest.mark.parametrize("count", ["0", "2001", "many", ""])
def test_too_many_copies_or_none_are_said(client, count):
    survey = field.survey()
    client.force_login(person("ada"))

    assert client.post("/surveys/repairs/collectors/paper.pdf", {"count": count}).status_code == 422
    assert survey.paper_forms.count() == 0


REPEATED = [
    "type|name|label::zh|label::en|required|repeat_count",
    "text|city|城市|City",
    "begin_repeat|member|家人|Member||",
    "text|called|叫什么|Called|yes",
    "end_repeat",
    "image|photo|照片|Photo",
    "integer|age|几岁|Age",
]


def repeated(*changes):
    rows = REPEATED
    for old, new in changes:
        rows = replaced(rows, old, new)
    return workbook(rows, ["list_name|name|label::zh|label::en"], indicators=None)


def test_what_nobody_could_key_is_not_printed():
    form = compile_workbook(repeated(), "small.xlsx").questionnaire

    whole = "".join(texts(made(form, ["00001-9"])))

    assert numbered(form) == {"city": "1", "age": "2"}
    assert "几岁" in whole
    assert not any(words in whole for words in ("家人", "叫什么", "照片"))
    assert [cell.name for cell in cells(form, [], numbered(form), "en")] == ["city", "age"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "refused"),
    [
        ([], []),
        ([("image|photo|照片|Photo", "image|photo|照片|Photo|yes")], ["照片"]),
        ([("家人|Member||", "家人|Member||2")], ["家人"]),
        ([("家人|Member||", "家人|Member||2"), ("Called|yes", "Called")], []),
    ],
)
def test_what_is_not_on_the_paper_is_said_before_and_refused_where_no_form_would_count(
    client, changes, refused
):
    version = designing.freeze(workbook=repeated(*changes), file="small.xlsx")
    title = Text("家", "Homes")
    survey = fieldwork.set_up(slug="homes", title=title, organiser=title, version=version)
    fieldwork.open_now(survey=survey)
    client.force_login(person("ada"))

    assert "家人、照片" in html(client.get("/surveys/homes/collectors/"))
    printed = client.post("/surveys/homes/collectors/paper.pdf", {"count": "1"})

    assert printed.status_code == (422 if refused else 200)
    assert survey.paper_forms.count() == (0 if refused else 1)
    if refused:
        said = printed.context["paper_form"].non_field_errors()[0]
        assert all(name in said for name in refused)


def test_posters_say_where_and_who_in_both_languages():
    title, organiser, place = (
        Text("维修调查", "Repairs"),
        Text("示例协会", "Association"),
        Text("一号商场", "Mall 1"),
    )
    every = [
        Poster(f"https://example.org/q/{code}/", title, organiser, place, 2) for code in ("a", "b")
    ]

    pages = texts(posters(every, day=DAY))

    assert len(pages) == 2
    for said in (
        "维修调查",
        "Repairs",
        "一号商场",
        "https://example.org/q/a/",
        "不用注册",
        "No account",
    ):
        assert said in pages[0]
