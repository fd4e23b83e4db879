"""Makes a campaign with so many visits to be made by a few phones: python -m ... COUNT FILE."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import django

PHONES = 20  # a campaign of 205 venues has some 22 volunteers


def main(count: int, file: Path) -> None:
    """Write the tokens of the phones, the numbers of the visits and what is answered, as JSON."""
    from django.core.management import call_command

    from inspections.campaigns.models import Assignment, CampaignSite
    from inspections.campaigns.sites import Site
    from inspections.devices import services as devices
    from tests import field
    from tests.people import person

    call_command("migrate", verbosity=0)
    campaign = field.campaign()
    people = [person(f"inspector{n}", "inspector") for n in range(PHONES)]
    tokens = [devices.enrol(owner=one, name="phone", by=one)[1] for one in people]
    sites = Site.objects.bulk_create(
        Site(name=f"{n}号店", kind="shop", area_id="140105") for n in range(count)
    )
    CampaignSite.objects.bulk_create(CampaignSite(campaign=campaign, site=one) for one in sites)
    made = Assignment.objects.bulk_create(
        Assignment(campaign=campaign, site=site, lead=people[n % PHONES])
        for n, site in enumerate(sites)
    )
    visits = [[str(one.uid), tokens[n % PHONES]] for n, one in enumerate(made)]
    answers = {**field.FULL, "company": "not_sure"}
    version = campaign.survey.version_id
    file.write_text(json.dumps({"visits": visits, "answers": answers, "version": version}))


if __name__ == "__main__":
    django.setup()
    main(int(sys.argv[1]), Path(sys.argv[2]))
