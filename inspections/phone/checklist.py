"""A checklist as the page on the phone has it: every section rendered as respondents' pages are,
with one instance of each repeat to make more of, and the logic of all of them at once.

It hangs on version, language and the companies of the campaign alone, so a phone keeps it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone

from config.language.languages import speaking
from config.language.texts import NO_WORDS, Language
from inspections.campaigns.models import Campaign
from surveys.collection.selectors import companies_of
from surveys.forms.logic import logic
from surveys.forms.models import QuestionnaireVersion
from surveys.forms.page import page
from surveys.questionnaires.questionnaire import Question, Section, with_parts
from surveys.respondent.fill import picture_of


def checklist(
    campaign: Campaign, version: QuestionnaireVersion, language: Language
) -> dict[str, Any]:
    """Return the pieces: html; logic (questions, repeats, lists); required, the conditions by
    question; pictures, the addresses that the page needs without network.
    """
    questionnaire = version.questionnaire
    whole = Section("", NO_WORDS, tuple(questionnaire.questions.values()))
    asked = [part for question in whole.questions for part in with_parts(question)]
    # what a count would leave out is shown once, to be copied; the page counts by the logic
    shown = replace(
        questionnaire,
        sections=tuple(
            replace(section, questions=tuple(map(_uncounted, section.questions)))
            for section in questionnaire.sections
        ),
    )
    picture = picture_of(version)
    with speaking(language):
        pages = [
            page(
                shown,
                section,
                _once(whole.questions),
                language=language,
                today=timezone.localdate(),
                companies=companies_of(campaign.survey),
                picture=picture,
            )
            for section in shown.sections
        ]
        html = render_to_string("inspections/phone/checklist.html", {"pages": pages})
        rules = logic(questionnaire, whole, {}, language, "")
    return {
        "version": version.pk,
        "language": language,
        "html": html,
        "logic": {name: rules[name] for name in ("questions", "repeats", "lists")},
        "required": {one.name: one.required for one in asked if one.required is not None},
        "pictures": sorted(
            {picture(choice.image) for one in asked for choice in one.choices if choice.image}
        ),
    }


def _uncounted(question: Question) -> Question:
    return replace(question, count=None, parts=tuple(map(_uncounted, question.parts)))


def _once(questions: tuple[Question, ...]) -> Mapping[str, Any]:
    """Return answers in which every repeat has one instance, empty but for the repeats in it."""
    return {one.name: [_once(one.parts)] for one in questions if one.kind == "repeat"}
