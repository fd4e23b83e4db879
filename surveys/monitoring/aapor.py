"""Outcome rates of AAPOR from final dispositions; refuses a response rate to samples that have
none.

AAPOR, Standard Definitions: final dispositions of case codes and outcome rates for surveys (10th
edition, 2023). Rates are shares, 0 to 1. Where a denominator is 0 the rate is NaN, decided in
`_share`.
"""

from __future__ import annotations

import math
from dataclasses import astuple, dataclass
from typing import Literal

Sample = Literal["probability", "nonprobability"]


@dataclass(frozen=True)
class Dispositions:
    """How many cases ended how; the letter is AAPOR's. Raises ValueError for a negative or missing
    count.

    complete I, partial P, refusal R (with break-offs), noncontact NC, other O: eligible;
    unknown_household UH and unknown_other UO: eligibility not known; ineligible: known not to
    belong (quota full included), used only for e.
    """

    complete: float
    partial: float = 0
    refusal: float = 0
    noncontact: float = 0
    other: float = 0
    unknown_household: float = 0
    unknown_other: float = 0
    ineligible: float = 0

    def __post_init__(self) -> None:
        if not all(0 <= count < math.inf for count in astuple(self)):
            raise ValueError("counts of dispositions are finite and not negative")


@dataclass(frozen=True)
class Rates:
    """AAPOR's outcome rates; e is the share of unknown cases taken as eligible, which must be
    printed with them.
    """

    rr1: float
    rr2: float
    rr3: float
    rr4: float
    rr5: float
    rr6: float
    coop1: float
    coop2: float
    coop3: float
    coop4: float
    ref1: float
    ref2: float
    ref3: float
    con1: float
    con2: float
    con3: float
    e: float


def rates(dispositions: Dispositions, *, sample: Sample, e: float | None = None) -> Rates:
    """Return all outcome rates. `e`: the share of unknown cases that are eligible; left out, by
    `casro_e`.

    Response RR1-RR6: complete, even numbers with partial, over all cases (1, 2), with e of the
    unknown (3, 4), without the unknown (5, 6). Cooperation COOP1-4, refusal REF1-3 and contact
    CON1-3 likewise. Raises ValueError for an e outside [0, 1] and for a nonprobability sample,
    whose response rate does not exist: nobody knows who was asked; `completion_rate` and
    `participation_rate` are its words.
    """
    if sample == "nonprobability":
        raise ValueError(
            "a nonprobability sample has no response rate; report completion or participation"
            " instead"
        )
    share_eligible = casro_e(dispositions) if e is None else e
    if e is not None and not 0 <= e <= 1:
        raise ValueError(f"e is a share from 0 to 1, not {e}")
    d = dispositions
    answered, contacted = d.complete + d.partial, d.complete + d.partial + d.refusal + d.other
    known, unknown = contacted + d.noncontact, d.unknown_household + d.unknown_other
    all_, likely = known + unknown, known + share_eligible * unknown
    able = contacted - d.other
    return Rates(
        rr1=_share(d.complete, all_),
        rr2=_share(answered, all_),
        rr3=_share(d.complete, likely),
        rr4=_share(answered, likely),
        rr5=_share(d.complete, known),
        rr6=_share(answered, known),
        coop1=_share(d.complete, contacted),
        coop2=_share(answered, contacted),
        coop3=_share(d.complete, able),
        coop4=_share(answered, able),
        ref1=_share(d.refusal, all_),
        ref2=_share(d.refusal, likely),
        ref3=_share(d.refusal, known),
        con1=_share(contacted, all_),
        con2=_share(contacted, likely),
        con3=_share(contacted, known),
        e=share_eligible,
    )


def casro_e(dispositions: Dispositions) -> float:
    """Return e by proportional allocation (CASRO 1982): eligible / (eligible + ineligible) among
    the cases known.

    NaN where no case is known either way.
    """
    d = dispositions
    eligible = d.complete + d.partial + d.refusal + d.noncontact + d.other
    return _share(eligible, eligible + d.ineligible)


def completion_rate(complete: float, started: float) -> float:
    """Return the share of those who started (or opened the page: say which) that completed; for any
    sample.

    NaN where nobody started. Raises ValueError unless 0 <= complete <= started.
    """
    return _part(complete, started)


def participation_rate(usable: float, invited: float) -> float:
    """Return the share of personal invitations that brought a usable answer: an opt-in panel's rate
    (AAPOR, ISO 26362).

    Not for open links, where nobody was invited. NaN for no invitation. Raises ValueError unless
    usable <= invited.
    """
    return _part(usable, invited)


def _part(part: float, whole: float) -> float:
    if not 0 <= part <= whole < math.inf:
        raise ValueError(f"{part} cannot be a part of {whole}")
    return _share(part, whole)


def _share(part: float, whole: float) -> float:
    return math.nan if whole == 0 else part / whole
