"""A report of sites that were drawn: shares with the interval of the draw, of groups that are large
enough; agreement, change and evidence from the snapshot.
"""

from __future__ import annotations

import io
from datetime import date
from uuid import uuid4

import openpyxl
import pytest

from config.language.texts import Text
from inspections.agreement.proportions import wilson
from inspections.campaigns import draws
from inspections.campaigns import services as campaigns
from inspections.campaigns.models import Assignment
from inspections.campaigns.sites import Site, Vendor
from inspections.review import services as review
from inspections.revisits import services as revisits
from inspections.visits import chain
from inspections.visits import services as visits
from inspections.visits.models import Visit
from reports.inspection import files as inspection_files
from reports.inspection import method
from reports.inspection import result as inspection
from reports.inspection import snapshot as inspection_snapshot
from surveys.collection import fieldwork
from surveys.designing import services as questionnaires
from tests import field
from tests.inspections.phone.world import picture
from tests.people import person
from tests.sheets import workbook

pytestmark = pytest.mark.django_db
FAULTY = {**field.FULL, "company": "not_sure", "fixed": "no"}
CLEAN = {**FAULTY, "fixed": "yes"}


def drawn(size=20, frame=40, method="simple", shops=0):
    """Return a campaign whose sites were drawn from a frame, so many of them shops."""
    vendor = Vendor.objects.create(name="云栈停车")
    sites = [
        Site.objects.create(
            name=f"{n}号",
            kind="shop" if n < shops else "car_park",
            area_id="140105" if n % 2 else "140106",
            vendor=vendor,
            latitude=37.8 + n / 1000,
            longitude=112.5,
            datum="WGS-84",
        )
        for n in range(frame)
    ]
    made = campaigns.set_up(
        slug="drawn",
        title=Text("抽查", "Drawn"),
        organiser=field.ORGANISER,
        version=questionnaires.freeze(workbook=workbook(), file="small.xlsx"),
        selection="random",
    )
    fieldwork.open_now(survey=made.survey)
    draws.draw_sites(
        campaign=made,
        frame=draws.lines_of(sites, "kind" if method == "stratified" else ""),
        method=method,
        size=size,
        seed=7,
        source="register",
        source_on=date(2026, 9, 1),
        by=None,
    )
    return made


def visit(campaign, site, answers, **changed):
    values = {
        "uid": uuid4(),
        "visited_at": field.noon(20),
        "inspectors": [],
        "answers": answers,
        "site": site,
    }
    return visits.record(campaign=campaign, **{**values, **changed})


def visited(campaign, faulty=6):
    """Visit every drawn site, so many with a finding."""
    places = campaign.places.order_by("site")
    return [
        visit(campaign, place.site, FAULTY if n < faulty else CLEAN)
        for n, place in enumerate(places)
    ]


def computed(campaign):
    return inspection.compute(inspection_snapshot.freeze(campaign))


def test_a_simple_draw_of_half_a_frame_has_wilsons_interval_on_twice_the_sites():
    campaign = drawn()
    visited(campaign)

    (told,) = computed(campaign).found[0].counts

    assert (told.x, told.n, told.prevalence.method) == (6, 20, "wilson")
    assert (told.prevalence.low, told.prevalence.high) == pytest.approx(wilson(12, 40))


def test_a_stratified_draw_has_korn_and_graubards_interval_and_its_weights():
    campaign = drawn(size=20, frame=60, method="stratified", shops=6)
    visited(campaign)

    result = computed(campaign)

    (told,) = result.found[0].counts
    strata = result.manifest.more["design"]["strata"]
    assert told.prevalence.method == "korn_graubard"
    assert sorted((s["sampled"], s["population"]) for s in strata) == [(2, 6), (18, 54)]
    assert told.prevalence.low < told.prevalence.share < told.prevalence.high
    assert "Korn" in dict(method.method(result))["Percentages and intervals"]


def test_a_group_below_the_least_base_has_a_count_alone():
    campaign = drawn(size=9)
    visited(campaign)

    result = computed(campaign)

    assert [count.prevalence for count in result.found[0].counts] == [None]


def test_a_site_that_was_chosen_by_hand_takes_the_share_away():
    campaign = drawn()
    visited(campaign)
    campaign.places.filter(pk=campaign.places.first().pk).update(probability=None, draw=None)

    assert computed(campaign).drawn is None


def test_districts_and_vendors_add_up_to_all_sites():
    campaign = drawn()
    visited(campaign)

    groups = computed(campaign).groups

    for unit in ("_area", "_vendor"):
        assert sum(group.found.n for group in groups[unit]) == 20
        assert sum(group.found.x for group in groups[unit]) == 6
    assert [group.label.zh for group in groups["_vendor"]] == ["云栈停车"]


def test_an_item_on_which_two_visits_disagree_says_nothing_of_a_vendor():
    campaign = drawn()
    firsts = visited(campaign)
    for n, first in enumerate(firsts[:8]):
        sent = Assignment.objects.create(
            campaign=campaign, site=first.site, lead=person(f"p{n}", "inspector"), purpose="second"
        )
        # the other way round at every second site
        answers = CLEAN if first.findings.exists() and n % 2 else FAULTY
        visit(campaign, first.site, answers, assignment=sent)
    Visit.objects.update(status="accepted")

    result = computed(campaign)

    (item,) = result.items
    assert [(one.item, one.pairs, one.carries_claims) for one in result.agreement] == [
        ("repair", 8, False)
    ]
    assert not item.is_reliable
    assert result.groups["_vendor"][0].items == {}
    assert "repair" in result.groups["_area"][0].items


def test_change_is_told_only_where_sites_without_findings_were_drawn_and_seen_again():
    campaign, chief = drawn(), person("chief")
    firsts = visited(campaign, faulty=10)
    for first in firsts:
        review.accept(visit=first, by=chief)
    before = computed(campaign).changed
    revisits.draw_controls(campaign=campaign, size=5, seed=3, by=chief)
    controls = set(campaign.places.filter(is_control=True).values_list("site", flat=True))
    for n, first in enumerate(firsts):
        if n < 10:
            visit(campaign, first.site, CLEAN if n < 8 else FAULTY, revisit_of=first)
        elif first.site_id in controls:
            visit(campaign, first.site, CLEAN, revisit_of=first)

    changed = computed(campaign).changed

    assert before is None
    assert (changed.controls, changed.worse, changed.failed, changed.better) == (5, 0, 10, 8)
    # half of those without findings were seen again: 8 of 8 for the better has (2/3)^8, twice
    assert changed.p == pytest.approx(2 * (2 / 3) ** 8)


def test_controls_are_drawn_among_accepted_visits_without_findings():
    campaign, chief = drawn(), person("chief")
    firsts = visited(campaign)
    review.accept(visit=firsts[0], by=chief)
    review.accept(visit=firsts[19], by=chief)

    with pytest.raises(revisits.NotAllowed, match="There are 1 accepted"):
        revisits.draw_controls(campaign=campaign, size=2, by=chief)
    revisits.draw_controls(campaign=campaign, size=1, by=chief)

    assert [place.site for place in campaign.places.filter(is_control=True)] == [firsts[19].site]


def test_nothing_found_first_is_nothing_fixed():
    campaign, chief = drawn(), person("chief")
    first = visited(campaign)[19]
    again = visit(campaign, first.site, CLEAN, revisit_of=first)
    review.accept(visit=again, by=chief)

    with pytest.raises(revisits.NotAllowed, match="nothing to be fixed"):
        revisits.conclude(revisit=again, outcome=Visit.Outcome.FIXED, reason="", by=chief)


def test_the_evidence_of_a_report_is_that_of_its_campaign():
    campaign, chief = drawn(), person("chief")
    first = visited(campaign)[0]
    visits.add_evidence(visit=first, content=picture(), name="a.jpg")
    review.accept(visit=first, by=chief)
    piece = first.evidence.get()
    review.certify(evidence=piece, content=b"stamp", name="a.tsr", number="TSA-1", by=chief)

    evidence = computed(campaign).manifest.more["evidence"]

    assert (evidence["originals"], evidence["certificates"]) == (1, ["TSA-1"])
    assert (evidence["visits"], evidence["root"]) == chain.state_of(campaign)


def test_another_event_gives_another_root():
    campaign, chief = drawn(), person("chief")
    first = visited(campaign)[0]
    before = chain.state_of(campaign)

    review.look(visit=first, by=chief)

    assert before[0] == chain.state_of(campaign)[0] == 20
    assert before[1] != chain.state_of(campaign)[1]


def test_the_workbook_has_compliance_as_the_other_side_of_the_fault():
    campaign = drawn()
    visited(campaign)

    book = openpyxl.load_workbook(
        io.BytesIO(inspection_files.as_workbook(computed(campaign))), read_only=True
    )
    faults, met = (
        next(row for row in book[name].iter_rows(min_row=2, values_only=True))
        for name in ("问题 faults", "达标 compliance")
    )

    assert (faults[4:6], met[4:6]) == ((6, 20), (14, 20))
    assert faults[6] + met[6] == pytest.approx(100)
    assert (met[7], met[8]) == (pytest.approx(100 - faults[8]), pytest.approx(100 - faults[7]))


def test_a_fault_without_words_is_the_question_with_its_failing_answer():
    campaign = drawn()
    visited(campaign)

    (item,) = computed(campaign).items

    assert item.fault.en.endswith("No")
    assert len(item.fault.zh) > len("否")
