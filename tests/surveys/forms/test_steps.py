"""From section to section, without a page or a database."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from surveys.forms.steps import Posted, section_named, take
from surveys.questionnaires.answers import Evaluation, Flaw
from surveys.questionnaires.compiling import compile_workbook
from tests.sheets import RICH_FILES, SURVEY, replaced, rich, workbook

NOW = datetime(2026, 11, 25, 12)  # noqa: DTZ001
YOU = {"repaired": "yes", "problems": ["late"]}
VISIT = {"company": "ash", "speed": "9", "fixed": "no"}


def compiled(book, files=None):
    return compile_workbook(book, "small.xlsx", files).questionnaire


def step(questionnaire, at, answers, *, go="next", refused=(), seen=None):
    looked = []

    def look(given):
        looked.append(given)
        return Evaluation(questionnaire, given, today=NOW.date(), now=NOW, companies=["ash", "elm"])

    shown = frozenset(answers) if seen is None else frozenset(seen)
    posted = Posted(
        section_named(questionnaire.sections, at), go, dict(answers), tuple(refused), shown
    )
    taken = take(posted, look)
    assert len(looked) == 1, "answers are looked at once"
    return taken


@pytest.fixture(scope="module")
def small():
    return compiled(workbook())


@pytest.fixture(scope="module")
def large():
    return compiled(rich(), RICH_FILES)


def test_on_to_the_next_section(small):
    taken = step(small, "you", YOU)

    assert (taken.section.name, taken.flaws, taken.is_end) == ("visit", (), False)


def test_back_is_free_even_with_something_missing(small):
    taken = step(small, "visit", YOU, go="back")

    assert (taken.section.name, taken.flaws) == ("you", ())


def test_back_from_the_first_section_stays_there(small):
    assert step(small, "you", {}, go="back").section.name == "you"


def test_what_is_missing_keeps_one_in_the_section(small):
    taken = step(small, "you", {"problems": ["late"]}, seen=["repaired", "problems"])

    assert taken.section.name == "you"
    assert [flaw.question for flaw in taken.flaws] == ["repaired"]
    assert taken.status == 422


def test_a_question_that_was_not_on_the_page_is_shown_and_not_blamed(small):
    taken = step(small, "you", {"problems": ["late"]}, seen=["problems"])

    assert (taken.section.name, taken.flaws, taken.status) == ("you", (), 200)


def test_the_last_section_in_order_is_finished(small):
    taken = step(small, "visit", YOU | VISIT)

    assert taken.is_end
    assert taken.is_finished
    assert taken.evaluation.checked().answers["company"] == "ash"


def test_the_end_with_something_missing_is_not_finished(small):
    taken = step(small, "visit", YOU | VISIT | {"speed": ""})

    assert taken.is_end
    assert not taken.is_finished
    assert [flaw.question for flaw in taken.flaws] == ["speed"]


def test_the_end_leads_to_an_earlier_answer_that_is_missing(small):
    taken = step(small, "visit", {"repaired": "yes", **VISIT, "problems": ["none", "late"]})

    assert taken.section.name == "you"
    assert [flaw.question for flaw in taken.flaws] == ["problems"]
    assert not taken.is_finished


def test_sections_that_are_not_reached_are_passed_over(small):
    assert step(small, "you", {"repaired": "no", "problems": ["none"]}).is_finished


def test_a_language_changes_nothing_else(small):
    taken = step(small, "visit", YOU, go="en")

    assert (taken.section.name, taken.language, taken.flaws) == ("visit", "en", ())


def test_a_file_that_was_refused_is_said_before_anything_else(small):
    taken = step(small, "you", YOU, refused=[Flaw("photo", "is no picture")])

    assert taken.section.name == "you"
    assert [flaw.question for flaw in taken.flaws] == ["photo"]


@pytest.mark.parametrize(
    ("go", "left"),
    [
        ("add:repairs", [{"cost": "1"}, {"cost": "2"}, {}]),
        ("remove:repairs:0", [{"cost": "2"}]),
        ("remove:repairs:9", [{"cost": "1"}, {"cost": "2"}]),
        ("remove:repairs:-1", [{"cost": "1"}, {"cost": "2"}]),
        ("add:nothing", [{"cost": "1"}, {"cost": "2"}]),
    ],
)
def test_instances_more_and_fewer(large, go, left):
    at = next(
        section.name
        for section in large.sections
        if "repairs" in [q.name for q in section.questions]
    )

    taken = step(large, at, {"repairs": [{"cost": "1"}, {"cost": "2"}]}, go=go)

    assert taken.section.name == at
    assert taken.answers["repairs"] == left
    assert taken.evaluation.given == taken.answers


def test_a_section_that_hangs_on_the_company_is_reached():
    """The companies were not known where the next section was looked for: it was passed over."""
    survey = replaced(
        SURVEY,
        "select_one yes_no|fixed",
        "end_group\nbegin_group|after|后|After||${company} = 'ash'\nselect_one yes_no|fixed",
    )
    questionnaire = compiled(workbook([line for row in survey for line in row.split("\n")]))

    assert (
        step(questionnaire, "visit", YOU | {"company": "ash", "speed": "9"}).section.name == "after"
    )
    assert step(questionnaire, "visit", YOU | {"company": "elm", "speed": "9"}).is_finished


@pytest.mark.parametrize(
    "changed",
    [
        {"given": YOU | {"repaired": "no"}},
        {"given": {"repaired": "yes", "problems": ("late",)}},
        {"now": datetime(2026, 11, 25, 13)},  # noqa: DTZ001
        {"companies": ["ash"]},
        {"seed": "other"},
        {"started": datetime(2026, 11, 25, 11)},  # noqa: DTZ001
        {"language": "en"},
    ],
)
def test_an_evaluation_is_of_its_own_answers_moment_companies_and_seed_only(small, changed):
    given = {**YOU}
    same = {"given": given, "now": NOW, "started": NOW, "companies": ["elm", "ash"], "seed": "7"}
    same |= {"language": "zh-Hans"}
    evaluation = Evaluation(
        small,
        given,
        today=date(2026, 11, 25),
        now=NOW,
        companies=["ash", "elm"],
        seed="7",
        language="zh-Hans",
    )

    assert evaluation.is_of(small, **same)
    assert not evaluation.is_of(small, **{**same, **changed})


def test_an_evaluation_notices_answers_that_were_changed_in_place(small):
    given = {"repaired": "yes", "problems": ["late"]}
    evaluation = Evaluation(small, given, today=NOW.date(), now=NOW)

    given["problems"].append("price")

    same = {"now": NOW, "started": None, "companies": (), "seed": "", "language": "zh-Hans"}
    assert not evaluation.is_of(small, given, **same)
