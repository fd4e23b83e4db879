"""An import that was taken back as a whole, and when a survey's answers were last frozen."""

from __future__ import annotations

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [
        ("surveys", "0011_corrected"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            "ImportedFile", "taken_back_at", models.DateTimeField(null=True, blank=True)
        ),
        migrations.AddField(
            "ImportedFile",
            "taken_back_by",
            models.ForeignKey(
                settings.AUTH_USER_MODEL,
                django.db.models.deletion.PROTECT,
                null=True,
                blank=True,
                related_name="+",
            ),
        ),
        migrations.AddField(
            "ImportedFile", "taken_back_why", models.CharField(max_length=300, blank=True)
        ),
        migrations.AddConstraint(
            "ImportedFile",
            models.CheckConstraint(
                name="an_import_is_taken_back_with_a_reason",
                condition=Q(taken_back_at__isnull=True) ^ ~Q(taken_back_why=""),
            ),
        ),
        migrations.AddField("Survey", "frozen_at", models.DateTimeField(null=True, blank=True)),
        migrations.RemoveConstraint("Response", "rejected_if_and_only_if_flawed"),
        migrations.AlterField(
            "Response",
            "status",
            models.CharField(
                max_length=10,
                choices=[
                    ("accepted", "accepted"),
                    ("rejected", "rejected"),
                    ("over_quota", "over quota"),
                    ("removed", "removed in cleaning"),
                    ("withdrawn", "withdrawn"),
                    ("corrected", "corrected by a later one"),
                    ("taken_back", "taken back with its file"),
                ],
            ),
        ),
        migrations.AddConstraint(
            "Response",
            models.CheckConstraint(
                name="rejected_if_and_only_if_flawed",
                condition=Q(status="taken_back") | (Q(status="rejected") ^ Q(flaws=[])),
            ),
        ),
    ]
