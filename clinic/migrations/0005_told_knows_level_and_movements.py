from django.db import migrations

from clinic.prescriptions.week_plan import week_plan


def fill(apps, schema_editor):
    """Plans sent before gain what is copied on publishing since: level and movement tags, and the week by line."""
    Prescription = apps.get_model("clinic", "Prescription")
    PrescribedExercise = apps.get_model("clinic", "PrescribedExercise")
    sent = Prescription.objects.filter(published_at__isnull=False)
    for prescription in sent.prefetch_related("lines__exercise__tags").iterator(chunk_size=200):
        lines = list(prescription.lines.all())
        for line in lines:
            tags = sorted(tag.slug for tag in line.exercise.tags.all())
            line.told = {"level": line.exercise.level, "tags": tags} | line.told
        PrescribedExercise.objects.bulk_update(lines, ["told"])
        prescription.week_plan = week_plan(lines)
        prescription.save(update_fields=["week_plan"])


class Migration(migrations.Migration):
    dependencies = [("clinic", "0004_away_from_home_is_a_reason")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
