"""What a visit adds to the table of answers: about its site, its findings, who was there. The
site's name and address are not in it.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils import timezone

from config.language.languages import in_both
from config.language.texts import Text
from inspections.campaigns.models import CampaignSite
from inspections.campaigns.sites import Site
from inspections.visits.models import Evidence, Finding, Visit
from inspections.visits.selectors import FIRST
from surveys.collection.answer_table import Chunk
from surveys.collection.models.response import Response
from surveys.collection.models.survey import Survey

# what is known of the site; under one of these names a campaign is ranked
SITE = {
    "_site_type": Text("场所类型", "Kind of site"),
    "_vendor": Text("服务商", "Vendor"),
    "_brand": Text("品牌", "Brand"),
}
# indicators with a finding that nobody has shown to be unfounded, those of them that matter most
# and those that a second person confirmed; how often the site was visited again, what became of it
# as it was decided last and what was found then; whether it was drawn to be seen again although
# nothing had been found; who was there (numbers of the database, never to be given away: codes to
# count by); how many photographs
VISIT = (
    "_findings",
    "_critical",
    "_confirmed",
    "_revisits",
    "_outcome",
    "_findings_again",
    "_is_control",
    "_inspectors",
    "_photographs",
)
# a blurred copy is no photograph of its own, and what was announced may never come
PHOTOGRAPH = Q(evidence__kind=Evidence.Kind.PHOTO, evidence__received_at__isnull=False)


def first_visits(survey: Survey) -> QuerySet[Response]:
    """Return the responses of a campaign's first visits: sites that were visited a second time, or
    again because of their findings, would count twice; void visits and practice do not count.
    """
    counting = survey.responses.filter(status=Response.Status.ACCEPTED)
    return counting.filter(visit__in=Visit.objects.filter(FIRST)).order_by("pk")


def with_visits(chunk: Chunk) -> pd.DataFrame:
    """Return the rows of a chunk of visits with the columns SITE and VISIT; the area is the site's,
    the day that of the visit, also where its answers were mended later.
    """
    found = _visits([response.pk for response in chunk.responses])
    visits = [found[response.pk] for response in chunk.responses]
    added = pd.DataFrame(
        [(*_site(visit.site), *_visit(visit)) for visit in visits],
        index=chunk.frame.index,
        columns=pd.Index((*SITE, *VISIT)),
        dtype="str",
    )
    areas = [visit.site.area for visit in visits]
    return chunk.frame.assign(
        _day=[timezone.localdate(visit.visited_at).isoformat() for visit in visits],
        _area=[area.code for area in areas],
        _city=[area.parent_id or "" for area in areas],
    ).join(added)


def site_type(kind: str) -> Text:
    """Return a type of site in both languages."""
    both = in_both(lambda: str(Site.Kind(kind).label))
    return Text(both["zh-Hans"], both["en"])


def site_type_name(kind: str) -> str:
    """Return a type of site as the table has it: both languages, as a company's name is one."""
    label = site_type(kind)
    return f"{label.zh} {label.en}"


def _visits(responses: Sequence[int]) -> dict[int, Visit]:
    related = ("site__area", "site__vendor", "site__brand")
    again = (
        Visit.objects.filter(response__status=Response.Status.ACCEPTED)
        .exclude(status=Visit.Status.VOID)
        .order_by("visited_at")
        .prefetch_related("findings")
    )
    control = CampaignSite.objects.filter(
        campaign=OuterRef("campaign"), site=OuterRef("site"), is_control=True
    )
    listed = (
        Visit.objects.filter(response__in=responses)
        .select_related(*related)
        .prefetch_related(
            "findings",
            "inspectors",
            Prefetch("revisits", again),
        )
        .annotate(
            photographs=Count("evidence", filter=PHOTOGRAPH, distinct=True),
            is_control=Exists(control),
        )
    )
    return {visit.response_id: visit for visit in listed}


def _site(site: Site) -> tuple[str, str, str]:
    return (
        site_type_name(site.kind),
        site.vendor.name if site.vendor else "",
        site.brand.name if site.brand else "",
    )


def _visit(visit: Visit) -> tuple[str, ...]:
    """Return the cells of VISIT, in their order."""
    findings = _borne_out(visit)
    revisits = list(visit.revisits.all())
    outcomes = [revisit.outcome for revisit in revisits if revisit.outcome]
    return (
        " ".join(finding.indicator for finding in findings),
        " ".join(finding.indicator for finding in findings if finding.critical),
        " ".join(finding.indicator for finding in findings if finding.confirmed_at),
        str(len(revisits)),
        outcomes[-1] if outcomes else "",
        " ".join(finding.indicator for finding in (_borne_out(revisits[-1]) if revisits else ())),
        "1" if visit.is_control else "",  # type: ignore[attr-defined]  # annotated
        " ".join(sorted(str(person.pk) for person in visit.inspectors.all())),
        str(visit.photographs),  # type: ignore[attr-defined]  # counted above
    )


def _borne_out(visit: Visit) -> list[Finding]:
    """Return the findings of a visit that no second person has shown to be unfounded."""
    return [finding for finding in visit.findings.all() if not finding.refused_because]
