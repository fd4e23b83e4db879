"""Calls hand numbers out; companies stand in the order of their sound; imports are jobs."""

from __future__ import annotations

from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from pypinyin import lazy_pinyin


def sort_by_sound(apps: Any, schema_editor: Any) -> None:
    """Give every company what it is sorted by."""
    companies = apps.get_model("surveys", "Company")
    for company in companies.objects.all():
        spelled = "".join(c for c in company.name.casefold() if c.isalnum())
        companies.objects.filter(pk=company.pk).update(sound=" ".join(lazy_pinyin(spelled))[:240])


class Migration(migrations.Migration):
    dependencies = [
        ("config", "0002_job"),
        ("surveys", "0004_collecting"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterModelOptions(name="importedfile", options={"ordering": ["-pk"]}),
        migrations.AddField(
            model_name="importedfile",
            name="job",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="config.job"
            ),
        ),
        migrations.AlterModelOptions(
            name="company",
            options={"ordering": ["sound", "name"], "verbose_name_plural": "companies"},
        ),
        migrations.AddField(
            model_name="call",
            name="before",
            field=models.CharField(
                choices=[
                    ("1.1", "1.1 complete"),
                    ("1.2", "1.2 partial"),
                    ("2.1", "2.1 refusal"),
                    ("2.12", "2.12 break-off"),
                    ("2.2", "2.2 not reached"),
                    ("2.3", "2.3 unable, other language"),
                    ("3.1", "3.1 nothing known"),
                    ("3.2", "3.2 unknown, other"),
                    ("4.1", "4.1 not in the population"),
                    ("4.7", "4.7 nobody eligible"),
                    ("4.8", "4.8 quota filled"),
                ],
                default="3.1",
                max_length=4,
            ),
        ),
        migrations.AddField(
            model_name="company",
            name="sound",
            field=models.CharField(blank=True, editable=False, max_length=240),
        ),
        migrations.AddField(
            model_name="invitation",
            name="held_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="invitation",
            name="held_until",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name="companychange",
            name="what",
            field=models.CharField(
                choices=[
                    ("imported", "imported"),
                    ("changed", "changed"),
                    ("merged", "merged"),
                    ("split", "split"),
                    ("apart", "told apart"),
                ],
                max_length=8,
            ),
        ),
        migrations.RunPython(sort_by_sound, migrations.RunPython.noop),
    ]
