"""Responses in a database of their own, their snapshot and their ranking; `fresh` calls
these by name.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import numpy as np
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from config.language.texts import Text
from config.work.models import Job
from reports.data.snapshots.take import take
from reports.demo.build import versions
from reports.plans.validation import parse
from reports.production.models import Report
from reports.production.services import draft_plan
from reports.ranking.result import compute
from surveys.collection import fieldwork
from surveys.collection.models.area import Area
from surveys.collection.models.response import Response
from surveys.collection.models.survey import Survey
from surveys.collection.selectors import company_ids, questionnaire_of
from surveys.companies import services as companies
from surveys.questionnaires.answers import check
from tests.benchmarks.statistics.data import COMPANIES, PSUS, STRATA
from tests.benchmarks.statistics.timing import here

SLUG = "bench"
CHUNK = 10_000
CHECKED = 200
KEYS = [f"c{code:02}" for code in range(COMPANIES)]
PRODUCTS = ("aircon", "washer", "fridge", "tv", "water_heater", "kitchen", "other")
PROBLEMS = ("overcharging", "attitude", "repeat_repair", "late", "exaggerated", "parts", "none")


def fill(rows: int) -> float:
    """Set up the shipped questionnaire's survey with 30 companies and so many sheets; return the
    seconds it took.
    """
    start = time.perf_counter()
    call_command("migrate", verbosity=0)
    survey = fieldwork.set_up(
        slug=SLUG,
        title=Text("基准", "Bench"),
        organiser=Text("示例协会", "Example association"),
        version=versions()["appliance_core"],
        companies=[companies.register(key=key, name=f"示例电器{key}", name_en=key) for key in KEYS],
    )
    fieldwork.open_now(survey=survey)
    _check(survey)
    for first in range(0, rows, CHUNK):
        with transaction.atomic():
            Response.objects.bulk_create(_sheets(survey, first, min(CHUNK, rows - first)))
    return time.perf_counter() - start


def snapshot(file: str) -> dict[str, Any]:
    """Read the survey out of the database and freeze it; write the snapshot."""
    plan = _plan()
    found = []
    wall, cpu = here(lambda: found.append(take(plan, None)[1]))()
    Path(file).write_bytes(found[0].content)
    return {
        "wall": wall,
        "cpu": cpu,
        "rows_in": found[0].manifest.rows_in,
        "bytes": len(found[0].content),
    }


def ranking(file: str) -> dict[str, Any]:
    """Compute the ranking of the snapshot and put its report on record; also when each stage
    began, in seconds.
    """
    survey, plan = Survey.objects.get(slug=SLUG), _plan()
    begun: dict[str, float] = {}
    made = []

    def stage(name: str, _done: int = 0, _all: int = 0) -> None:
        begun.setdefault(name, time.perf_counter())

    def once() -> None:
        stage("open")
        whole, frozen = take(plan, Path(file))
        made.append(compute(whole, frozen, stage))
        stage("record")
        with transaction.atomic():
            job = Job.objects.create(
                title=f"{SLUG} {made[0].snapshot_hash[:8]}", state=Job.State.DONE
            )
            Report.objects.create(
                kind=Report.Kind.RANKING, survey=survey, plan=draft_plan(survey, _today()), job=job
            )
        stage("end")

    wall, cpu = here(once)()
    stages = {name: moment - begun["open"] for name, moment in begun.items()}
    return {"wall": wall, "cpu": cpu, "ranked": len(made[0].ranked), "stages": stages}


def _plan() -> Any:
    return parse(draft_plan(Survey.objects.get(slug=SLUG), _today()).encode(), "plan.yaml")


def _today() -> str:
    return date(2026, 12, 1).isoformat()


def _check(survey: Survey) -> None:
    """Let the one entrance judge some of the sheets: all must be such as it accepts."""
    for sheet in _sheets(survey, 0, CHECKED):
        checked = check(
            questionnaire_of(survey),
            sheet.answers,
            today=timezone.localdate(),
            companies=company_ids(survey),
        )
        assert not checked.flaws, checked.flaws
        assert checked.answers == sheet.answers


def _sheets(survey: Survey, first: int, count: int) -> Iterator[Response]:
    """Yield sheets as the entrance stores them: one in twenty had no repair, some answers do not
    apply.
    """
    rng = np.random.default_rng(first)
    company, psu = rng.integers(0, COMPANIES, count), rng.integers(0, PSUS, count)
    level = 7 + 0.6 * np.sin(company) + 0.2 * np.cos(psu) + rng.normal(0, 1.3, count)
    points = np.clip(np.rint(level[:, None] + rng.normal(0, 1, (count, 4))), 1, 10).astype(int)
    chance = rng.random((count, 8))
    ids, moment = company_ids(survey), timezone.now()
    cities = list(Area.objects.filter(level="city").values_list("code", flat=True))
    for i in range(count):
        city = cities[psu[i] % len(cities)]
        answers: dict[str, Any] = {
            "city": city,
            "channel": "dealer" if chance[i, 0] < 0.5 else "local_service",
            "problems": [PROBLEMS[int(chance[i, 1] * len(PROBLEMS))]],
            "repaired": "yes" if chance[i, 2] < 0.95 else "no",
        }
        repaired = answers["repaired"] == "yes"
        if repaired:
            answers |= {
                "company": KEYS[company[i]],
                "product": PRODUCTS[int(chance[i, 3] * len(PRODUCTS))],
                "quote": "list" if chance[i, 4] < 0.3 else "oral" if chance[i, 4] < 0.8 else "none",
                "fixed": "na" if chance[i, 5] < 0.02 else "yes" if chance[i, 5] < 0.75 else "no",
            }
            for name, score, missing in zip(
                ("speed", "skill", "price", "overall"), points[i], chance[i, 4:], strict=True
            ):
                answers[name] = "na" if missing < 0.03 else str(score)
        yield Response(
            uid=UUID(int=first + i),
            survey=survey,
            version_id=survey.version_id,
            status=Response.Status.ACCEPTED,
            receipt=f"{first + i:012}",
            answers=answers,
            company_id=ids[KEYS[company[i]]] if repaired else None,
            area_id=city,
            mode=Response.Mode.PAPER,
            language="zh-hans",
            stratum=f"stratum {psu[i] % STRATA}",
            psu=f"place {psu[i]}",
            submitted_at=moment,
        )
