"""Large files that the worker reads."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("config", "0008_browser_session")]

    operations = [
        migrations.CreateModel(
            "FileReading",
            [
                ("id", models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    )),
                ("purpose", models.CharField(max_length=20)),
                ("about", models.CharField(max_length=60, blank=True)),
                ("sha256", models.CharField(max_length=64)),
                ("name", models.CharField(max_length=255)),
                ("outcome", models.JSONField(default=dict)),
                (
                    "job",
                    models.OneToOneField(
                        "config.Job", django.db.models.deletion.CASCADE, related_name="reading"
                    ),
                ),
            ],
            options={
                "ordering": ["-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        name="a_file_is_read_once_for_a_purpose",
                        fields=["purpose", "about", "sha256", "name"],
                    )
                ],
            },
        ),
    ]
