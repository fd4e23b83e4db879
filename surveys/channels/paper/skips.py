"""Which questions paper can ask, their numbers there, and conditions in words, for people who
follow them: only if you chose “Yes” in question 3. Knows no Django.
"""

from __future__ import annotations

from collections.abc import Mapping

from config.language.texts import Language
from surveys.questionnaires.expressions.parse import Tree
from surveys.questionnaires.expressions.values import text
from surveys.questionnaires.questionnaire import Question, Questionnaire

# what a clerk can key: no repeats, whose number nobody knows before, no places and no files
KEYED = (
    "select_one",
    "select_multiple",
    "rank",
    "company",
    "range",
    "integer",
    "decimal",
    "text",
    "date",
    "time",
    "datetime",
)
COMPARED = {
    "zh-Hans": {
        "<": "小于",
        "<=": "不大于",
        ">": "大于",
        ">=": "不小于",
        "=": "等于",
        "!=": "不等于",
    },
    "en": {
        "<": "below",
        "<=": "at most",
        ">": "above",
        ">=": "at least",
        "=": "equal to",
        "!=": "not",
    },
}


def numbered(questionnaire: Questionnaire) -> dict[str, str]:
    """Return the number that every question has on paper: 1, 2, 3 in order."""
    names = (q.name for q in questionnaire.questions.values() if is_on_paper(q))
    return {name: str(number) for number, name in enumerate(names, start=1)}


def is_on_paper(question: Question) -> bool:
    """Say whether a question is asked on paper."""
    return question.is_asked and question.kind in KEYED


def left_out(questionnaire: Questionnaire) -> list[Question]:
    """Return the questions that paper cannot ask."""
    return [q for q in questionnaire.questions.values() if q.is_asked and not is_on_paper(q)]


def is_missed(question: Question) -> bool:
    """Say whether a form without this question may not count: it has to be answered, or something
    in every instance of it has.
    """
    if question.kind == "repeat":
        return question.count is not None and any(map(is_missed, question.parts))
    return question.is_asked and question.required is not None


def condition(
    trees: tuple[Tree, ...],
    questionnaire: Questionnaire,
    numbers: Mapping[str, str],
    language: Language,
) -> str:
    """Return the conditions of a question in words, "" for none."""
    phrases = [_phrase(tree, questionnaire, numbers, language) for tree in trees]
    if not phrases:
        return ""
    joined = ("，并且" if language == "zh-Hans" else ", and ").join(dict.fromkeys(phrases))
    return f"仅当{joined}时回答" if language == "zh-Hans" else f"Only if {joined}"


def _phrase(
    tree: Tree, questionnaire: Questionnaire, numbers: Mapping[str, str], language: Language
) -> str:
    chinese = language == "zh-Hans"

    def inner(part: Tree) -> str:
        return _phrase(part, questionnaire, numbers, language)

    def question(name: str) -> str:
        number = numbers.get(name)
        if number is None:
            return f"“{name}”"
        return f"第 {number} 题" if chinese else f"question {number}"

    def choice(name: str, value: str) -> str:
        asked = questionnaire.find(name)
        found = asked.choice(value) if asked else None
        return found.label.get(language) if found else value

    match tree:
        case ("op", "and", left, right):
            return f"{inner(left)}{'，并且' if chinese else ' and '}{inner(right)}"
        case ("op", "or", left, right):
            return f"{inner(left)}{'，或者' if chinese else ' or '}{inner(right)}"
        case ("op", ("=" | "!=") as operator, ("ref", name), ("str", "")):
            answered = operator == "!="
            if chinese:
                return f"{question(name)}{'已回答' if answered else '未回答'}"
            return f"{question(name)} is {'answered' if answered else 'left blank'}"
        case ("op", ("=" | "!=") as operator, ("ref", name), ("str", value)):
            return _chose(question(name), choice(name, value), operator == "=", chinese)
        case ("call", "selected", (("ref", name), ("str", value))):
            return _chose(question(name), choice(name, value), True, chinese)
        case ("call", "not", (("call", "selected", (("ref", name), ("str", value))),)):
            return _chose(question(name), choice(name, value), False, chinese)
        case ("call", "not", (part,)):
            return f"并非（{inner(part)}）" if chinese else f"not ({inner(part)})"
        case ("op", operator, ("ref", name), ("num" | "str", value)) if operator in COMPARED["en"]:
            how = COMPARED[language][operator]
            return (
                f"{question(name)}{how} {text(value)}"
                if chinese
                else f"{question(name)} is {how} {text(value)}"
            )
        case ("ref", name):
            return question(name)
        case ("num" | "str", value):
            return text(value)
        case ("op", operator, left, right):
            return f"{inner(left)} {operator} {inner(right)}"
        case ("call", name, arguments):
            return f"{name}({', '.join(map(inner, arguments))})"
    return str(tree[-1])


def _chose(question: str, label: str, chose: bool, chinese: bool) -> str:
    if chinese:
        return f"{question}{'选' if chose else '没有选'}“{label}”"
    return f"you {'chose' if chose else 'did not choose'} “{label}” in {question}"
