"""All checks in a fixed order, and which sheets are put to people for a decision."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from surveys.quality.checks import alike, bursts, single
from surveys.quality.checks.columns import Flag, ResponseColumns

# a flag of this strength alone, or weaker ones of two checks that together reach it, are looked at
# by people
LOOKED_AT = 2.0


@dataclass(frozen=True)
class Settings:
    """What the checks of one survey need to know: attention items, and answers that cannot both
    be true.
    """

    attention: Mapping[str, str] = field(default_factory=dict)
    impossible: Sequence[tuple[str, str, str, str]] = ()


def run(columns: ResponseColumns, settings: Settings = Settings()) -> list[Flag]:  # frozen
    """Return every flag, in the order of the checks."""
    return [
        *single.speeders(columns),
        *single.straight_lines(columns),
        *single.attention(columns, settings.attention),
        *single.impossible(columns, settings.impossible),
        *single.night_work(columns),
        *single.sealed(columns),
        *alike.same_device(columns),
        *alike.same_answers(columns),
        *alike.same_text(columns),
        *alike.alike_interviews(columns),
        *bursts.bursts(columns),
    ]


def suspicious(flags: Sequence[Flag]) -> dict[int, float]:
    """Return the responses that people should decide about, in order, and how strongly they stand
    out: the strongest flag of each check is added up.
    """
    strongest: dict[int, dict[str, float]] = defaultdict(dict)
    for flag in flags:
        of_response = strongest[flag.response]
        of_response[flag.check] = max(of_response.get(flag.check, 0.0), flag.strength)
    together = {response: sum(found.values()) for response, found in sorted(strongest.items())}
    return {response: sum_ for response, sum_ in together.items() if sum_ >= LOOKED_AT}
