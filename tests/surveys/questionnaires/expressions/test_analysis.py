"""What is certainly wrong is said before fieldwork, and nothing else."""

from __future__ import annotations

import pytest

from surveys.questionnaires.expressions.analysis import Declared, findings
from surveys.questionnaires.expressions.parse import parse

KNOWN = {
    "repaired": Declared("select_one", frozenset({"yes", "no"})),
    "age": Declared("integer"),
    "stars": Declared("range", low=1, high=5),
    "name": Declared("text"),
    "cost": Declared("decimal", repeats=("repairs",)),
    "repairs": Declared("begin_repeat", repeats=("repairs",)),
}


def said(text, repeats=()):
    return [
        found.text.format(**found.values)
        for found in findings(parse(text).tree, KNOWN, repeats=repeats, is_condition=True)
    ]


@pytest.mark.parametrize(
    "text",
    [
        "${repaired} = 'yes' and ${repaired} = 'no'",
        "${repaired} != 'yes' and ${repaired} != 'no'",
        "${age} > 60 and ${age} < 18",
        "${age} > 18 and ${age} <= 18",
        "18 > ${age} and ${name} = 'x' and 60 < ${age}",
        "${stars} > 5",
        "${stars} = 0",
        "${age} = '5' and ${age} = 6",
    ],
)
def test_a_condition_that_can_never_hold(text):
    assert [words for words in said(text) if "never hold" in words]


@pytest.mark.parametrize(
    "text",
    [
        "${repaired} = 'yes' or ${repaired} = 'no'",
        "${repaired} = 'yes' and ${age} > 60",
        "${age} >= 18 and ${age} <= 18",
        "${stars} >= 5",
        "${stars} != 3",
        "${age} > 60 or ${age} < 18",
        "not(${repaired} = 'yes') and ${repaired} = 'no'",
        "${name} = 'x' and ${name} = 'y'",  # texts are left alone
        "${age} = ''",
        "${name} > 5",
        "sum(${cost}) > 5 and count(${repairs}) > 1",
        "indexed-repeat(${cost}, ${repairs}, 1) > 5",
    ],
)
def test_a_condition_that_may_hold_is_left_alone(text):
    assert said(text) == []


def test_a_number_that_is_compared_with_words():
    assert said("${age} = 'old'") == ["age is a number and “old” is none, so this can never hold"]


def test_a_number_is_always_another_than_words():
    assert said("${age} != 'old'") == ["age is a number and “old” is none, so this always holds"]


def test_a_member_of_a_household_sees_its_household_and_not_the_other_way_round():
    known = {
        "rooms": Declared("integer", repeats=("household",)),
        "age": Declared("integer", repeats=("household", "member")),
    }

    def found(text, repeats):
        tree = parse(text).tree
        return list(findings(tree, known, repeats=repeats, is_condition=False))

    assert found("${rooms} > 1", ("household", "member")) == []
    assert found("${age} > 1", ("household", "member")) == []
    assert found("max(${age}) > 1", ("household",)) == []
    assert found("${age} > 1", ("household",)) != []
    assert found("${rooms} > 1", ("car",)) != []


def test_words_in_a_calculation():
    assert said("${age} + 'x' > 1") == ["“x” is no number to calculate with"]


def test_answers_of_a_repeat_are_one_answer_only_inside_it():
    assert "in every instance of a repeat" in said("${cost} > 5")[0]
    assert said("${cost} > 5", repeats=("repairs",)) == []


@pytest.mark.parametrize("pattern", [r"(a)\1", "(", "((a{50}){50}){50}"])
def test_a_pattern_that_cannot_be_used(pattern):
    [text] = said(f"regex(${{name}}, '{pattern}')")

    assert text.startswith(f"“{pattern}” is no pattern")
    assert said("regex(${name}, '[0-9]{11}')") == []
