"""What is read about phones and who may hold one, a query a function."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from config.accounts.models import User
from config.accounts.roles import ROLES
from inspections.campaigns.models import Campaign
from inspections.devices.models import Device

RECORDERS = tuple(key for key, role in ROLES.items() if "visits.record" in role.permissions)


def inspectors() -> QuerySet[User]:
    """Return the people who may record visits, by name."""
    found = User.objects.filter(is_active=True, groups__name__in=RECORDERS).distinct()
    return found.order_by("first_name", "username")


def phones() -> QuerySet[Device]:
    """Return every phone with its owner, the latest first."""
    return Device.objects.select_related("owner").order_by("-pk")


def phones_of(campaign: Campaign) -> QuerySet[Device]:
    """Return the phones of everybody who is sent somewhere in a campaign."""
    sent = Q(owner__assignments__campaign=campaign)
    with_them = Q(owner__in=campaign.assignments.values("partner"))
    return phones().filter(sent | with_them).distinct()


def with_unsent(campaign: Campaign) -> QuerySet[Device]:
    """Return those phones of a campaign that said they hold visits nobody has received yet, the
    most first. One that was shut out holds them still.
    """
    return phones_of(campaign).filter(unsent__gt=0).order_by("-unsent", "owner__username", "pk")
