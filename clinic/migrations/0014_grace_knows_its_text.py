from django.db import migrations

from exercises.governance import fingerprint_of

# As they were when the time of grace began.
FIELDS = ['suits', 'not_for', 'schedule', 'progress', 'stop', 'weeks', 'stage_rules']


def substance(protocol):
    lines = [
        [line.stage, line.phase, line.exercise_id, line.dosage.to_dict(), line.importance]
        for line in protocol.lines.order_by('position', 'pk')
    ]
    return {name: getattr(protocol, name) for name in FIELDS} | {'lines': lines}


def remember(apps, schema_editor):
    """What has a time of grace has it as it stands there: an edit ends the grace as it ends a review."""
    protocols = apps.get_model('clinic', 'Protocol').objects
    rows = list(protocols.filter(reviewed_on=None).exclude(review_by=None))
    for row in rows:
        row.reviewed_as = row.reviewed_as or fingerprint_of(substance(row))
    protocols.bulk_update(rows, ['reviewed_as'], batch_size=200)


class Migration(migrations.Migration):

    dependencies = [
        ('clinic', '0013_prescribing_faster'),
    ]

    operations = [
        migrations.RunPython(remember, migrations.RunPython.noop),
    ]
