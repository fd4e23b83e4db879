"""Draws of a campaign: frozen with their hash, replaced by the next of the same draw, weighed by
their chances.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from uuid import uuid4

import pytest

from config.language.problems import InvalidInput
from config.tabular.tables import parse
from inspections.campaigns import draws, services
from inspections.campaigns.models import Assignment, Campaign, CampaignSite, Draw
from inspections.campaigns.services import NotPossible
from inspections.campaigns.sites import Site
from inspections.visits import services as visits
from reports.production.services import draft_plan
from surveys.collection.answer_table import chunks
from surveys.collection.selectors import questionnaire_of
from tests import field
from tests.people import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign():
    made = field.campaign()
    made.selection = Campaign.Selection.RANDOM
    made.save()
    made.places.all().delete()
    Site.objects.bulk_create(
        Site(name=f"{kind}{n}", kind=kind, area_id="140105")
        for kind, count in (("car_park", 17), ("restaurant", 10))
        for n in range(count)
    )
    return made


def draw(campaign, *, sites=None, strata="kind", **changed) -> Draw:
    listed = Site.objects.select_related("area") if sites is None else sites
    given = {
        "campaign": campaign,
        "frame": draws.lines_of(listed, strata),
        "method": "stratified",
        "size": 12,
        "seed": 2026,
        "source": "register",
        "source_on": date(2026, 11, 1),
        "by": None,
    } | changed
    return draws.draw_sites(**given)


def test_a_draw_is_frozen_and_comes_out_the_same_again(campaign):
    made = draw(campaign)
    made.refresh_from_db()

    places = campaign.places.all()
    assert {place.stratum: place.probability for place in places} == {
        "car_park": 8 / 20,
        "restaurant": 4 / 10,
    }
    assert (len(made.frame), places.count(), len(made.sha256)) == (30, 12, 64)
    assert draws.again(made)
    made.frame[0]["size"] = "2"
    assert not draws.again(made)


def test_a_seed_is_chosen_where_none_is_given(campaign):
    assert 0 <= draw(campaign, seed=None).seed < 2**53


def test_a_campaign_led_by_complaints_draws_nothing(campaign):
    campaign.selection = Campaign.Selection.PURPOSIVE

    with pytest.raises(NotPossible) as refused:
        draw(campaign)

    assert refused.value.reason == "purposive"
    assert not campaign.may_say_prevalence


def test_sites_chosen_by_hand_and_drawn_ones_do_not_mix(campaign):
    first = Site.objects.first()
    CampaignSite.objects.create(campaign=campaign, site=first)

    with pytest.raises(NotPossible) as refused:
        draw(campaign)
    assert refused.value.reason == "by_hand"
    with pytest.raises(NotPossible) as refused:
        services.add_sites(campaign=campaign, sites=[first], by=None)
    assert refused.value.reason == "random"


def test_a_second_draw_is_from_another_frame_and_has_its_own_strata(campaign):
    halves = Site.objects.filter(kind="car_park"), Site.objects.filter(kind="restaurant")
    draw(campaign, sites=halves[0], strata="", method="simple", size=5)
    with pytest.raises(NotPossible) as refused:
        draw(campaign)
    draw(campaign, sites=halves[1], strata="", method="simple", size=3)

    assert refused.value.reason == "drawn"
    assert refused.value.values == {"n": 20}
    assert set(campaign.places.values_list("stratum", "probability")) == {("", 0.25), ("2", 0.3)}


def test_who_takes_a_place_is_the_next_of_the_draw_and_has_its_chance(campaign):
    made = draw(campaign)
    order = [one.key for one in draws.order_of(made) if one.stratum == "restaurant"]
    gone = campaign.places.get(site=order[1])
    ann = person("ann", "inspector")
    Assignment.objects.create(campaign=campaign, site=gone.site, lead=ann)

    instead = draws.drop(place=gone, because="closed for good", by=None)

    gone.refresh_from_db()
    assert instead.site_id == order[4]
    assert (instead.replaces, instead.probability, instead.stratum) == (gone, 0.4, "restaurant")
    assert gone.dropped_because == "closed for good"
    assert Assignment.objects.get().cancelled_because == "closed for good"
    with pytest.raises(NotPossible):
        draws.drop(place=gone, because="again", by=None)
    again = draws.drop(place=instead, because="closed too", by=None)
    assert again.site_id == order[5]


def test_a_stratum_that_is_used_up_replaces_nothing(campaign):
    draw(campaign, size=30)

    assert draws.drop(place=campaign.places.first(), because="closed", by=None) is None


def test_a_site_that_was_visited_is_not_given_up(campaign):
    draw(campaign)
    place = campaign.places.first()
    visit(campaign, place.site)

    with pytest.raises(NotPossible) as refused:
        draws.drop(place=place, because="closed", by=None)

    assert refused.value.reason == "visited"


def test_chances_reach_the_table_of_answers_as_weights(campaign):
    draw(campaign)
    for place in campaign.places.all():
        visit(campaign, place.site)

    responses = campaign.survey.responses.all()
    (chunk,) = chunks(responses, questionnaire_of(campaign.survey))

    assert set(zip(chunk.frame["_stratum"], chunk.frame["_weight"], strict=True)) == {
        ("car_park", "2.5"),
        ("restaurant", "2.5"),
    }
    # the weights give the size of the frame back
    assert sum(r.weight for r in responses) == pytest.approx(30)
    assert "strata: _stratum\npsu: _psu\nweight: design" in draft_plan(
        campaign.survey, "2026-11-25"
    )


def test_a_simple_draw_has_one_stratum_and_a_purposive_campaign_weighs_nothing(campaign):
    draw(campaign, method="simple", size=3)
    one = visit(campaign, campaign.places.first().site)
    led = visit(campaign, Site.objects.exclude(places__campaign=campaign).first())

    assert (one.response.stratum, one.response.weight) == ("all", 10)
    assert (led.response.stratum, led.response.weight) == (led.site.kind, 1)


def test_a_frame_from_a_file_has_strata_and_sizes_and_every_wrong_cell_is_named():
    sites = [Site.objects.create(name=n, kind="shop", area_id="140105") for n in "ab"]
    a, b = (site.pk for site in sites)

    def lines(text):
        return draws.lines_of_table(parse(text.encode(), "frame.csv"), Site.objects.all())

    read = lines(f"id,stratum,size\n{a},north,12.5\n{b},,\n")
    with pytest.raises(InvalidInput) as refused:
        lines(f"编号,规模,层\n0,1,\n{a},-3,\n{b},many,{'x' * 61}\n{b},1/0,\n")

    assert [(line.site.pk, line.stratum, line.size) for line in read] == [
        (a, "north", Fraction(25, 2)),
        (b, "", 1),
    ]
    places = [problem.place for problem in refused.value.problems]
    assert places == [
        "frame.csv: row 2, column 编号",
        "frame.csv: row 3, column 规模",
        "frame.csv: row 4, column 规模",
        "frame.csv: row 4, column 层",
        "frame.csv: row 5, column 规模",
    ]


def visit(campaign, site):
    return visits.record(
        campaign=campaign,
        site=site,
        uid=uuid4(),
        answers={**field.FULL, "company": "not_sure"},
        visited_at=field.noon(20),
        inspectors=[],
    )
