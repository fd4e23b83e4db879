"""A response always has a stratum, a place (PSU) and a weight.

Which invitation a response came from is not known (nothing leads back from the one to the other),
so the weight of every response there is stays 1.
"""

from __future__ import annotations

from typing import Any

from django.db import migrations, models
from django.db.models import F, Q, TextField, Value
from django.db.models.functions import Cast, Concat, Replace

ALL, ONLINE = "all", "online"


def plain(text: Any) -> Any:
    """Return a text without its dashes."""
    return Replace(text, Value("-"), Value(""), output_field=TextField())


def fill(apps: Any, schema_editor: Any) -> None:
    """Name the one stratum and the place of those that have none.

    The page used to write "online" where nothing named a stratum; in a survey where nobody chose
    that word it becomes the one stratum, so that answers before and after today stand together.
    """
    responses = apps.get_model("surveys", "Response").objects
    # on SQLite a uid is text without dashes, on PostgreSQL it is written with them
    uid = plain(Cast("uid", TextField()))
    own = Concat(Value("own:"), uid, output_field=TextField())
    by_page = Concat(Value("online:"), uid, output_field=TextField())
    nameless = (
        responses.filter(stratum=ONLINE)
        .annotate(plain=plain(F("psu")), by_page=by_page)
        .filter(Q(plain=F("by_page")) | Q(collector__isnull=False, collector__stratum=""))
    )
    for survey in set(nameless.order_by().values_list("survey", flat=True)):
        if not _chose_online(apps, survey):
            responses.filter(pk__in=nameless.filter(survey=survey).values("pk")).update(stratum=ALL)
            _rename_targets(apps, survey)
    responses.filter(stratum="").update(stratum=ALL)
    responses.filter(psu="").update(psu=own)


def _chose_online(apps: Any, survey: int) -> bool:
    """Say whether somebody named a stratum of this survey "online"."""
    return any(
        apps.get_model("surveys", name).objects.filter(survey=survey, stratum=ONLINE).exists()
        for name in ("Collector", "Invitation", "PaperForm")
    )


def _rename_targets(apps: Any, survey: int) -> None:
    """Let the targets of the page's answers count them on."""
    targets = apps.get_model("surveys", "Target").objects.filter(survey=survey)
    if not targets.filter(stratum=ALL).exists():
        targets.filter(stratum=ONLINE).update(stratum=ALL)


def check_now(apps: Any, schema_editor: Any) -> None:
    """Let the foreign keys of what was changed be checked: PostgreSQL alters no table while that
    waits for the end of the transaction.
    """
    schema_editor.connection.check_constraints()


class Migration(migrations.Migration):
    dependencies = [("surveys", "0008_import_outcomes")]

    operations = [
        migrations.AddField("Response", "weight", models.FloatField(default=1.0)),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.RunPython(check_now, migrations.RunPython.noop),
        migrations.AlterField("Response", "stratum", models.CharField(max_length=60)),
        migrations.AlterField("Response", "psu", models.CharField(max_length=60)),
        migrations.AddConstraint(
            "Response",
            models.CheckConstraint(
                name="a_response_stands_in_the_sample",
                condition=~Q(stratum="") & ~Q(psu="") & Q(weight__gt=0),
            ),
        ),
    ]
