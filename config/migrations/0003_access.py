"""Roles as groups, postings to areas, the audit trail."""

from __future__ import annotations

from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# as they were named when this was written; what each may do stands in config/accounts/roles.py
ROLES = (
    "designer",
    "interviewer",
    "inspector",
    "supervisor",
    "analyst",
    "verifier",
    "legal",
    "publisher",
    "auditor",
    "administrator",
)


def make_roles(apps: Any, schema_editor: Any) -> None:
    """Make the groups; nobody is put into one."""
    group = apps.get_model("auth", "Group")
    for name in ROLES:
        group.objects.get_or_create(name=name)


class Migration(migrations.Migration):
    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("config", "0002_job"),
        ("surveys", "0006_words"),
    ]

    operations = [
        migrations.CreateModel(
            name="AuditEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveBigIntegerField(unique=True)),
                ("at", models.DateTimeField()),
                ("by_name", models.CharField(blank=True, max_length=150)),
                ("action", models.CharField(max_length=60)),
                ("target", models.CharField(max_length=60)),
                ("target_id", models.CharField(max_length=64)),
                ("target_name", models.CharField(max_length=200)),
                ("before", models.JSONField(default=dict)),
                ("after", models.JSONField(default=dict)),
                ("reason", models.CharField(blank=True, max_length=300)),
                ("previous", models.CharField(blank=True, max_length=64)),
                ("hash", models.CharField(max_length=64, unique=True)),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "audit event",
                "ordering": ["-number"],
                "indexes": [
                    models.Index(fields=["target", "target_id"], name="audit_of_an_object"),
                    models.Index(fields=["by"], name="audit_of_a_person"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Posting",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "area",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="surveys.area"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="postings",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["area"],
                "constraints": [
                    models.UniqueConstraint(fields=("user", "area"), name="posted_to_an_area_once")
                ],
            },
        ),
        migrations.RunPython(make_roles, migrations.RunPython.noop),
    ]
