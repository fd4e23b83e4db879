"""What is read about revisits: which findings wait, and the share that was fixed."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from config.accounts.models import User
from inspections.agreement.proportions import wilson
from inspections.campaigns.models import Assignment, Campaign, CampaignSite
from inspections.visits.models import Finding, Visit
from inspections.visits.selectors import FIRST, visits_seen

Outcome = Visit.Outcome


@dataclass(frozen=True)
class Fixed:
    """Of the sites that were seen again, how many had everything fixed, with Wilson's 95 %
    interval. Only sites with findings were seen again, so it says nothing of the others.
    """

    seen: int
    fixed: int
    low: float
    high: float

    @property
    def text(self) -> str:
        """The share with its interval, in per cent."""
        share = 100 * self.fixed / self.seen
        return f"{share:.1f} % ({100 * self.low:.1f} – {100 * self.high:.1f})"


def to_mend(campaign: Campaign, person: User) -> QuerySet[Visit]:
    """Return the first visits with confirmed findings, and those without that were drawn to be seen
    again as well, the deadline that is nearest first, each with its last outcome and whether
    somebody is on the way.
    """
    control = CampaignSite.objects.filter(
        campaign=OuterRef("campaign"), site=OuterRef("site"), is_control=True
    )
    confirmed = Finding.objects.filter(visit=OuterRef("pk"), confirmed_at__isnull=False)
    again = Visit.objects.filter(revisit_of=OuterRef("pk")).exclude(status=Visit.Status.VOID)
    on_the_way = Assignment.objects.filter(
        campaign=OuterRef("campaign"),
        site=OuterRef("site"),
        purpose=Assignment.Purpose.REVISIT,
        cancelled_at=None,
        visit=None,
    )
    return (
        visits_seen(person)
        .filter(Exists(confirmed) | Exists(control), FIRST, campaign=campaign)
        .select_related("site__area")
        .annotate(
            last_revisit=Subquery(again.order_by("-visited_at").values("pk")[:1]),
            last_outcome=Subquery(again.order_by("-visited_at").values("outcome")[:1]),
            is_sent=Exists(on_the_way),
            is_control=Exists(control),
        )
    )


def fixed(campaign: Campaign) -> Fixed | None:
    """Return the share fixed by the last revisit of every site, or None before the first."""
    last: dict[int | None, str] = {}
    concluded = campaign.visits.filter(revisit_of__isnull=False).exclude(outcome="")
    concluded = concluded.exclude(status=Visit.Status.VOID)
    for first, outcome in concluded.order_by("visited_at").values_list("revisit_of", "outcome"):
        last[first] = outcome
    if not last:
        return None
    done = sum(outcome == Outcome.FIXED for outcome in last.values())
    return Fixed(len(last), done, *wilson(done, len(last)))
