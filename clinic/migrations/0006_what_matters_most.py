from django.db import migrations, models

IMPORTANCE = [(1, "Must do"), (2, "Should do"), (3, "If there is time")]


class Migration(migrations.Migration):
    dependencies = [("clinic", "0005_told_knows_level_and_movements")]

    operations = [
        migrations.AddField(
            model_name="prescribedexercise",
            name="importance",
            field=models.PositiveSmallIntegerField(
                choices=IMPORTANCE, default=2, verbose_name="when time is short"
            ),
        ),
        migrations.AddField(
            model_name="protocolline",
            name="importance",
            field=models.PositiveSmallIntegerField(
                choices=IMPORTANCE, default=2, verbose_name="when time is short"
            ),
        ),
        migrations.AddField(
            model_name="session",
            name="minutes",
            field=models.PositiveSmallIntegerField(
                blank=True, help_text="How many the patient had, where the exercises take longer.", null=True
            ),
        ),
        migrations.AddField(
            model_name="session",
            name="picked",
            field=models.JSONField(
                blank=True, default=list, help_text="The threads of the exercises picked for these minutes."
            ),
        ),
    ]
