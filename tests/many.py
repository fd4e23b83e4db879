"""A world with many rows in every list of the back office."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

from django.contrib.auth.models import Group
from django.db import transaction
from django.utils import timezone

from config.accounts import audit
from config.accounts.models import ApiToken, Posting, User
from config.work.models import Job
from inspections.campaigns.models import Assignment, Campaign
from inspections.campaigns.sites import Site
from inspections.devices.models import Device
from inspections.visits.models import Finding, Visit
from reports.production.models import Report
from reports.releases.models import Release
from surveys.channels.telephone.models import Call
from surveys.collection.models.collector import Collector
from surveys.collection.models.invitation import Disposition, Invitation
from surveys.collection.models.response import ImportedFile, Response
from surveys.collection.models.survey import Survey
from surveys.companies import services as companies
from surveys.companies.models import Company
from surveys.designing.models import Upload
from surveys.forms.models import QuestionnaireVersion
from tests import field


def world(by):
    """Make the survey “repairs” and the campaign “visits”, whose lists `add` fills."""
    survey, campaign = field.survey(), field.campaign()
    return survey, campaign, by


def add(made, first: int, last: int) -> None:
    """Add rows first … last - 1 to every list."""
    survey, campaign, by = made
    now = timezone.now()
    for n in range(first, last):
        # without a password: to hash one takes half a second
        other = User.objects.create(username=f"person-{n:03}", first_name=f"Person {n:03}")
        for role in ("analyst", "inspector"):
            other.groups.add(Group.objects.get_or_create(name=role)[0])
        Posting.objects.create(user=other, area_id="140100")
        for owner in (by, other):
            ApiToken.objects.create(
                owner=owner,
                name=f"device {n:03}",
                prefix="mc_12345678",
                digest=uuid4().hex,
                expires_at=now + timedelta(days=30),
            )
        shop = companies.register(
            key=f"shop-{n:03}", name=f"第{n:03}号家电", name_en=f"Shop {n:03}"
        )
        gone = companies.register(key=f"gone-{n:03}", name=f"老{n:03}号家电")
        Company.objects.filter(pk=gone.pk).update(merged_into=shop)
        Upload.objects.create(name=f"book-{n:03}.xlsx", workbook="0" * 64, uploaded_by=by)
        version = QuestionnaireVersion.objects.create(
            name=f"book-{n:03}", version="1", workbook="0" * 64, xform="", compiled={}
        )
        Survey.objects.create(
            slug=f"survey-{n:03}",
            title_zh=f"第{n:03}号满意度调查",
            title_en=f"Satisfaction {n:03}",
            version=version,
            sample="nonprobability",
        )
        job = Job.objects.create(title=f"第{n:03}号排名", state="done", started_by=by)
        report = Report.objects.create(kind="ranking", survey=survey, job=job)
        Release.objects.create(
            slug=f"release-{n:03}",
            report=report,
            title_zh=f"第{n:03}号发布",
            title_en=f"Release {n:03}",
        )
        imported = ImportedFile.objects.create(
            survey=survey, sha256=f"{n:064}", name=f"answers-{n:03}.csv", mapping={}, job=job
        )
        imported.imported_by = by
        imported.save()
        Collector.objects.create(
            survey=survey,
            code=f"code{n:03}",
            kind="company",
            name_zh=f"第{n:03}号链接",
            sealed_to=shop,
        )
        invited = Invitation.objects.create(
            survey=survey, batch=f"batch-{n:03}", number=n + 1, token_sha256=f"{n:064}"
        )
        Call.objects.create(
            invitation=invited,
            outcome=Disposition.UNKNOWN,
            call_again_at=now + timedelta(hours=n),
            made_by=by,
        )
        _visit(campaign, n, by)
        Device.objects.create(owner=other, name=f"phone {n:03}", digest=f"{n:064}", unsent=n)
        their_own = Survey.objects.create(
            slug=f"campaign-{n:03}",
            title_zh=f"第{n:03}号体察",
            title_en=f"Campaign {n:03}",
            version=version,
            sample="nonprobability",
            has_page=False,
        )
        Campaign.objects.create(survey=their_own)
        with transaction.atomic():
            audit.record(by=other, action="survey.open", target=survey, reason=f"reason {n:03}")


def _visit(campaign, n: int, by) -> None:
    site = Site.objects.create(name=f"第{n:03}号场所", kind="car_park", area_id="140105")
    Site.objects.create(name=f"旧{n:03}号场所", kind="car_park", area_id="140105", merged_into=site)
    campaign.sites.add(site)
    Assignment.objects.create(campaign=campaign, site=site, lead=by)
    response = Response.objects.create(
        uid=uuid4(),
        survey=campaign.survey,
        version=campaign.survey.version,
        status="accepted",
        receipt=f"VISIT{n:07}",
        answers={},
        mode="visit",
        stratum="car_park",
        psu=str(site.pk),
        submitted_at=timezone.now(),
    )
    visit = Visit.objects.create(
        campaign=campaign,
        site=site,
        response=response,
        uid=response.uid,
        visited_at=timezone.now(),
    )
    visit.inspectors.add(by)
    if n % 2:
        Finding.objects.create(visit=visit, indicator="sign", topic="sign", critical=False)
