"""Each check: what it flags, and what honest people do that it must leave alone."""

from __future__ import annotations

import numpy as np
import pytest

from surveys.quality.checks import alike, bursts, single
from surveys.quality.checks.columns import Flag
from surveys.quality.checks.run import Settings, run, suspicious
from tests.surveys.quality.worlds import few


def flagged(flags, strength=0.0):
    return sorted(flag.response for flag in flags if flag.strength >= strength)


def test_a_third_of_the_usual_pace_is_fast_and_a_quarter_is_too_fast():
    begun = few().sent - 120  # ten seconds a question
    begun[3], begun[4], begun[5] = few().sent[3] - 45, few().sent[4] - 38, few().sent[5] - 20
    columns = few(begun=begun)

    assert flagged(single.speeders(columns)) == [4, 5]
    assert flagged(single.speeders(columns), 2) == [5]


def test_a_sheet_without_a_begin_is_not_fast():
    begun = few().sent - 120
    begun[7] = np.nan

    assert flagged(single.speeders(few(begun=begun))) == []


def test_the_same_answer_throughout_is_weak_and_full_marks_weaker():
    items = few().items
    items[2], items[3] = 50, 100

    flags = {flag.response: flag.strength for flag in single.straight_lines(few(items=items))}

    assert flags == {2: 1.0, 3: 0.5}


def test_a_few_equal_answers_are_no_straight_line():
    items = np.full((40, 5), 50.0)

    assert flagged(single.straight_lines(few(items=items))) == []


def test_an_attention_item_that_was_not_met():
    columns = few(3, answers={"check": ["agree", "disagree", ""]})

    assert flagged(single.attention(columns, {"check": "agree"})) == [1]


def test_answers_that_cannot_both_be_true():
    columns = few(
        3, answers={"repaired": ["no", "yes", "no"], "problems": ["late price", "late", "none"]}
    )

    assert flagged(single.impossible(columns, [("repaired", "no", "problems", "late")])) == [0]


def test_only_interviews_are_night_work():
    hour = np.array([2.0, 2.0, 12.0])

    assert flagged(single.night_work(few(3, hour=hour, interviewer=np.array([1, -1, 1])))) == [0]


def test_a_sealed_link_that_came_back_about_its_own_company():
    columns = few(3, company=np.array([0, 1, 0]), sealed_to=np.array([0, 0, -1]))

    assert flagged(single.sealed(columns)) == [0]


def test_three_sheets_of_a_phone_are_too_many_and_two_a_day_apart_are_not():
    sent = np.arange(6) * 86_400.0
    sent[4] = sent[3] + 60
    columns = few(6, sent=sent, network=["n", "n", "n", "m", "m", "k"], browser=["b"] * 6)

    assert flagged(alike.same_device(columns), 2) == [0, 1, 2]
    assert flagged(alike.same_device(columns)) == [0, 1, 2, 3, 4]
    assert flagged(alike.same_device(few(2, network=["n", "n"], browser=["b", "b"]))) == []


def test_sheets_with_the_same_answers_are_alike_and_full_marks_are_not():
    rng = np.random.default_rng(1)
    answers = {f"q{j}": [str(rng.integers(1, 11)) for _i in range(40)] for j in range(12)}
    items = few().items
    for name in answers:
        answers[name][5] = answers[name][20]
        answers[name][6] = answers[name][7] = "10"
    items[6] = items[7] = 100

    assert flagged(alike.same_answers(few(answers=answers, items=items))) == [5, 20]


def test_a_long_text_that_two_people_wrote_and_short_ones_that_many_do():
    written = [
        "师傅上门很快态度非常好下次还找他们",
        "师傅上门很快，态度非常好！下次还找他们。",
        "很好",
        "很好",
        "",
    ]

    assert flagged(alike.same_text(few(5, texts={"comment": written}))) == [0, 1]


def test_an_interviewer_whose_sheets_repeat_themselves():
    items = few().items
    items[:8] = items[0]
    interviewer = np.repeat([0, 1, 2, 3], 10)

    assert flagged(alike.alike_interviews(few(items=items, interviewer=interviewer))) == list(
        range(8)
    )


def test_a_company_that_comes_alone_in_a_row_with_full_marks():
    rng = np.random.default_rng(5)
    company = rng.integers(0, 5, 400)
    items = np.rint(rng.uniform(3, 9, (400, 8))) * 10
    company[200:216], items[200:216] = 2, 100
    columns = few(400, company=company, items=items)

    assert set(range(200, 216)) <= set(flagged(bursts.bursts(columns), 2)) <= set(range(190, 226))


def test_weak_flags_of_two_checks_together_are_looked_at_and_two_of_one_are_not():
    flags = [
        Flag(0, "speed", 1),
        Flag(0, "straight", 1),
        Flag(1, "speed", 1),
        Flag(1, "speed", 1),
        Flag(2, "sealed", 2),
    ]

    assert suspicious(flags) == {0: 2, 2: 2}


def test_no_sheets_have_no_flags():
    assert run(few(0), Settings()) == []


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_sheets_changes_no_flag(seed):
    from dataclasses import fields, replace

    from tests.surveys.quality.worlds import world

    columns, _planted = world(seed, columns=60)
    order = np.random.default_rng(seed).permutation(len(columns))
    moved = {}
    for f in fields(columns):
        value = getattr(columns, f.name)
        if f.name == "answers":
            moved[f.name] = {name: [column[i] for i in order] for name, column in value.items()}
        elif f.name != "texts":
            moved[f.name] = (
                value[order] if isinstance(value, np.ndarray) else [value[i] for i in order]
            )

    found = {
        (int(order[flag.response]), flag.check, flag.strength)
        for flag in run(replace(columns, **moved))
    }

    assert found == {(flag.response, flag.check, flag.strength) for flag in run(columns)}


def test_a_response_that_took_no_time_at_all_is_not_judged():
    columns = few(60, begun=np.zeros(60), sent=np.zeros(60))

    assert list(single.speeders(columns)) == []
