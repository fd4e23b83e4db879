"""The cases of a run are records with their strength, no list of keys any more."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import django.db.models.deletion
from django.db import migrations, models


def move(apps: Any, schema_editor: Any) -> None:
    """Make a case of every key on a run's list, as strong as its flags together."""
    case = apps.get_model("surveys", "CleaningCase")
    flag = apps.get_model("surveys", "Flag")
    for run in apps.get_model("surveys", "QualityRun").objects.all():
        keys = run.limits.pop("looked_at", [])
        strongest: dict[int, dict[str, float]] = defaultdict(dict)
        flags = flag.objects.filter(run=run).values_list("response", "check_name", "strength")
        for response, check, strength in flags.iterator():
            of_response = strongest[response]
            of_response[check] = max(of_response.get(check, 0.0), strength)
        case.objects.bulk_create(
            (
                case(run=run, response_id=key, strength=sum(strongest[key].values()))
                for key in keys
            ),
            batch_size=1000,
        )
        run.save(update_fields=["limits"])


class Migration(migrations.Migration):
    dependencies = [("surveys", "0009_sampling")]

    operations = [
        migrations.CreateModel(
            name="CleaningCase",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("strength", models.FloatField()),
                (
                    "response",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cleaning_cases",
                        to="surveys.response",
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="cases",
                        to="surveys.qualityrun",
                    ),
                ),
            ],
            options={"ordering": ["-strength", "id"]},
        ),
        migrations.AddConstraint(
            model_name="cleaningcase",
            constraint=models.UniqueConstraint(
                fields=("run", "response"), name="one_case_a_response"
            ),
        ),
        migrations.RunPython(move, migrations.RunPython.noop),
    ]
