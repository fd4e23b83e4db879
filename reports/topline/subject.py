"""Which questions are about the service of the company that was named: only these have figures by
company. A table of how many customers of a company live where, or answer in general, says nothing
of the company, and reads as if it did.
"""

from __future__ import annotations

from surveys.questionnaires.questionnaire import Questionnaire


def about_the_company(questionnaire: Questionnaire) -> frozenset[str]:
    """Return the names of the questions that the index of the questionnaire scores, and of those
    that come after the company was named and are put to nobody else.
    """
    scored = {leaf.question for leaf in questionnaire.leaves() if leaf.question}
    asked = questionnaire.company_question
    if asked is None or not asked.relevant:
        return frozenset(scored)
    names = list(questionnaire.questions)
    later = names[names.index(asked.name) + 1 :]
    conditions = set(map(str, asked.relevant))
    return frozenset(
        scored
        | {
            name
            for name in later
            if conditions <= set(map(str, questionnaire.questions[name].relevant))
        }
    )
