"""Responses as parallel columns, and the flags that checks put on them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
NOBODY = -1


@dataclass(frozen=True)
class ResponseColumns:
    """n responses. Codes are whole numbers from 0, -1 where there is none; what is not known is
    NaN or "".

    company, source (collector or mode), interviewer, sealed_to (the company whose sealed link it
    came by): codes (n,). begun, sent: seconds since any moment (n,); shown: questions asked (n,);
    hour: of the day it was sent (n,). items: scores 0-100, NaN for no answer (n, k), in the order
    they stand in; network, browser: hashes (n,). answers: every answer as text by question (n
    each); texts: what people wrote (n each).
    """

    company: npt.NDArray[np.int64]
    source: npt.NDArray[np.int64]
    sent: Floats
    items: Floats
    begun: Floats
    shown: Floats
    interviewer: npt.NDArray[np.int64]
    sealed_to: npt.NDArray[np.int64]
    hour: Floats
    network: Sequence[str]
    browser: Sequence[str]
    answers: Mapping[str, Sequence[str]] = field(default_factory=dict)
    texts: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.company)


@dataclass(frozen=True)
class Flag:
    """One check that one sheet did not pass. `strength` 1 is weak, 2 is what a person should
    look at.
    """

    response: int
    check: str
    strength: float
    detail: Mapping[str, object] = field(default_factory=dict)
