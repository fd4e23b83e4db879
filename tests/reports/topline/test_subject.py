"""Figures by company stand only where a question is about that company's service."""

from __future__ import annotations

from config.language.texts import Text
from reports.topline.subject import about_the_company
from surveys.questionnaires.questionnaire import Indicator, Question, Questionnaire, Section

SERVED = (("=", ("ref", "served"), "yes"),)
CITY = Question("city", "select_one", Text("城市", "City"))


def named(*, relevant=(), later_relevant=(), scored=()) -> frozenset[str]:
    questions = (
        CITY,
        Question("company", "company", Text("企业", "Company"), relevant=relevant),
        Question("fixed", "select_one", Text("修好", "Fixed"), relevant=later_relevant),
        Question("age", "select_one", Text("年龄", "Age")),
    )
    index = tuple(Indicator(name, Text(name, name), 1.0, question=name) for name in scored)
    section = Section("all", Text("全部", "All"), questions)
    return about_the_company(Questionnaire("q", "1", Text("问", "Q"), (section,), index))


def test_what_is_put_only_to_those_who_were_served_is_about_the_company():
    assert named(relevant=SERVED, later_relevant=SERVED) == {"fixed"}


def test_what_everybody_is_asked_is_not():
    assert named(relevant=SERVED) == frozenset()
    assert named() == frozenset()


def test_what_the_index_scores_is():
    assert named(scored=["fixed"]) == {"fixed"}
