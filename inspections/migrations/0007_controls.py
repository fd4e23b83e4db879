from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("inspections", "0006_stamps_and_lost_files"),
    ]

    operations = [
        migrations.AddField(
            model_name="campaignsite",
            name="is_control",
            field=models.BooleanField(default=False),
        ),
    ]
