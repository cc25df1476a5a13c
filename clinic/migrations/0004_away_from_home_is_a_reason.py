from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("clinic", "0003_the_clinical_rules")]

    operations = [
        migrations.AlterField(
            model_name="skip",
            name="reason",
            field=models.CharField(
                choices=[
                    ("pain", "It hurt"),
                    ("time", "No time"),
                    ("forgot", "I forgot"),
                    ("unwell", "Tired or unwell"),
                    ("travel", "Away from home"),
                    ("unclear", "Not sure how to do it"),
                    ("equipment", "No equipment here"),
                    ("unsafe", "It felt unsafe"),
                    ("other", "Something else"),
                ],
                max_length=10,
            ),
        ),
    ]
