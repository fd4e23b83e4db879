"""A plan tried before fieldwork: what its gates and its level can be expected to show, at this
size and at others.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from config.language.problems import InvalidInput, Problem, say
from reports.plans.plan import Expect, Plan
from reports.statistics.comparing.rehearsal import Expected, Rehearsed, answers_needed, rehearse
from reports.statistics.disclosure.gates import apply_gates
from reports.statistics.estimates.means import given

RUNS = 1000
SIZES = (1.0, 0.5, 2.0, 4.0)


@dataclass(frozen=True)
class Size:
    """What is expected with `answers` per company (the median), of which `ranked` come through the
    gates; None where fewer than two do.
    """

    answers: int
    ranked: int
    result: Rehearsed | None


@dataclass(frozen=True)
class Rehearsal:
    """The plan as it is, first, and with half, twice and four times the answers. needed: answers
    per company with which one that lies `expect.between` points above the others is told apart in 8
    of 10 surveys, None beyond a million.
    """

    expect: Expect
    sizes: tuple[Size, ...]
    needed: int | None


def rehearse_plan(plan: Plan) -> Rehearsal:
    """Simulate a plan. Raises InvalidInput for one that says nothing of what is expected, or ranks
    ready estimates.
    """
    if plan.estimates:
        raise InvalidInput(
            Problem(plan.file, say("ranks a table of estimates; there is no fieldwork to rehearse"))
        )
    if plan.expect is None:
        message = say(
            "does not say what is expected; add for example: expect:"
            " {{companies: 16, answers: 100}}, or give"
            " --companies and --answers"
        )
        raise InvalidInput(Problem(plan.file, message))
    expect, how = plan.expect, plan.inference
    whole = _expected(expect, 1.0)
    needed = answers_needed(whole, distance=expect.between, level=how.level, seed=how.seed)
    return Rehearsal(expect, tuple(_size(plan, expect, factor) for factor in SIZES), needed)


def _size(plan: Plan, expect: Expect, factor: float) -> Size:
    expected = _expected(expect, factor)
    estimate = replace(
        given(np.zeros_like(expected.answers), expected.se, expected.answers),
        n_eff=expected.answers / expect.deff,
        units=expected.answers
        if expect.units is None
        else np.full_like(expected.answers, expect.units),
        df=np.full_like(expected.answers, expected.df),
    )
    gate_results = apply_gates(estimate, plan.gates)
    ranked = np.flatnonzero([gate.status == "ranked" for gate in gate_results])
    answers = int(np.median(expected.answers))
    if len(ranked) < 2:
        return Size(answers, len(ranked), None)
    how = plan.inference
    chosen = replace(expected, answers=expected.answers[ranked])
    return Size(
        answers,
        len(ranked),
        rehearse(chosen, level=how.level, tau=how.tau, runs=RUNS, seed=how.seed),
    )


def _expected(expect: Expect, factor: float) -> Expected:
    answers = np.maximum(np.rint(np.array(expect.answers, dtype=np.float64) * factor), 1.0)
    df = float("inf") if expect.units is None else float(expect.units - 1)
    return Expected(answers, expect.between, expect.within, expect.deff, df)
