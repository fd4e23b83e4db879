"""Conditions in words, for people who follow them on paper: only if you chose “Yes” in question
3. Knows no Django.
"""

from __future__ import annotations

from collections.abc import Mapping

from config.language.texts import Language
from surveys.questionnaires.expressions.parse import Tree
from surveys.questionnaires.expressions.values import text
from surveys.questionnaires.questionnaire import Questionnaire

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
    """Return the number that every question has on paper: 1, 2, 3 in order, 4.1 and 4.2 inside a
    repeat.
    """
    numbers: dict[str, str] = {}
    count = 0
    for question in questionnaire.questions.values():
        if question.is_asked:
            count += 1
            numbers[question.name] = str(count)
            asked = (part for part in question.parts if part.is_asked)
            numbers |= {part.name: f"{count}.{i}" for i, part in enumerate(asked, start=1)}
    return numbers


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
