from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("inspections", "0005_told_apart"),
    ]

    operations = [
        migrations.AddField(
            model_name="campaignsite",
            name="is_control",
            field=models.BooleanField(default=False),
        ),
    ]
