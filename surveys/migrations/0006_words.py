"""The field's words: a collection point (collector), a paper form, the responses of a run."""

from __future__ import annotations

from typing import Any

import django.db.models.functions.comparison
from django.db import migrations, models


def rename_in_details(apps: Any, schema_editor: Any) -> None:
    """What a check saw is kept by name; the page that puts it into words knows the new one."""
    flags = apps.get_model("surveys", "Flag").objects.filter(check_name__in=("device", "text", "burst"))
    for flag in flags.iterator():
        if "sheets" in flag.detail:
            flag.detail["responses"] = flag.detail.pop("sheets")
            flag.save(update_fields=["detail"])


class Migration(migrations.Migration):
    dependencies = [("surveys", "0005_back_office_pages")]

    operations = [
        migrations.RemoveConstraint("Target", "one_target_a_cell"),
        migrations.RemoveConstraint("Keying", "each_turn_once"),
        migrations.RemoveConstraint("Keying", "two_turns_are_two_people"),
        migrations.RenameModel("Entrance", "Collector"),
        migrations.RenameField("Response", "entrance", "collector"),
        migrations.RenameField("Draft", "entrance", "collector"),
        migrations.RenameField("Target", "entrance", "collector"),
        migrations.RenameModel("PaperSheet", "PaperForm"),
        migrations.RenameField("Keying", "sheet", "form"),
        migrations.RenameField("QualityRun", "sheets", "responses"),
        migrations.AlterField(
            "Collector",
            "survey",
            models.ForeignKey("surveys.Survey", models.PROTECT, related_name="collectors"),
        ),
        migrations.AlterField(
            "PaperForm",
            "survey",
            models.ForeignKey("surveys.Survey", models.PROTECT, related_name="paper_forms"),
        ),
        migrations.AlterField(
            "PaperForm",
            "response",
            models.OneToOneField(
                "surveys.Response", models.PROTECT, null=True, blank=True, related_name="paper_form"
            ),
        ),
        migrations.AlterModelOptions("Keying", {"ordering": ["form", "turn"]}),
        migrations.AlterModelOptions("Target", {"ordering": ["area", "stratum", "company", "collector"]}),
        migrations.AddConstraint(
            "Target",
            models.UniqueConstraint(
                models.F("survey"),
                django.db.models.functions.comparison.Coalesce("area", models.Value("")),
                models.F("stratum"),
                django.db.models.functions.comparison.Coalesce("company", models.Value(0)),
                django.db.models.functions.comparison.Coalesce("collector", models.Value(0)),
                name="one_target_a_cell",
            ),
        ),
        migrations.AddConstraint(
            "Keying", models.UniqueConstraint(fields=("form", "turn"), name="each_turn_once")
        ),
        migrations.AddConstraint(
            "Keying",
            models.UniqueConstraint(fields=("form", "keyed_by"), name="two_turns_are_two_people"),
        ),
        migrations.RunPython(rename_in_details, migrations.RunPython.noop),
    ]
