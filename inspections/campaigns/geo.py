"""Positions: from one datum to the other, and how far apart two are. PURE."""

from __future__ import annotations

from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt
from math import pi as PI

WGS84, GCJ02 = "WGS-84", "GCJ-02"
# mean radius of the earth in metres (IUGG: (2a + b) / 3 of WGS-84)
RADIUS = 6_371_008.8
# what GCJ-02 is worked out with: the ellipsoid of Krasovsky (1940), axis in metres, eccentricity²
AXIS, ECCENTRICITY = 6_378_245.0, 0.006_693_421_622_965_943
# outside of this frame (degrees: south, north, west, east) maps are not shifted
FRAME = (0.8293, 55.8271, 72.004, 137.8347)
# the way back is found by steps, each some 100 times nearer than the one before
STEPS = 6


@dataclass(frozen=True)
class Position:
    """A place on the earth in degrees, with the datum they are given in."""

    latitude: float
    longitude: float
    datum: str

    def in_wgs84(self) -> Position:
        """Return the same place in WGS-84."""
        if self.datum == WGS84:
            return self
        return Position(*gcj02_to_wgs84(self.latitude, self.longitude), WGS84)


def distance(one: Position, other: Position) -> float:
    """Return how far apart two positions are, in metres, both taken in WGS-84. Raises ValueError
    for a datum that is not known: 550 m would not be seen.
    """
    for position in (one, other):
        if position.datum not in (WGS84, GCJ02):
            raise ValueError(f"{position.datum!r} is no datum")
    a, b = one.in_wgs84(), other.in_wgs84()
    return haversine(a.latitude, a.longitude, b.latitude, b.longitude)


def haversine(latitude: float, longitude: float, to_latitude: float, to_longitude: float) -> float:
    """Return the length of the great circle between two places in degrees, in metres, on a sphere:
    at most 0.6 % off.
    """
    high, low = radians(to_latitude), radians(latitude)
    half = sin((high - low) / 2) ** 2
    half += cos(low) * cos(high) * sin(radians(to_longitude - longitude) / 2) ** 2
    return 2 * RADIUS * asin(min(1.0, sqrt(half)))


def wgs84_to_gcj02(latitude: float, longitude: float) -> tuple[float, float]:
    """Return degrees of WGS-84 as maps of China shift them; outside of the frame as they are."""
    if not _is_shifted(latitude, longitude):
        return latitude, longitude
    north, east = _shift(latitude, longitude)
    return latitude + north, longitude + east


def gcj02_to_wgs84(latitude: float, longitude: float) -> tuple[float, float]:
    """Return degrees of GCJ-02 in WGS-84: the place that `wgs84_to_gcj02` shifts to there, to less
    than a millimetre.
    """
    if not _is_shifted(latitude, longitude):
        return latitude, longitude
    north, east = latitude, longitude
    for _step in range(STEPS):
        shifted = wgs84_to_gcj02(north, east)
        north, east = north + latitude - shifted[0], east + longitude - shifted[1]
    return north, east


def _is_shifted(latitude: float, longitude: float) -> bool:
    south, north, west, east = FRAME
    return south <= latitude <= north and west <= longitude <= east


def _shift(latitude: float, longitude: float) -> tuple[float, float]:
    """Return by how many degrees a place is shifted to the north and to the east.

    The polynomial and the sines are those that everybody who draws such maps uses (eviltransform,
    whose pairs the tests have); no standard prints them.
    """
    x, y = longitude - 105.0, latitude - 35.0
    both = (20 * sin(6 * x * PI) + 20 * sin(2 * x * PI)) * 2 / 3
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x)) + both
    north += (20 * sin(y * PI) + 40 * sin(y / 3 * PI)) * 2 / 3
    north += (160 * sin(y / 12 * PI) + 320 * sin(y / 30 * PI)) * 2 / 3
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x)) + both
    east += (20 * sin(x * PI) + 40 * sin(x / 3 * PI)) * 2 / 3
    east += (150 * sin(x / 12 * PI) + 300 * sin(x / 30 * PI)) * 2 / 3
    # metres become degrees on the ellipsoid, at this latitude
    phi = radians(latitude)
    flat = 1 - ECCENTRICITY * sin(phi) ** 2
    north_radius = AXIS * (1 - ECCENTRICITY) / (flat * sqrt(flat))
    east_radius = AXIS / sqrt(flat) * cos(phi)
    return north / (north_radius * PI / 180), east / (east_radius * PI / 180)
