"""Patterns match what Python's own engine matches, in a time that does not explode."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.questionnaires.expressions.functions import FUNCTIONS
from surveys.questionnaires.expressions.patterns import NotUsable, pattern_of

PARTS = st.recursive(
    st.sampled_from(
        ["a", "b", ".", "[ab]", "[^a]", r"\d", r"\W", r"\b", "^", "$", "", "(?=a)", "(?!ab)", "\n"]
    ),
    lambda parts: st.one_of(
        st.lists(parts, max_size=3).map("".join),
        st.lists(parts, min_size=1, max_size=3).map(lambda p: f"(?:{'|'.join(p)})"),
        st.tuples(parts, st.sampled_from(["*", "+", "?", "{2}", "{0,2}", "{1,}", "*?"])).map(
            lambda p: f"(?:{p[0]}){p[1]}"
        ),
    ),
    max_leaves=6,
)


@given(PARTS, st.text("ab1 \n", max_size=8))
def test_what_matches_is_what_python_matches(written, text):
    assert pattern_of(written).matches(text) == bool(re.fullmatch(written, text, re.ASCII))


@pytest.mark.parametrize(
    ("written", "text"),
    [
        (r"([a-zA-Z0-9])(([\-.]|[_]+)?([a-zA-Z0-9]+))*@b\.cn", "a" * 66),
        (r"(a+)+b", "a" * 5_000),
        (r"(a|a)*b", "a" * 5_000),
        (r"(.*,){11}P", "1," * 500),
    ],
)
def test_what_keeps_python_busy_for_ever_is_answered(written, text):
    assert not pattern_of(written).matches(text)
    assert pattern_of(written.removesuffix("b").removesuffix("@b\\.cn").removesuffix("P")).matches(
        text if "," not in text else "1," * 11
    )


@pytest.mark.parametrize(
    "written", [r"(a)\1", "(", "(?<=a)b", "(?i)a", "(?>a)", "a{3000}", "((a{50}){50}){50}", "[z-a]"]
)
def test_what_is_not_bounded_or_no_pattern_is_not_used(written):
    with pytest.raises(NotUsable):
        pattern_of(written)
    assert FUNCTIONS["regex"]("a", written) is False
