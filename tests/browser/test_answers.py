"""What one types on the page, and what the page and the server make of it together."""

from __future__ import annotations

import pytest

from config.language.texts import Text
from surveys.collection import fieldwork
from surveys.companies import services as companies
from surveys.designing import services as questionnaires
from tests import field
from tests.sheets import workbook

DRAWN = """async () => {
  const field = document.querySelector("#q-sign input[type=file]");
  while (!field.files.length) await new Promise(requestAnimationFrame);
}"""
LATE = """Date = class extends Date {
  constructor(...given) { super(...(given.length ? given : ["2150-01-01T12:00:00"])); }
};"""
pytestmark = pytest.mark.django_db(transaction=True)


def opened(survey, choices=None):
    settings = ["form_title|form_id|version", "页|page|1"]
    content = workbook(survey, choices, settings, None)
    version = questionnaires.freeze(workbook=content, file="page.xlsx")
    offered = [companies.register(key="ash", name="白蜡电器", name_en="Ash", aliases=[])]
    made = fieldwork.set_up(
        slug="page",
        title=Text("页", "Page"),
        organiser=field.ORGANISER,
        version=version,
        companies=offered,
    )
    fieldwork.open_now(survey=made)
    return made


def start(page, live_server):
    page.goto(f"{live_server.url}/s/page/?lang=en")
    with page.expect_navigation():  # its scripts have run when it is over
        page.click("button.next")


def test_full_width_digits_open_the_next_question(phone, live_server):
    made = opened(
        [
            "type|name|label::zh|label::en|required|relevant",
            "integer|n|几次|How many|yes",
            "text|why|为什么|Why|yes|${n} > 1",
        ]
    )
    page = phone()

    start(page, live_server)
    assert page.is_hidden("#q-why")
    page.fill("[name=n]", "１２")
    page.fill("[name=why]", "x")
    page.click("button.next")

    assert made.responses.get().answers == {"n": 12, "why": "x"}
    assert page.faults == []


def test_a_message_clears_when_another_answer_makes_it_untrue(phone, live_server):
    opened(
        [
            "type|name|label::zh|label::en|constraint|constraint_message::zh|constraint_message::en",
            "text|first|账号|Account|. = ${again}|不一样|differs",
            "text|again|再写|Again",
        ]
    )
    page = phone()

    start(page, live_server)
    page.fill("[name=first]", "abc")
    assert page.text_content("#e-first") == "differs"
    page.fill("[name=again]", "abc")

    assert page.text_content("#e-first") == ""


def test_what_is_worked_out_is_shown_while_typing(phone, live_server):
    made = opened(
        [
            "type|name|label::zh|label::en|calculation|relevant",
            "integer|a|a|a",
            "integer|total|合计|Total|${a} * 2",
            "text|why|why|why||${total} > 10",
        ]
    )
    page = phone()

    start(page, live_server)
    page.fill("[name=a]", "6")
    assert page.text_content("#q-total output") == "12"
    page.fill("[name=why]", "x")
    page.click("button.next")

    assert made.responses.get().answers == {"a": 6, "total": 12, "why": "x"}


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_number_that_is_lowered_and_raised_brings_the_answers_back(
    phone, live_server, javascript
):
    made = opened(
        [
            "type|name|label::zh|label::en|repeat_count",
            "integer|n|几台|How many",
            "begin_repeat|r|一台|One|${n}",
            "text|x|x|x",
            "end_repeat",
        ]
    )
    page = phone(javascript=javascript)

    start(page, live_server)
    for number in ("2", "1", "2"):
        page.fill("[name=n]", number)
        page.click("button.next")
        if number == "2" and not page.input_value('[name="r:0:x"]'):
            page.fill('[name="r:0:x"]', "first")
            page.fill('[name="r:1:x"]', "second")
        if number == "1" or page.input_value('[name="r:1:x"]') == "second":
            page.click("button.back")
    page.click("button.next")
    page.click("button.next")

    assert made.responses.get().answers["r"] == [{"x": "first"}, {"x": "second"}]


def test_a_number_on_the_same_page_as_its_repeat_shows_the_sheets(phone, live_server):
    made = opened(
        [
            "type|name|label::zh|label::en|repeat_count",
            "begin_group|g|页|Page",
            "integer|n|几台|How many",
            "begin_repeat|r|一台|One|${n}",
            "text|x|x|x",
            "end_repeat",
            "end_group",
        ]
    )
    page = phone()

    start(page, live_server)
    page.fill("[name=n]", "1")
    page.click("button.next")
    page.fill('[name="r:0:x"]', "seen")
    page.click("button.next")

    assert made.responses.get().answers["r"] == [{"x": "seen"}]


def test_a_default_that_was_emptied_stays_empty(phone, live_server):
    made = opened(
        [
            "type|name|label::zh|label::en|default|repeat_count",
            "begin_repeat|r|一台|One||1",
            "text|x|x|x|given",
            "text|y|y|y",
            "end_repeat",
            "text|last|最后|Last",
        ]
    )
    page = phone()

    start(page, live_server)
    assert page.input_value('[name="r:0:x"]') == "given"
    page.fill('[name="r:0:x"]', "")
    page.fill('[name="r:0:y"]', "b")
    page.click("button.next")
    page.click("button.back")
    assert page.input_value('[name="r:0:x"]') == ""
    page.click("button.next")
    page.click("button.next")

    assert made.responses.get().answers == {"r": [{"y": "b"}]}


def test_what_the_server_asks_for_is_shown_whatever_the_page_thinks(phone, live_server):
    """The page's clock is wrong by years, so it hides what the server requires."""
    opened(
        [
            "type|name|label::zh|label::en|required|relevant",
            "text|a|a|a",
            "text|b|b|b|yes|today() < date('2100-01-01')",
        ]
    )
    page = phone()
    page.add_init_script(LATE)

    start(page, live_server)
    assert page.is_hidden("#q-b")
    page.click("button.next")

    assert page.is_visible("#q-b")


def test_a_rank_is_given_by_lists_and_a_signature_by_a_finger(phone, live_server):
    made = opened(
        [
            "type|name|label::zh|label::en|appearance",
            "rank c|order|排序|Rank",
            "image|sign|签名|Sign|signature",
        ],
        ["list_name|name|label::zh|label::en", "c|a|甲|A", "c|b|乙|B"],
    )
    page = phone()

    start(page, live_server)
    lists = page.locator("#q-order select")
    lists.nth(0).select_option("b")
    lists.nth(1).select_option("a")
    box = page.locator("canvas.sign").bounding_box()
    page.mouse.move(box["x"] + 20, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + 90, box["y"] + 40)
    page.mouse.up()
    page.evaluate(DRAWN)
    page.click("button.next")

    answers = made.responses.get().answers
    assert answers["order"] == ["b", "a"]
    assert made.responses.get().attachments.get().sha256 == answers["sign"]
    assert page.faults == []


@pytest.mark.parametrize("width", [360, 1200])
@pytest.mark.parametrize(
    ("scale", "rows"), [("1 5", [5]), ("1 7", [4, 3]), ("0 10", [6, 5]), ("1 10", [5, 5])]
)
def test_a_scale_stands_in_one_or_two_even_rows(phone, live_server, scale, rows, width):
    start_, end = scale.split()
    opened(
        [
            "type|name|label::zh|label::en|parameters",
            f"range|s|几分|How many|start={start_} end={end} step=1",
        ]
    )
    page = phone(width=width)

    start(page, live_server)

    boxes = page.evaluate(
        "[...document.querySelectorAll('#q-s .ten span')].map((b) => b.getBoundingClientRect())"
        ".map((b) => [Math.round(b.y), b.width])"
    )
    tops = [top for top, _width in boxes]
    assert [tops.count(top) for top in dict.fromkeys(tops)] == rows
    assert min(wide for _top, wide in boxes) >= 44
    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_a_text_that_is_too_long_is_said_and_not_cut(phone, live_server):
    made = opened(
        ["type|name|label::zh|label::en|appearance", "text|why|为什么|Why|multiline"],
    )
    page = phone()

    start(page, live_server)
    page.fill("[name=why]", "满" * 4890)
    assert page.is_hidden("#q-why .left")
    page.fill("[name=why]", "满" * 4990)
    assert page.text_content("#q-why .left") == "Characters left: 10"
    page.fill("[name=why]", "满" * 5003)
    assert page.text_content("#q-why .left") == "Too long; characters to take out: 3"
    page.click("button.next")
    assert "longer than 5000 characters" in page.text_content("#e-why")
    assert len(page.input_value("[name=why]")) == 5003
    page.fill("[name=why]", "满" * 5000)
    page.click("button.next")

    assert made.responses.get().answers == {"why": "满" * 5000}


def test_the_name_of_another_company_is_not_cut(phone, live_server):
    made = opened(
        ["type|name|label::zh|label::en|appearance", "text|c|哪家|Which|company"],
    )
    page = phone()

    start(page, live_server)
    page.locator("#q-c label", has=page.locator("input[value=other]")).click()
    page.fill("[name=c_other]", "厂" * 121)
    assert page.text_content("#q-c .left") == "Too long; characters to take out: 1"
    page.click("button.next")
    assert "longer than 120 characters" in page.text_content("#e-c")
    assert len(page.input_value("[name=c_other]")) == 121
    page.fill("[name=c_other]", "厂" * 120)
    page.click("button.next")

    assert made.responses.get().answers == {"c": "other", "c_other": "厂" * 120}
