# Visits that were recorded before visits had a number of their own

from __future__ import annotations

from typing import Any

from django.db import migrations, models
from django.db.models import F, OuterRef, Subquery


def fill(apps: Any, schema_editor: Any) -> None:
    """Give every visit the number and the arrival of its response, and its photographs theirs."""
    visit, response, evidence = (
        apps.get_model(*name)
        for name in (
            ("inspections", "Visit"),
            ("surveys", "Response"),
            ("inspections", "Evidence"),
        )
    )
    own = response.objects.filter(pk=OuterRef("response"))
    visit.objects.filter(uid=None).update(
        uid=Subquery(own.values("uid")), received_at=Subquery(own.values("received_at"))
    )
    evidence.objects.filter(received_at=None).update(received_at=F("added_at"))


class Migration(migrations.Migration):
    dependencies = [("inspections", "0002_field")]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="visit", name="uid", field=models.UUIDField(unique=True)
        ),
    ]
