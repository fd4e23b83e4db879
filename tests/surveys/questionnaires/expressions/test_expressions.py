"""Expressions: what they are worth, as JavaRosa has it, and how they are refused."""

from __future__ import annotations

import json
import math
from datetime import date

import pytest

from surveys.questionnaires.expressions.evaluate import Context, evaluate
from surveys.questionnaires.expressions.functions import FUNCTIONS, arity
from surveys.questionnaires.expressions.parse import BadExpression, frozen, parse

ANSWERS = {
    "empty": "",
    "five": 5.0,
    "yes": "yes",
    "many": "a b c",
    "day": date(2026, 11, 20),
    "minus": -2.5,
}


def worth(text: str, own=""):
    context = Context(
        lambda name: ANSWERS.get(name, ""), date(2026, 11, 23), lambda q, name: f"{q}:{name}", own
    )
    return evaluate(parse(text).tree, context)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1 + 2 * 3", 7.0),
        ("(1 + 2) * 3", 9.0),
        ("-${five} + 1", -4.0),
        ("7 mod 3 = 1 and 7 div 2 = 3.5", True),
        ("${yes} = 'yes' or ${five} > 9", True),
        ("/data/group/five >= 5", True),
        ("../five != 5", False),
        # these four are where XPath 1.0 alone would be wrong (compared with JavaRosa)
        ("not(${empty})", True),
        ("${day} <= today()", True),
        ("${empty} > 3", False),
        ("'' = 0", False),
        ("round(${minus})", -2.0),
        ("int(-1.7)", -1.0),
        ("regex('12a', '[0-9]+')", False),
        ("selected(${many}, 'b')", True),
        ("count-selected(${many}) + count-selected(${empty})", 3.0),
        ("selected-at(${many}, 2)", "c"),
        ("if(${five} > 3, 'more', 'less')", "more"),
        ("coalesce(${empty}, 'x')", "x"),
        ("concat('a', 1, true())", "a1true"),
        ("substr('满意度调查', 0, 3)", "满意度"),
        ("string-length(${many})", 5.0),
        ("jr:choice-name(${yes}, '${yes}')", "yes:yes"),
        ("jr:choice-name(/data/yes, ' /data/yes ')", "yes:yes"),
        ("format-date(${day}, '%Y/%n/%e')", "2026/11/20"),
        ("min(3, 1, 2) + max(4, 5)", 6.0),
    ],
)
def test_an_expression_is_worth(text, value):
    assert worth(text) == value


def test_a_calculation_on_nothing_is_not_a_number():
    assert math.isnan(worth("${empty} + 1"))
    assert math.isnan(worth("max(${empty})"))


@pytest.mark.parametrize(
    ("text", "column", "words"),
    [
        ("selected(${a}, 'x'", 9, "never closed"),
        ("${a} > 1)", 9, "never opened"),
        ("${a} ＞ 1", 6, "full-width sign; type > instead"),
        ("selected（${a}, 'x'）", 9, "full-width sign; type \\( instead"),
        ("${a} = “x”", 8, "full-width"),
        ("'open", 1, "no closing quotation"),
        ("1 +", 4, "ends where a value"),
        ("${a b}", 1, "no reference"),
        ("1 # 2", 3, "cannot be read"),
        ("(" * 80 + "1" + ")" * 80, 61, "nested too deeply"),
    ],
)
def test_a_bad_expression_is_refused_with_its_column(text, column, words):
    with pytest.raises(BadExpression, match=words) as error:
        parse(text)
    assert error.value.column == column


def test_mentions_know_their_columns():
    parsed = parse("selected(${a}, 'x') and foo(1, 2)")

    assert [(m.name, m.column) for m in parsed.questions] == [("a", 12)]
    assert [(m.name, m.column, m.arguments) for m in parsed.functions] == [
        ("selected", 1, 2),
        ("foo", 25, 2),
    ]


def test_a_tree_survives_json():
    tree = parse("if(not(${a}), concat('x', -1), today())").tree

    assert frozen(json.loads(json.dumps(tree))) == tree


def test_every_function_says_how_many_values_it_takes():
    assert all(arity(name)[0] <= arity(name)[1] for name in FUNCTIONS)
    assert arity("lookup") is None
