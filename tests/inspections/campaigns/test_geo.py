"""Positions in two datums, against pairs that others published."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspections.campaigns import geo
from inspections.campaigns.geo import GCJ02, WGS84, Position

# the test pairs of eviltransform (github.com/googollee/eviltransform, go/transform_test.go):
# Shanghai, Shenzhen, Beijing
PAIRS = [
    ((31.1774276, 121.5272106), (31.17530398364597, 121.531541859215)),
    ((22.543847, 113.912316), (22.540796131694766, 113.9171764808363)),
    ((39.911954, 116.377817), (39.91334545536069, 116.38404722455657)),
]
# and its distance between the shifted Shanghai and Beijing, on a sphere of 6,378,137 m
SHANGHAI_BEIJING, THEIR_RADIUS = 1_078_164.0, 6_378_137.0


@pytest.mark.parametrize(("wgs84", "gcj02"), PAIRS)
def test_a_place_is_shifted_as_published(wgs84, gcj02):
    assert geo.wgs84_to_gcj02(*wgs84) == pytest.approx(gcj02, abs=1e-6)
    assert geo.gcj02_to_wgs84(*gcj02) == pytest.approx(wgs84, abs=1e-6)


@given(st.floats(34.5, 40.8), st.floats(110.2, 114.6))
def test_there_and_back_in_shanxi_is_less_than_a_millimetre(latitude, longitude):
    back = geo.gcj02_to_wgs84(*geo.wgs84_to_gcj02(latitude, longitude))

    assert geo.haversine(latitude, longitude, *back) < 0.001


@pytest.mark.parametrize(
    "place", [(35.681236, 139.767125), (64.0464, -16.1776), (-27.4698, 153.0251), (39.7392, -104.9)]
)
def test_what_lies_outside_of_china_is_not_shifted(place):
    assert geo.wgs84_to_gcj02(*place) == geo.gcj02_to_wgs84(*place) == place


def test_distances_are_those_published():
    shanghai, beijing = PAIRS[0][1], PAIRS[2][1]
    # Nashville and Los Angeles: 2,886.444 km on a sphere of 6,371.0 km (Rosetta Code, Haversine)
    flight = geo.haversine(36.12, -86.67, 33.94, -118.40)

    theirs = geo.haversine(*shanghai, *beijing) * THEIR_RADIUS / geo.RADIUS
    assert theirs == pytest.approx(SHANGHAI_BEIJING, abs=1)
    assert flight == pytest.approx(2_886_444.4, rel=5e-6)


def test_the_same_numbers_in_two_datums_are_some_550_metres_apart_in_taiyuan():
    here = Position(37.8706, 112.5489, WGS84)
    there = Position(37.8706, 112.5489, GCJ02)
    same = Position(*geo.wgs84_to_gcj02(37.8706, 112.5489), GCJ02)

    assert 500 < geo.distance(here, there) < 700
    assert geo.distance(here, same) < 0.001
    assert geo.distance(there, here) == geo.distance(here, there)


def test_a_position_without_its_datum_has_no_distance():
    with pytest.raises(ValueError, match="is no datum"):
        geo.distance(Position(37.8, 112.5, ""), Position(37.8, 112.5, WGS84))
