"""The demonstration gives the association's published figures back, to the printed digit."""

from __future__ import annotations

import io
import json

import pandas as pd
import pyarrow.parquet as pq
import pytest
from django.db import transaction

from inspections.campaigns import draws
from inspections.visits import chain
from inspections.visits.models import Finding, VisitEvent
from reports.data.snapshots.answers import reopen
from reports.data.snapshots.snapshot import load as load_snapshot
from reports.data.snapshots.take import take
from reports.demo import build
from reports.demo import inspection as demo
from reports.inspection import files as inspection_files
from reports.inspection import result as inspection
from reports.inspection import snapshot as inspection_snapshot
from reports.inspection.presenter import written
from reports.plans.validation import load, parse
from reports.publishing.proof import texts
from reports.ranking.result import compute
from reports.topline import files as topline_files
from reports.topline import result as topline
from reports.topline import snapshot as topline_snapshot
from reports.topline.presenter import percent
from surveys.collection import selectors
from surveys.collection.models.response import Response
from surveys.collection.models.survey import Survey
from tests.conftest import ROOT

PUBLISHED = {
    "channel": {
        "local_service": "41.83",
        "dealer": "22.93",
        "street_shop": "14.20",
        "online": "6.83",
    },
    "problems": {
        "overcharging": "49.41",
        "attitude": "47.32",
        "repeat_repair": "44.78",
        "late": "41.54",
        "exaggerated": "37.61",
        "parts": "29.56",
    },
}


@pytest.fixture(scope="module")
def built(django_db_setup, django_db_blocker, tmp_path_factory):
    """Build survey and campaign once for this file, and take them away again."""
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.conf.settings.VAR", tmp_path_factory.mktemp("var"))
        selectors._compiled.cache_clear()
        selectors.area_codes.cache_clear()
        atomic = transaction.atomic()
        atomic.__enter__()
        versions = build.versions()
        build.register_companies()
        yield build.survey(versions["appliance_core"]), demo.campaign(versions["qr_payment"])
        transaction.set_rollback(True)
        atomic.__exit__(None, None, None)


def files_of(workbook):
    """Return the cells of a workbook's only worksheet."""
    return pd.read_excel(io.BytesIO(workbook)).to_dict("list")


def test_the_published_percentages_come_out(built, db):
    result = topline.compute(topline_snapshot.freeze(built[0]))
    shares = {
        (r.question.name, c.name): (percent(s.share), s.n)
        for r in result.results
        for c, s in zip(r.choices, r.whole.shares, strict=True)
    }

    for question, expected in PUBLISHED.items():
        assert {name: shares[question, name] for name in expected} == {
            k: (v, 4100) for k, v in expected.items()
        }


def test_paper_has_a_valid_return_of_95_2_percent(built, db):
    result = topline.compute(topline_snapshot.freeze(built[0]))
    paper = next(r for r in result.returns if r.mode == "paper")

    assert (paper.valid, paper.returned, percent(paper.valid / paper.returned, 1)) == (
        2000,
        2100,
        "95.2",
    )
    assert Response.objects.filter(survey=built[0], status="rejected").count() == 100


def test_the_shares_of_sites_come_out(built, db):
    found = inspection.compute(inspection_snapshot.freeze(built[1])).found

    assert [written(line.counts[0]) for line in found[:3]] == [
        "31.7 (25.7–38.4)",
        "26.5 (19.3–35.4)",
        "40.2 (30.6–50.7)",
    ]


def test_the_inspection_went_the_way_of_a_real_one(built, db):
    campaign = built[1]
    result = inspection.compute(inspection_snapshot.freeze(campaign))
    follow = next(item for item in result.items if item.name == "follow")

    assert (follow.fault.zh, follow.counts[0].x, follow.counts[0].n) == ("被强制关注", 44, 205)
    assert (result.sites, result.inspectors, result.photographs) == (205, 22, 205)
    assert result.confirmed == result.findings
    assert {one.pairs for one in result.agreement if one.item != "after"} == {31}
    assert (result.revisits[0].again, result.revisits[0].outcomes["fixed"]) == (52, 41)
    assert VisitEvent.objects.filter(visit__campaign=campaign, kind="returned").count() == 12
    assert not any(list(chain.breaks(visit)) for visit in campaign.visits.all()[:5])
    assert draws.again(campaign.draws.get())
    assert not campaign.visits.filter(assignment=None).exists()


def test_six_companies_reach_a_hundred_answers_and_are_ranked(built, db):
    plan, snapshot = take(load(ROOT / "reports" / "demo" / "plan.yaml"), None)
    ranking = compute(plan, snapshot)

    assert [len(ranking.of_class(c)) for c in ("above", "average", "below")] == [2, 3, 1]


def test_a_ranking_of_the_database_can_be_recomputed_from_its_snapshot_alone(built, db, tmp_path):
    first = load(ROOT / "reports" / "demo" / "plan.yaml")
    plan, snapshot = take(first, None)
    (tmp_path / "s.parquet").write_bytes(snapshot.content)
    Survey.objects.filter(pk=built[0].pk).update(slug="gone")

    again = compute(*take(first, tmp_path / "s.parquet"))

    assert again.companies == compute(plan, load_snapshot(snapshot.content)).companies


def test_a_topline_can_be_recomputed_from_its_published_snapshot_alone(built, db, tmp_path):
    first = topline.compute(topline_snapshot.freeze(built[0]))
    (tmp_path / "snapshot.parquet").write_bytes(topline_snapshot.freeze(built[0]).content)
    Survey.objects.filter(pk=built[0].pk).update(title_zh="x", sample="probability")
    accepted = Response.objects.filter(survey=built[0], status="accepted")
    accepted.update(status="removed", mode="visit")

    again = topline.compute(reopen(tmp_path / "snapshot.parquet", "topline"))

    assert files_of(topline_files.as_workbook(again)) == files_of(topline_files.as_workbook(first))
    assert (again.returns, again.units, again.manifest) == (
        first.returns,
        first.units,
        first.manifest,
    )
    assert again.snapshot_hash == first.snapshot_hash


def test_an_inspection_report_can_be_recomputed_from_its_published_snapshot_alone(
    built, db, tmp_path
):
    first = inspection.compute(inspection_snapshot.freeze(built[1]))
    (tmp_path / "snapshot.parquet").write_bytes(inspection_snapshot.freeze(built[1]).content)
    Finding.objects.all().delete()
    built[1].sites.update(kind="shop")

    again = inspection.compute(reopen(tmp_path / "snapshot.parquet", "inspection"))

    assert repr(again) == repr(first)  # what is not defined is not equal to itself


def test_what_was_found_and_who_was_there_changes_the_hash_of_an_inspection_report(built, db):
    before = inspection_snapshot.freeze(built[1])
    Finding.objects.first().delete()
    fewer = inspection_snapshot.freeze(built[1])
    built[1].visits.filter(revisit_of=None, is_second=False).first().inspectors.clear()
    alone = inspection_snapshot.freeze(built[1])

    assert len({before.hash, fewer.hash, alone.hash}) == 3


def test_a_snapshot_names_no_person_no_place_and_no_receipt(built, db):
    told = topline_snapshot.freeze(built[0]), inspection_snapshot.freeze(built[1])

    for snapshot in told:
        frame = pq.read_table(io.BytesIO(snapshot.content)).to_pandas()
        text = frame.to_csv() + json.dumps(snapshot.manifest.more, ensure_ascii=False)
        assert not {"comment", "_area", "_day", "_collector"} & set(frame.columns)
        receipts = Response.objects.values_list("receipt", "uid")[:2000]
        assert not any(receipt in text or uid.hex in text for receipt, uid in receipts)
    assert not any(visit.site.name in text for visit in built[1].visits.select_related("site"))
    assert "街口家电维修部" not in told[0].content.decode("latin-1")


def test_a_campaign_is_ranked_by_vendor(built, db):
    text = (ROOT / "reports" / "demo" / "plan.yaml").read_text(encoding="utf-8")
    text = text.replace(
        "{kind: survey, survey: appliance-2023}",
        "{kind: campaign, campaign: qr-payment-2023, unit: vendor}",
    )
    text = (
        text.replace("strata: _stratum\n", "")
        .replace("appliance_core@1", "qr_payment@1")
        .replace("n: 30, n_eff: 100, half_width: 5", "n: 10")
        .replace("adjust: _mode", "# a campaign has one mode")
    )
    plan, snapshot = take(parse(text.encode(), "plan.yaml"), None)

    assert snapshot.manifest.rows_read == 205, "revisits are not counted twice"
    assert len(compute(plan, snapshot).ranked) == 7


def test_the_topline_prints_its_figures_in_both_languages_and_no_comment(built, db):
    snapshot = topline_snapshot.freeze(built[0])
    files = topline_files.make(topline.compute(snapshot), snapshot)

    for language in ("zh-Hans", "en"):
        text = " ".join(texts(files[f"topline.{language}.pdf"]))
        for expected in PUBLISHED.values():
            assert all(figure in text for figure in expected.values())
        assert "街口家电维修部" not in text


def test_the_inspection_report_names_no_site(built, db):
    snapshot = inspection_snapshot.freeze(built[1])
    files = inspection_files.make(inspection.compute(snapshot), snapshot)

    for language in ("zh-Hans", "en"):
        text = " ".join(texts(files[f"inspection.{language}.pdf"]))
        assert "31.7 (25.7–38.4)" in text
        assert not any(visit.site.name in text for visit in built[1].visits.select_related("site"))
