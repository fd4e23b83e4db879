"""Postings moved to the people of the ground floor; those there were are kept."""

from __future__ import annotations

from typing import Any

from django.db import migrations


def keep(apps: Any, schema_editor: Any) -> None:
    """Copy the postings."""
    new = apps.get_model("config", "Posting")
    for posting in apps.get_model("surveys", "Posting").objects.all():
        new.objects.get_or_create(user_id=posting.user_id, area_id=posting.area_id)


class Migration(migrations.Migration):
    dependencies = [("surveys", "0006_words"), ("config", "0003_access")]

    operations = [
        migrations.RunPython(keep, migrations.RunPython.noop),
        migrations.DeleteModel("Posting"),
    ]
