"""Answers against their questionnaire."""

from __future__ import annotations

from datetime import date

import pytest

from surveys.questionnaires.answers import Evaluation, check
from surveys.questionnaires.compiling import compile_workbook
from tests.sheets import workbook

TODAY = date(2026, 11, 23)
FULL = {
    "repaired": "yes",
    "problems": ["late"],
    "company": "ash",
    "speed": "9",
    "fixed": "no",
    "hours": "30",
}


@pytest.fixture(scope="module")
def questionnaire():
    return compile_workbook(workbook(), "small.xlsx").questionnaire


def checked(questionnaire, **given):
    return check(questionnaire, {**FULL, **given}, today=TODAY, companies=["ash"])


def test_good_answers_are_kept_in_order_with_calculations(questionnaire):
    result = checked(questionnaire)

    assert result.flaws == ()
    assert list(result.answers) == [
        "repaired",
        "problems",
        "company",
        "speed",
        "fixed",
        "hours",
        "late",
    ]
    assert result.answers["hours"] == 30
    assert result.answers["late"] == 1


def test_what_is_not_relevant_is_left_out_and_not_required(questionnaire):
    result = check(questionnaire, {**FULL, "repaired": "no"}, today=TODAY)

    assert result.flaws == ()
    assert result.answers == {"repaired": "no", "problems": ["late"]}
    evaluation = Evaluation(questionnaire, {"repaired": "no"}, today=TODAY)
    assert [section.name for section in evaluation.reachable()] == ["you"]


@pytest.mark.parametrize(
    ("given", "question", "words"),
    [
        ({"speed": ""}, "speed", "please answer"),
        ({"speed": "11"}, "speed", "not among the answers"),
        ({"problems": ["none", "late"]}, "problems", "does not fit"),
        ({"problems": "late burnt"}, "problems", "not among"),
        ({"hours": "-1"}, "hours", "does not fit"),
        ({"hours": "two"}, "hours", "is not a number"),
        ({"hours": "5²"}, "hours", "is not a number"),
        ({"hours": "1.5"}, "hours", "not a whole number"),
        ({"hours": "1e400"}, "hours", "is not a number"),
        ({"company": "elm"}, "company", "not among the companies"),
        ({"company": "other"}, "company", "which company"),
        ({"comment": "x" * 5001}, "comment", "longer than"),
        ({"speed": {"a": 1}}, "speed", "not a text or a number"),
        ({"problems": [["late"]]}, "problems", "not a text or a number"),
    ],
)
def test_a_flaw_is_named(questionnaire, given, question, words):
    flaws = checked(questionnaire, **given).flaws

    assert [flaw.question for flaw in flaws] == [question]
    assert words in flaws[0].text


def test_unknown_questions_and_control_characters_are_not_kept(questionnaire):
    answers = checked(questionnaire, spam="x", comment="a\x00b\u200b").answers

    assert "spam" not in answers
    assert answers["comment"] == "ab"


def test_another_company_keeps_what_was_written(questionnaire):
    answers = checked(questionnaire, company="other", company_other="街口维修部").answers

    assert answers["company"] == "other"
    assert answers["company_other"] == "街口维修部"


def test_an_instance_above_a_lowered_number_is_not_looked_up():
    rows = [
        "type|name|label::zh|label::en|repeat_count|calculation",
        "integer|homes|几户|Homes",
        "begin_repeat|home|户|Home|${homes}",
        "integer|age|几年|Age",
        "end_repeat",
        "calculate|second||||indexed-repeat(${age}, ${home}, 2)",
    ]
    content = workbook(rows, None, ["form_title|form_id|version", "户|homes|1"], None)
    homes = compile_workbook(content, "homes.xlsx").questionnaire

    def second(number):
        given = {"homes": number, "home": [{"age": "3"}, {"age": "17"}]}
        return check(homes, given, today=TODAY).answers.get("second")

    assert second("2") == 17
    assert second("1") is None


def test_what_is_not_asked_in_one_instance_is_not_counted():
    """As XPath has it: a node that is not relevant is in no set of nodes."""
    rows = [
        "type|name|label::zh|label::en|relevant|calculation",
        "begin_repeat|r|一台|One",
        "select_one yn|has|有吗|Any",
        "text|what|什么|What|${has} = 'yes'",
        "end_repeat",
        "calculate|asked||||count(${what})",
        "calculate|all||||join('+', ${what})",
    ]
    choices = ["list_name|name|label::zh|label::en", "yn|yes|是|Yes", "yn|no|否|No"]
    settings = ["form_title|form_id|version", "台|r|1"]
    form = compile_workbook(workbook(rows, choices, settings, None), "r.xlsx").questionnaire
    given = [{"has": "yes", "what": "a"}, {"has": "no", "what": "b"}, {"has": "yes", "what": "c"}]

    answers = check(form, {"r": given}, today=TODAY).answers

    assert answers["asked"] == 2
    assert answers["all"] == "a+c"


@pytest.mark.parametrize("asked", ["${n}", "'x'"])
def test_the_length_of_an_identifier_may_be_unanswered(asked):
    rows = [
        "type|name|label::zh|label::en|calculation",
        "integer|n|几|How many",
        f"calculate|id|||uuid({asked})",
    ]
    form = compile_workbook(
        workbook(rows, None, ["form_title|form_id|version", "n|n|1"], None), "n.xlsx"
    ).questionnaire

    assert len(check(form, {}, today=TODAY, seed="s").answers["id"]) == 36


def test_a_repeat_in_a_repeat_has_as_many_instances_as_an_expression_says():
    rows = [
        "type|name|label::zh|label::en|repeat_count",
        "begin_repeat|home|户|Home|2",
        "integer|rooms|几间|Rooms",
        "begin_repeat|room|间|Room|${rooms} + 1",
        "text|what|什么|What",
        "end_repeat",
        "end_repeat",
    ]
    content = workbook(rows, None, ["form_title|form_id|version", "户|homes|1"], None)
    homes = compile_workbook(content, "homes.xlsx").questionnaire
    given = {"home": [{"rooms": "1", "room": [{"what": "a"}, {"what": "b"}]}]}

    assert check(homes, given, today=TODAY).answers["home"][0]["room"] == [
        {"what": "a"},
        {"what": "b"},
    ]
