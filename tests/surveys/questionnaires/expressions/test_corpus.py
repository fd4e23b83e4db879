"""One corpus, three evaluators: Python, JavaScript in a browser, and JavaRosa as the judge of
both.
"""

from __future__ import annotations

import json
import math
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from surveys.questionnaires.expressions.evaluate import Context, draw, evaluate
from surveys.questionnaires.expressions.functions import FUNCTIONS, IN_CONTEXT
from surveys.questionnaires.expressions.parse import LEVELS, parse
from surveys.questionnaires.expressions.values import text
from tests.browser.conftest import phone  # noqa: F401
from tests.surveys.questionnaires.expressions import corpus
from tests.surveys.questionnaires.expressions.judge import judged

EVALUATE = Path(__file__).parents[4] / "surveys" / "static" / "surveys" / "evaluate.js"
TABLE = corpus.read()

# where we differ from JavaRosa on purpose: the expressions, and why
DIFFERENCES = {
    r"max\(.*(/data/minus)": "JavaRosa's max of numbers below 0 is 0: it begins with the smallest"
    " number above 0",
    r"min\(.*1 div 0": "JavaRosa's min of Infinity is the largest number there is: it begins with"
    " that",
    r"count-non-empty\(/data/rep\)": "what a repeat itself holds is no value that could be empty",
}
EVALUATED = """trees => {
  const moment = (at) => Expressions.moment(at);
  const answers = {empty: "", five: 5, minus: -2.5, yes: "yes", many: "a b c", zh: "满意度调查",
                   day: moment("2026-11-20"), moment: moment("2026-11-20T14:05:30"),
                   cost: [10, 20.5, ""], word: ["a", "b", ""], rep: ["", "", ""]};
  const towns = [{name: "ty", label: "太原", pop: "530"}, {name: "dt", label: "大同", pop: "310"}];
  const labels = {a: "A", b: "B", c: "C"};
  const context = {own: "", today: moment("2026-11-24"), now: moment("2026-11-24T00:00"), seed: "", positions: [],
                   row: {}, label: (q, n) => (q === "many" && labels[n]) || "",
                   listRows: (name) => (name === "towns" ? towns : []),
                   answer: (name) => (name in answers ? answers[name] : ""),
                   answerAt: (name, {rep}) => (rep <= answers[name].length ? answers[name][rep - 1] : "")};
  return trees.map((tree) => Expressions.text(Expressions.evaluate(tree, context)));
}"""


def alike(ours: str, theirs: str) -> bool:
    """Compare two texts, numbers to the last digit but one: JavaRosa works out times in
    thousandths of seconds.
    """
    if ours == theirs:
        return True
    try:
        return math.isclose(float(ours), float(theirs), rel_tol=1e-11)
    except ValueError:
        return False


def by_python(expression: str) -> str:
    return text(evaluate(parse(expression).tree, corpus.context()))


@pytest.fixture
def by_browser(phone):  # noqa: F811
    """Return a function that evaluates trees in Chromium."""
    page = phone()
    page.set_content("<p></p>")
    page.add_script_tag(path=EVALUATE)
    return lambda trees: page.evaluate(EVALUATED, json.loads(json.dumps(trees)))


def test_python_is_worth_what_javarosa_said():
    wrong = [
        (expression, theirs, ours)
        for expression, kind, theirs in TABLE
        if kind != corpus.STOPS
        and not any(re.match(pattern, expression) for pattern in DIFFERENCES)
        and not alike(ours := by_python(expression), theirs)
    ]

    assert wrong == []


def test_where_javarosa_stops_python_gives_a_value():
    assert all(
        isinstance(by_python(expression), str)
        for expression, kind, _theirs in TABLE
        if kind == corpus.STOPS
    )


def test_every_difference_is_still_one():
    for pattern in DIFFERENCES:
        of_it = [
            (e, theirs)
            for e, kind, theirs in TABLE
            if kind != corpus.STOPS and re.match(pattern, e)
        ]
        assert any(not alike(by_python(e), theirs) for e, theirs in of_it), pattern


def test_the_corpus_has_every_function_and_operator():
    everything = "\n".join(expression for expression, _kind, _text in TABLE)
    by_property = {"today", "now", "random", "uuid", "pulldata", "once", "true", "false", "if"}
    by_property |= {"jr:itext"}  # looked up when a workbook is compiled

    for name in {*FUNCTIONS, *IN_CONTEXT} - by_property:
        assert f"{name}(" in everything, name
    for operator in {operator for level in LEVELS for operator in level}:
        assert f" {operator} " in everything, operator


def test_the_browser_is_worth_what_python_is(by_browser):
    expressions = [expression for expression, _kind, _text in TABLE]

    worth = by_browser([parse(expression).tree for expression in expressions])

    ours = map(by_python, expressions)
    assert [w for w in zip(expressions, worth, ours, strict=True) if not alike(w[1], w[2])] == []


def test_javarosa_still_says_what_the_table_says(program, tmp_path):
    java, javac = program("java"), program("javac")

    worth = judged(
        corpus.FORM, [expression for expression, _kind, _text in TABLE], tmp_path, java, javac
    )

    for (expression, kind, written), (said_kind, said) in zip(TABLE, worth, strict=True):
        assert said_kind == kind, expression
        assert kind == corpus.STOPS or said == written, expression


LEAVES = st.sampled_from(
    [*corpus.ATOMS, "'１２ab'", "'😀'", "1e0"[:1], "0.1", "123456789.25", "''", "' x '"]
)
ARGUMENTS = {
    name: (f.least, min(f.most, max(f.least, 2)))
    for name, f in FUNCTIONS.items()
    if name != "regex"
}


@st.composite
def trees(draw_, depth=3):
    """Return an expression as text, of any functions and operators."""
    if depth == 0 or draw_(st.booleans()):
        return draw_(LEAVES)
    if draw_(st.booleans()):
        operator = draw_(st.sampled_from(corpus.OPERATORS))
        return f"({draw_(trees(depth - 1))} {operator} {draw_(trees(depth - 1))})"
    name = draw_(st.sampled_from(sorted(ARGUMENTS)))
    count = draw_(st.integers(*ARGUMENTS[name]))
    return f"{name}({', '.join(draw_(trees(depth - 1)) for _i in range(count))})"


@settings(
    max_examples=5,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(trees(), min_size=100, max_size=200))
def test_any_expression_is_worth_the_same_in_python_and_browser(by_browser, expressions):
    worth = by_browser([parse(expression).tree for expression in expressions])

    ours = map(by_python, expressions)
    assert [w for w in zip(expressions, worth, ours, strict=True) if not alike(w[1], w[2])] == []


def test_what_is_drawn_at_random_is_the_same_on_page_and_server(phone):  # noqa: F811
    page = phone()
    page.set_content("<p></p>")
    page.add_script_tag(path=EVALUATE)
    seeds = [f"{i}:arm:{j}" for i in range(50) for j in ("é", "满", "😀")]

    drawn = page.evaluate("seeds => seeds.map(Expressions.draw)", seeds)

    assert drawn == [draw(seed) for seed in seeds]


def test_random_numbers_are_spread_evenly_and_identifiers_differ():
    def worth(expression, seed):
        context = Context(lambda name: "", corpus.TODAY, lambda q, n: "", seed=seed)
        return evaluate(parse(expression).tree, context)

    numbers = [worth("random()", str(seed)) for seed in range(4000)]
    names = {worth("uuid()", str(seed)) for seed in range(200)}

    # of 4,000 even draws each tenth has 400 ± 19; five standard deviations
    assert all(abs(sum(i / 10 <= x < (i + 1) / 10 for x in numbers) - 400) < 95 for i in range(10))
    assert len(names) == 200
    assert all(
        re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}", name)
        for name in names
    )
    assert re.fullmatch(r"[A-Z0-9]{8}", worth("uuid(8)", "x"))
