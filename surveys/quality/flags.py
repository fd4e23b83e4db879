"""What a flag says in words: which check, and what it saw."""

from __future__ import annotations

from django.utils.translation import gettext as _

from config.language.languages import spoken
from config.language.problems import say
from surveys.collection.models.survey import Survey
from surveys.collection.selectors import questionnaire_of
from surveys.quality.models import Flag

CHECKS = {
    "speed": say("faster than a third of what is usual"),
    "straight": say("the same answer throughout"),
    "attention": say("an attention item was not met"),
    "impossible": say("two answers that cannot both be true"),
    "night": say("an interview at night"),
    "sealed": say("came by a link that was handed to the company it is about"),
    "device": say("several responses from one device"),
    "answers": say("the same answers as another response"),
    "text": say("the same written text as another response"),
    "interviewer": say("an interviewer whose responses repeat themselves"),
    "burst": say("one company alone within a short time"),
}
# what a flag says beside its check; the share of high scores in a burst is not shown: whoever
# decides sees no score
DETAILS = {
    "speed": say("{seconds} s a question, usual {usual}"),
    "straight": say("{same} of {of} answers"),
    "attention": say("“{question}”"),
    "impossible": say("“{first}” and “{second}”"),
    "night": say("at {hour}"),
    "device": say("{responses} responses"),
    "answers": say("{alike} of the answers"),
    "text": say("“{question}”, {responses} responses"),
    "interviewer": say("{alike} of {of} responses"),
    "burst": say("{responses} responses"),
}


def label(check: str) -> str:
    """Return the name of a check."""
    return _(CHECKS.get(check, check))


def detail(flag: Flag, survey: Survey) -> str:
    """Return what a flag saw: questions by their labels, shares in percent, hours as a clock
    shows them.
    """
    questionnaire = questionnaire_of(survey)
    values = dict(flag.detail)
    for key in ("question", "first", "second"):
        if question := questionnaire.find(str(values.get(key, ""))):
            values[key] = question.label.get(spoken()) or question.name
    if flag.check_name == "answers":
        values["alike"] = f"{values['alike']:.0%}"
    if flag.check_name == "night":
        values["hour"] = f"{int(values['hour'])}:{int(values['hour'] % 1 * 60):02d}"
    return _(DETAILS[flag.check_name]).format(**values) if flag.check_name in DETAILS else ""
