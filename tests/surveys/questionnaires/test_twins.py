"""Whole questionnaires with answers drawn at random: page and server make the same of them."""

from __future__ import annotations

import random

import pytest

from surveys.questionnaires.compiling import compile_workbook
from surveys.workbooks import make
from tests.browser.conftest import phone  # noqa: F401
from tests.sheets import RICH_FILES, rich, workbook
from tests.surveys.questionnaires import twins
from tests.surveys.questionnaires.generated import by_chance

CASES = (
    "boolean-calculate",
    "column-first-used-after-row-100",
    "constraint-on-another-field",
    "count-as-own-calculate",
    "fullwidth-number-condition",
    "group-in-repeat",
    "multi-by-recoded-numbers",
    "now-calculate",
    "range-semicolon",
    "readonly-calculation",
    "repeat-count-lowered-and-raised",
    "third-language-partly",
)
NESTED = [
    "type|name|label::zh|label::en|relevant|calculation|repeat_count|choice_filter|constraint|default",
    "integer|homes|几户|Homes",
    "begin_repeat|home|户|Home|||${homes}",
    "integer|rooms|几间|Rooms",
    "begin_repeat|member|人|Member",
    "integer|age|几岁|Age|||||. < 120",
    "begin_group|grown|成人|Grown up|${age} >= 18",
    "select_one job|work|工作|Work||||level <= ${rooms}",
    "calculate|share||||${rooms} div count(${member})",
    "calculate|which||||position(../..)",
    "calculate|lot||||random()",
    "end_group",
    "end_repeat",
    "calculate|oldest||||max(${age})",
    "end_repeat",
    "calculate|everybody||||count(${member})",
    "calculate|second||||indexed-repeat(${age}, ${home}, 2, ${member}, 1)",
    "calculate|wave||||sin(${homes}) + sqrt(${homes})",
    "note|sum|共 ${everybody} 人|${everybody} people|${everybody} > 2",
]
JOBS = [
    "list_name|name|label::zh|label::en|level",
    "job|farm|种地|Farm|1",
    "job|shop|开店|Shop|2",
    "job|shop keeper|掌柜|Keeper|3",
]


def compiled(content, name, files=None):
    return compile_workbook(content, name, files).questionnaire


@pytest.fixture
def differences(phone):  # noqa: F811
    """Return a function that says where page and server differ for so many random sheets."""
    page = phone()
    page.set_content("<p></p>")
    for name in ("evaluate.js", "answers.js"):
        page.add_script_tag(path=twins.STATIC / name)

    def find(questionnaire, *, sheets=40, language="zh-Hans"):
        draw = random.Random(questionnaire.name)
        given = [twins.answers(questionnaire.questions.values(), draw) for _sheet in range(sheets)]
        ours = [twins.by_server(questionnaire, answers, language) for answers in given]
        every = [[answers, asked] for answers, (_worth, asked) in zip(given, ours, strict=True)]
        theirs = page.evaluate(
            twins.BY_PAGE, [twins.whole_logic(questionnaire, language), every, language == "en"]
        )
        return [
            (a, b, answers)
            for answers, (worth, _asked), said in zip(given, ours, theirs, strict=True)
            for a, b in zip(worth, said, strict=True)
            if not twins.alike(a, b)
        ]

    return find


@pytest.mark.parametrize("case", CASES)
def test_page_and_server_make_the_same_of_a_case(case, beside, differences):
    content = beside(f"cases/forms/{case}.xlsx").read_bytes()

    assert differences(compiled(content, f"{case}.xlsx"))[:3] == []


@pytest.mark.parametrize("form", make.FORMS, ids=lambda form: form.file)
def test_page_and_server_make_the_same_of_a_shipped_questionnaire(form, tmp_path, differences):
    make.write_all(tmp_path)
    content = (tmp_path / f"{form.file}.xlsx").read_bytes()

    assert differences(compiled(content, form.file))[:3] == []


def test_page_and_server_make_the_same_of_every_kind_of_question(differences):
    assert differences(compiled(rich(), "rich.xlsx", RICH_FILES))[:3] == []


def test_page_and_server_make_the_same_of_repeats_in_repeats(differences):
    settings = ["form_title|form_id|version", "户|homes|1"]
    nested = compiled(workbook(NESTED, JOBS, settings, None), "homes.xlsx")

    assert differences(nested, sheets=80)[:3] == []


@pytest.mark.parametrize("seeds", [range(0, 30), range(30, 60)], ids=str)
def test_page_and_server_make_the_same_of_what_chance_writes(seeds, differences):
    for seed in seeds:
        form = compiled(by_chance(seed), f"g{seed}.xlsx")

        assert differences(form, sheets=12)[:3] == [], seed


SAID = [
    "type|name|label::zh|label::en|calculation|choice_filter|relevant",
    "select_one job|work|工作|Work",
    "select_one job|other|别的工作|Other work||label != 'Shop' and label != '种地'",
    "calculate|told|||jr:choice-name(${work}, '${work}')",
    "calculate|asked|||jr:itext('/data/work:label')",
    "note|shop|店|Shop|||${told} = 'Shop' or ${told} = '种地'",
]


@pytest.mark.parametrize("language", ["zh-Hans", "en"])
def test_words_that_are_calculated_with_are_of_the_pages_language(language, differences):
    form = compiled(workbook(SAID, JOBS, indicators=None), "said.xlsx")
    (worth, _asked) = twins.by_server(form, {"work": "shop"}, language)
    said = {name: value for name, _is_met, value, _fits, _offered in worth}
    offered = {name: offered for name, _met, _value, _fits, offered in worth}

    assert differences(form, language=language)[:3] == []
    assert (said["told"], said["asked"]) == (
        ("Shop", "Work") if language == "en" else ("开店", "工作")
    )
    assert offered["other"] == (
        ["farm", "shop keeper"] if language == "en" else ["shop", "shop keeper"]
    )
