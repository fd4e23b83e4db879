"""The inspection of the demonstration, done as the association does one: a frame, a draw, pairs
sent at random, visits from phones, some sent back, some sites seen twice, findings confirmed by
others, revisits. Every step goes by the service that a page calls.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import NAMESPACE_URL, uuid5

import numpy as np
from django.contrib.auth.models import Group
from django.db import transaction
from django.utils import timezone
from PIL import Image, ImageDraw

from config.accounts.models import User
from config.language.texts import Text
from inspections.assigning import services as assigning
from inspections.campaigns import draws
from inspections.campaigns import services as campaigns
from inspections.campaigns.models import Assignment, Campaign
from inspections.campaigns.sites import Datum, Site, Vendor
from inspections.devices import services as devices
from inspections.devices.models import Device
from inspections.review import services as review
from inspections.revisits import services as revisits
from inspections.visits import services as visits
from inspections.visits.models import Visit
from inspections.visits.services import Captured, Fieldwork, Place
from reports.demo.cast import CHAINS, INSPECTORS, ORGANISER, VENDORS
from reports.demo.venues import REVISIT_FIRST, VISITED, Seen, frame, seed_of_2023, seen
from surveys.collection import fieldwork
from surveys.companies import services as companies
from surveys.companies.models import Brand
from surveys.forms.models import QuestionnaireVersion

SEED = 2023
CAMPAIGN = "qr-payment-2023"
SECOND_SHARE = 0.15
CERTIFIED = 3  # visits with a certificate from outside
MEND_IN = timedelta(days=30)
Progress = Callable[[int, int], None]
Purpose = Assignment.Purpose


@dataclass(frozen=True)
class People:
    """Who plays which part: the inspectors with their phones, who accepts, who confirms."""

    inspectors: list[User]
    phones: dict[int, Device]
    supervisor: User
    verifier: User

    @classmethod
    def made(cls) -> People:
        """Invent them; nobody of them can sign in."""
        supervisor, verifier = _person("supervisor01"), _person("verifier01")
        supervisor.groups.add(Group.objects.get(name="supervisor"))
        verifier.groups.add(Group.objects.get(name="verifier"))
        inspectors = [_person(f"inspector{i + 1:02}") for i in range(INSPECTORS)]
        inspector = Group.objects.get(name="inspector")
        for person in inspectors:
            person.groups.add(inspector)
        phones = {
            person.pk: devices.enrol(owner=person, name="demo", by=supervisor)[0]
            for person in inspectors
        }
        return cls(inspectors, phones, supervisor, verifier)


@transaction.atomic
def campaign(
    version: QuestionnaireVersion, progress: Progress = lambda done, all_: None
) -> Campaign:
    """Rebuild the QR-payment inspection of 2023: 205 first visits, 31 second ones, revisits."""
    people = People.made()
    made = campaigns.set_up(
        slug=CAMPAIGN,
        title=Text("2023 年扫码收费场所消费体察", "QR-payment inspection 2023"),
        organiser=ORGANISER,
        version=version,
        selection=Campaign.Selection.RANDOM,
        demonstration=True,
    )
    rules = {name: getattr(made, name) for name in campaigns.RULES}
    campaigns.change_rules(
        campaign=made, rules=rules | {"second_share": SECOND_SHARE}, by=people.supervisor
    )
    fieldwork.open_now(survey=made.survey, at=_aware(datetime(2023, 10, 20)))  # noqa: DTZ001
    _draw(made, people)
    assigning.deal(
        campaign=made,
        people=people.inspectors,
        due_on=date(2023, 10, 25),
        seed=SEED,
        by=people.supervisor,
    )
    _Work(made, people, progress).do()
    fieldwork.close_now(survey=made.survey, at=_aware(datetime(2023, 11, 15)))  # noqa: DTZ001
    return made


def _draw(made: Campaign, people: People) -> None:
    """Put the frame into the directory and draw from it."""
    vendors = {name: Vendor.objects.create(name=name) for name in VENDORS}
    owner = companies.register(key="chains", name="示例连锁餐饮", name_en="Example chains")
    brands = {name: Brand.objects.create(company=owner, name=name) for name in CHAINS}
    sites = Site.objects.bulk_create(
        Site(
            name=venue.name,
            kind=venue.kind,
            area_id=venue.area,
            vendor=vendors[venue.vendor],
            brand=brands.get(venue.chain),
            latitude=venue.latitude,
            longitude=venue.longitude,
            datum=Datum.WGS84,
        )
        for venue in frame(SEED)
    )
    draws.draw_sites(
        campaign=made,
        frame=[draws.Line(site) for site in sites],
        method="simple",
        size=sum(VISITED.values()),
        seed=seed_of_2023([(site.pk, site.kind) for site in sites]),
        source="示例场所名录 Example register of sites",
        source_on=date(2023, 9, 1),
        by=people.supervisor,
    )


@dataclass
class _Work:
    """Everything that follows the assignments, site by site."""

    campaign: Campaign
    people: People
    progress: Progress
    pictures: int = 0
    certified: int = 0

    def do(self) -> None:
        """Make every visit with what becomes of it."""
        listed = self.campaign.assignments.select_related("site", "lead", "partner")
        sent = {
            purpose: {one.site_id: one for one in listed.filter(purpose=purpose)}
            for purpose in (Purpose.FIRST, Purpose.SECOND)
        }
        places = list(self.campaign.places.select_related("site").order_by("site"))
        every = seen(SEED, [place.site.kind for place in places])
        for done, (place, what) in enumerate(zip(places, every, strict=True), start=1):
            visit = self.first(sent[Purpose.FIRST][place.site_id], what)
            if second := sent[Purpose.SECOND].get(place.site_id):
                self.visit(second, what.second, what.visited_at + timedelta(days=2))
            if visit.findings.exists():
                self.confirm(visit)
                self.follow_up(visit, what)
            self.progress(done, len(places))

    def first(self, assignment: Assignment, what: Seen) -> Visit:
        """Make a first visit; where something was written wrongly it is sent back and mended."""
        answers, when = {**what.answers, **what.mistaken}, what.visited_at
        visit = self.visit(assignment, answers, when, accept=not what.mistaken)
        if not what.mistaken:
            return visit
        review.give_back(
            visit=visit,
            note="照片上看得到金额清单，请核对。",
            by=self.people.supervisor,
        )
        visit = visits.amend(
            visit=visit,
            uid=uuid5(NAMESPACE_URL, f"mingcha:demo:mended:{visit.uid}"),
            answers=what.answers,
            by=assignment.lead,
        )
        return review.accept(visit=visit, by=self.people.supervisor)

    def visit(
        self,
        assignment: Assignment,
        answers: dict[str, object],
        when: datetime,
        *,
        accept: bool = True,
    ) -> Visit:
        """Record a visit as a phone sends it, its photograph after it, and accept it."""
        content, site = self.photograph(), assignment.site
        assert site.latitude is not None
        assert site.longitude is not None
        begun = _aware(when - timedelta(minutes=6))
        place = Place(site.latitude, site.longitude, site.datum, accuracy=12.0, age=2.0)
        captured = Captured(
            sha256=hashlib.sha256(content).hexdigest(),
            size=len(content),
            name=f"{self.pictures:03}.jpg",
            media_type="image/jpeg",
            at=begun + timedelta(minutes=3),
            place=place,
        )
        visit = visits.record(
            campaign=self.campaign,
            site=site,
            uid=assignment.uid,
            answers=answers,
            visited_at=_aware(when),
            inspectors=[one for one in (assignment.lead, assignment.partner) if one],
            assignment=assignment,
            fieldwork=Fieldwork(
                begun_at=begun,
                device=self.people.phones[assignment.lead_id],
                skew=0,
                place=place,
                captured=[captured],
            ),
            by=assignment.lead,
        )
        visits.receive(visit=visit, content=content, by=assignment.lead)
        return review.accept(visit=visit, by=self.people.supervisor) if accept else visit

    def confirm(self, visit: Visit) -> None:
        """Confirm what was found as the second person; a few visits have a certificate."""
        for finding in visit.findings.all():
            review.confirm(finding=finding, by=self.people.verifier)
        if self.certified < CERTIFIED:
            self.certified += 1
            number = f"DEMO-{self.certified:04}"
            review.certify(
                evidence=visit.evidence.earliest("pk"),
                content=f"演示证书 demonstration certificate {number}".encode(),
                name=f"{number}.txt",
                number=number,
                by=self.people.supervisor,
            )

    def follow_up(self, visit: Visit, what: Seen) -> None:
        """Look again by others, or, where nobody has, set a deadline that lies ahead."""
        if what.again is None:
            revisits.set_deadline(
                visit=visit,
                mend_by=timezone.localdate() + MEND_IN,
                reason="约谈劝谕",
                by=self.people.supervisor,
            )
            return
        were_there = set(visit.inspectors.all())
        others = [one for one in self.people.inspectors if one not in were_there]
        lead, partner = (others[(visit.pk + step) % len(others)] for step in (0, 1))
        assignment = revisits.send(
            visit=visit,
            lead=lead,
            partner=partner,
            due_on=REVISIT_FIRST.date(),
            reason="回头看",
            by=self.people.supervisor,
        )
        again = self.visit(assignment, what.again, REVISIT_FIRST)
        outcome = revisits.suggested(again)
        assert outcome is not None
        revisits.conclude(revisit=again, outcome=outcome, reason="", by=self.people.supervisor)

    def photograph(self) -> bytes:
        """Return a drawn picture that says what it is: no photograph of a real place stands in a
        demonstration. No two look alike.
        """
        self.pictures += 1
        rng = np.random.default_rng(self.pictures)
        blocks = Image.fromarray(rng.integers(150, 250, (4, 6, 3), dtype=np.uint8))
        picture = blocks.resize((480, 320), Image.Resampling.NEAREST)
        draw = ImageDraw.Draw(picture)
        text = f"demonstration data - invented photograph {self.pictures:03}"
        draw.text((40, 150), text, fill=(23, 34, 59))
        out = io.BytesIO()
        picture.save(out, "JPEG", quality=80)
        return out.getvalue()


def _person(name: str) -> User:
    return User.objects.create_user(name, first_name=name[-2:])


def _aware(moment: datetime) -> datetime:
    return timezone.make_aware(moment)
