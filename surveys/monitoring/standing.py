"""How far a survey is, on one card: answers of those wanted, by city, and when it will be full."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil

from django.utils import timezone

from config.accounts.scope import Scope
from surveys.collection.models.area import Area
from surveys.collection.models.response import Response
from surveys.collection.models.survey import Survey
from surveys.collection.models.target import Target
from surveys.collection.selectors import counts_by, responses_of
from surveys.monitoring.tile_map import Tile, tiles

LATELY = 7  # days by which the pace is judged


@dataclass(frozen=True)
class Standing:
    """A survey in the field, as far as a person sees it.

    wanted: 0 where nobody set targets. pace: accepted answers a day, over the last seven days or
    since the opening. days_left: at that pace, None where it cannot be said.
    """

    survey: Survey
    done: int
    wanted: int
    day: int
    pace: float
    cities: tuple[Tile, ...]

    @property
    def days_left(self) -> int | None:
        """How many more days it takes at the pace of late; 0 when all is there."""
        if not self.wanted or (self.pace <= 0 and self.done < self.wanted):
            return None
        return ceil(max(self.wanted - self.done, 0) / self.pace) if self.done < self.wanted else 0

    @property
    def most(self) -> int:
        """The end of its bar."""
        return max(self.done, self.wanted, 1)


def standing(survey: Survey, scope: Scope, *, today: date | None = None) -> Standing:
    """Return how far an opened survey is."""
    today = today or timezone.localdate()
    accepted = responses_of(survey, scope).filter(status=Response.Status.ACCEPTED)
    opened = timezone.localdate(survey.opens_at) if survey.opens_at else today
    days = min(LATELY, max((today - opened).days, 1))
    late = accepted.filter(submitted_at__date__gt=today - timedelta(days=days)).count()
    targets = list(Target.objects.filter(scope.within("area"), survey=survey))
    wanted = {str(t.area_id): t.wanted for t in targets if _fields(t) == ("area_id",)}
    done = {str(code): n for code, n in counts_by(accepted, "area") if code}
    names = {area.code: area for area in Area.objects.filter(level=Area.Level.CITY)}
    return Standing(
        survey=survey,
        done=accepted.count(),
        wanted=planned(targets),
        day=(today - opened).days + 1,
        pace=late / days,
        cities=tiles(_by_city(done), _by_city(wanted), names),
    )


def planned(targets: Iterable[Target]) -> int:
    """Return how many answers targets want in all: those of the same kind of cell add up, and of
    several kinds, by city and by company, which are the same answers, the larger sum counts.
    """
    sums: dict[tuple[str, ...], int] = defaultdict(int)
    for target in targets:
        sums[_fields(target)] += target.wanted
    return max(sums.values(), default=0)


def _fields(target: Target) -> tuple[str, ...]:
    """Return the fields that make a cell."""
    columns = ("area_id", "stratum", "company_id", "collector_id")
    return tuple(column for column in columns if getattr(target, column))


def _by_city(counts: Mapping[str, int]) -> dict[str, int]:
    """Return counts by city; those of counties join their city."""
    found: dict[str, int] = defaultdict(int)
    for code, n in counts.items():
        found[f"{code[:4]}00"] += n
    return dict(found)
