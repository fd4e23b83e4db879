"""Areas come with the program: Shanxi with its 11 cities and 117 counties (GB/T 2260, as of 2023)."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

from django.db import migrations

AREAS = Path(__file__).resolve().parent.parent / "data" / "areas.csv"


def load(apps: Any, schema_editor: Any) -> None:
    Area = apps.get_model("surveys", "Area")
    with AREAS.open(encoding="utf-8", newline="") as file:
        for line in csv.DictReader(file):
            parent = line.pop("parent") or None
            Area.objects.update_or_create(code=line.pop("code"), defaults={**line, "parent_id": parent})


class Migration(migrations.Migration):
    dependencies = [("surveys", "0001_initial")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
