from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("config", "0009_file_reading")]

    operations = [
        migrations.AddField(
            model_name="job",
            name="task",
            field=models.UUIDField(db_index=True, editable=False, null=True),
        ),
    ]
