"""Where a request comes from, no more exactly than needed: its network, never its address, and
only as a keyed hash.
"""

from __future__ import annotations

import ipaddress

from django.conf import settings
from django.http import HttpRequest

from config.storage.encryption import digest

LENGTH = 32
NETWORK = {4: 24, 6: 48}  # the part of an address that a household or a shop has in common


def network_hash(request: HttpRequest, purpose: str) -> str:
    """Return a keyed hash of the network (/24 of IPv4, /48 of IPv6) for one purpose, "" where it
    is not known.
    """
    try:
        address = ipaddress.ip_address(_address(request))
    except ValueError:
        return ""
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    network = ipaddress.ip_network((address, NETWORK[address.version]), strict=False)
    return digest(str(network), f"network:{purpose}")[:LENGTH]


def browser_hash(request: HttpRequest, purpose: str) -> str:
    """Return a keyed hash of what the browser says of itself with every page, for one purpose."""
    headers = "\x1f".join(
        request.headers.get(name, "") for name in ("User-Agent", "Accept-Language")
    )
    return digest(headers, f"browser:{purpose}")[:LENGTH] if headers.strip("\x1f") else ""


def _address(request: HttpRequest) -> str:
    """Return the visitor's address: the last that no proxy of ours added."""
    hops = [
        hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",") if hop.strip()
    ]
    if settings.PROXIES and len(hops) >= settings.PROXIES:
        return hops[-settings.PROXIES]
    return str(request.META.get("REMOTE_ADDR", ""))
