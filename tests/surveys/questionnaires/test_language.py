"""Every kind of question: what the workbook says of it, what is kept of an answer, what is
refused.
"""

from __future__ import annotations

import cProfile
import json
import pstats
from datetime import date

import pytest

from config.language.problems import InvalidInput
from surveys.questionnaires.answers import Evaluation, check
from surveys.questionnaires.compiling import compile_workbook
from surveys.questionnaires.questionnaire import from_json, to_json
from tests.sheets import RICH, RICH_CHOICES, RICH_FILES, replaced, rich, workbook

DAY = date(2026, 11, 24)


@pytest.fixture(scope="module")
def questionnaire():
    return compile_workbook(rich(), "rich.xlsx", RICH_FILES).questionnaire


def kept(questionnaire, **given):
    checked = check(questionnaire, given, today=DAY)
    return checked.answers, [(flaw.question, flaw.text) for flaw in checked.flaws]


def problems(survey=RICH, choices=RICH_CHOICES, files=RICH_FILES) -> list[str]:
    with pytest.raises(InvalidInput) as error:
        compile_workbook(rich(survey, choices), "rich.xlsx", files)
    return [problem.render() for problem in error.value.problems if not problem.warning]


def test_groups_repeats_and_loose_questions_are_sections(questionnaire):
    assert [section.name for section in questionnaire.sections] == [
        "home",
        "repairs",
        "both",
        "last.",
    ]


def test_a_rich_questionnaire_survives_json(questionnaire):
    assert from_json(json.loads(json.dumps(to_json(questionnaire)))) == questionnaire


def test_words_that_xlsform_allows_to_be_short_are_written_out(questionnaire):
    assert [choice.name for choice in questionnaire.questions["faults"].choices] == [
        "fridge",
        "none",
        "other",
    ]
    assert questionnaire.questions["faults_other"].label.zh == "请写明是什么"
    assert questionnaire.questions["city"].shuffled
    assert questionnaire.questions["city"].guidance.en == "As registered"
    assert questionnaire.questions["speed"].table == "grid"
    assert questionnaire.questions["shop"].choice("far").label.en == "Far"


@pytest.mark.parametrize(
    ("name", "given", "answer"),
    [
        ("place", "37.87 112.55", "37.87 112.55 0 0"),
        ("place", "37.87, 112.55, 800, 12.5", "37.87 112.55 800 12.5"),
        ("hour", "14:05", "14:05"),
        ("hour", "14:05:30.000+08:00", "14:05"),
        ("moment", "2026-11-24T09:00", "2026-11-24T09:00"),
        ("stars", "4", 4),
        ("photo", "a" * 64, "a" * 64),
        ("shop", "near", "near"),
        ("faults", ["fridge", "other"], ["fridge", "other"]),
    ],
)
def test_an_answer_is_kept_as_its_kind_says(questionnaire, name, given, answer):
    answers, flaws = kept(questionnaire, **{name: given})

    assert answers[name] == answer
    assert not flaws


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("place", "nowhere"),
        ("place", "91 112"),
        ("place", "nan 112"),
        ("hour", "25:00"),
        ("moment", "yesterday"),
        ("stars", "6"),
        ("photo", "photo.jpg"),
        ("shop", "gone"),
        ("faults", ["fridge", "none"]),
        ("faults", {"a": 1}),
        ("repairs", "three"),
        ("repairs", [{"cost": "-1"}]),
        ("repairs", [{}]),
        ("repairs", [{"cost": "1"}] * 51),
    ],
)
def test_an_answer_of_no_kind_is_refused_by_name(questionnaire, name, given):
    _answers, flaws = kept(questionnaire, **{name: given})

    assert [question.partition(":")[0] for question, _text in flaws] == [name]


def test_a_choice_that_does_not_go_with_another_answer_is_refused(questionnaire):
    assert kept(questionnaire, city="ty", county="xd")[1] == []
    assert [question for question, _text in kept(questionnaire, city="dt", county="xd")[1]] == [
        "county"
    ]


def test_each_sheet_of_a_repeat_has_conditions_and_calculations_of_its_own(questionnaire):
    sheets = [{"cost": "600", "why": "parts"}, {"cost": "20", "why": "never asked"}]

    answers, flaws = kept(questionnaire, repairs=sheets)

    assert not flaws
    assert answers["repairs"] == [
        {"cost": 600, "why": "parts", "twice": 1200},
        {"cost": 20, "twice": 40},
    ]


def test_a_flaw_inside_a_repeat_says_in_which_sheet(questionnaire):
    _answers, flaws = kept(questionnaire, repairs=[{"cost": "1"}, {"cost": "many"}])

    assert [question for question, _text in flaws] == ["repairs:1:cost"]


def test_a_hidden_question_has_its_default_and_is_not_shown(questionnaire):
    assert kept(questionnaire)[0]["wave"] == "2026"
    evaluation = Evaluation(questionnaire, {}, today=DAY)
    assert not evaluation.is_shown(questionnaire.questions["wave"])


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "geopoint|place",
            "geoshape|place",
            "row 7, column A (type): the type geoshape is not supported",
        ),
        ("range|stars", "begin_repeat|inner", "a repeat stands in at most one other"),
        ("end_repeat", "end_group", "closes what row 14 opens as begin_repeat"),
        ("city = ${city}", "city = ${town}", "there is no question town"),
        ("在${city}坏过", "在${town}坏过", "there is no question town to be shown"),
        ("shops.csv", "places.csv", "the file places.csv did not come with the workbook"),
        ("|||||||start=1 end=5", "|||||||start=5 end=1", "a range needs numbers"),
        (
            "time|hour|几点？|What time?",
            "time|hour|几点？|What time?|||||||||||later()",
            "there is no function later",
        ),
        ("||||multiline", "||||search('x')", "search() is not supported"),
    ],
)
def test_what_is_not_supported_is_refused_at_its_cell(old, new, said):
    survey = replaced(RICH, old, new)
    if "begin_repeat|inner" in new:
        survey = [
            *RICH[:15],
            "begin_repeat|inner|内|Inner",
            "begin_repeat|innermost|内|Inner",
            "integer|x|多|Many",
            "end_repeat",
            "end_repeat",
            *RICH[15:],
        ]

    assert any(said in problem for problem in problems(survey)), problems(survey)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\xff\xfe\x00", "is no CSV file in UTF-8"),
        (b"code,label\n1,a\n", "has no column name"),
        (b"name,label\na b,x\n", "row 2: needs a name of its own"),
        (b"name,label\na,x\na,y\n", "row 3: needs a name of its own"),
    ],
)
def test_a_list_that_cannot_be_read_is_refused(content, said):
    assert any(said in problem for problem in problems(files={"shops.csv": content}))


def test_a_questionnaire_in_one_language_is_shown_in_both_with_a_warning():
    survey = ["type|name|label", "text|why|为什么？"]

    compiled = compile_workbook(workbook(survey, None, indicators=None), "one.xlsx")

    assert compiled.questionnaire.questions["why"].label.en == "为什么？"
    assert [problem.text for problem in compiled.warnings] == [
        "asks in one language only; whoever reads the other one sees the same words"
    ]


def test_twice_as_many_choices_are_twice_the_work():
    """Counted in calls, because a busy machine has no reliable seconds. 3,000 choices took .6 s."""

    def calls(n):
        choices = [
            "list_name|name|label::zh|label::en",
            *(f"village|v{i}|第{i}村|Village {i}" for i in range(n)),
        ]
        survey = ["type|name|label::zh|label::en", "select_one village|where|哪里？|Where?"]
        content = workbook(survey, choices, indicators=None)
        profile = cProfile.Profile()
        compiled = profile.runcall(compile_workbook, content, "villages.xlsx")
        assert len(compiled.questionnaire.questions["where"].choices) == n
        return pstats.Stats(profile).total_calls

    calls(10)  # what is done only once in a process
    assert calls(2000) <= 2 * calls(1000)
