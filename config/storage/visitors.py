"""Where a request comes from, no more exactly than needed: a respondent's network and never their
address, only as a keyed hash; of who signs in, a hash of the address and the network in words.
"""

from __future__ import annotations

import ipaddress

from django.conf import settings
from django.http import HttpRequest

from config.storage.encryption import digest

LENGTH = 32
NETWORK = {4: 24, 6: 48}  # the part of an address that a household or a shop has in common
LINE = {4: 32, 6: 64}  # the part by which an attacker is told from their neighbours


def network_hash(request: HttpRequest, purpose: str) -> str:
    """Return a keyed hash of the network (/24 of IPv4, /48 of IPv6) for one purpose, "" where it
    is not known.
    """
    network = _network(request, NETWORK)
    return digest(network, f"network:{purpose}")[:LENGTH] if network else ""


def line_hash(request: HttpRequest, purpose: str) -> str:
    """Return a keyed hash of one line into the internet, "" where it is not known: the address of
    IPv4, the /64 of IPv6, of which its holder has every address.
    """
    line = _network(request, LINE)
    return digest(line, f"line:{purpose}")[:LENGTH] if line else ""


def network_text(request: HttpRequest) -> str:
    """Return the network as people read it, 203.0.113.0/24, "" where it is not known."""
    return _network(request, NETWORK)


def browser_hash(request: HttpRequest, purpose: str) -> str:
    """Return a keyed hash of what the browser says of itself with every page, for one purpose."""
    headers = "\x1f".join(
        request.headers.get(name, "") for name in ("User-Agent", "Accept-Language")
    )
    return digest(headers, f"browser:{purpose}")[:LENGTH] if headers.strip("\x1f") else ""


def _network(request: HttpRequest, length: dict[int, int]) -> str:
    try:
        address = ipaddress.ip_address(_bare(_address(request)))
    except ValueError:
        return ""
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return str(ipaddress.ip_network((address, length[address.version]), strict=False))


def _bare(written: str) -> str:
    """Return an address without the port that some proxies write: 203.0.113.9:5, [::1]:3."""
    if written.startswith("["):
        return written[1:].partition("]")[0]
    return written.partition(":")[0] if written.count(":") == 1 else written


def _address(request: HttpRequest) -> str:
    """Return the visitor's address: the last that no proxy of ours added."""
    hops = [
        hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",") if hop.strip()
    ]
    if settings.PROXIES and len(hops) >= settings.PROXIES:
        return hops[-settings.PROXIES]
    return str(request.META.get("REMOTE_ADDR", ""))
