"""What became of the rows of a file, those that were there already too."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("surveys", "0007_postings")]

    operations = [
        migrations.AddField("ImportedFile", "outcomes", models.JSONField(default=dict)),
    ]
