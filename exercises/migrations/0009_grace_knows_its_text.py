from django.db import migrations

from exercises.governance import fingerprint_of

# As they were when the time of grace began.
OF_AN_EXERCISE = [
    'level', 'measure', 'side', 'sets', 'reps', 'hold_s', 'rest_s', 'times_per_day', 'days_per_week', 'cautions',
    'clinician_only', 'purpose', 'setup', 'steps', 'cues', 'mistakes', 'ease_off', 'feel', 'pose', 'video_url',
    'blocked_for',
]  # fmt: skip


def of_an_exercise(row):
    return {name: getattr(row, name) for name in OF_AN_EXERCISE} | {
        'tags': sorted(tag.slug for tag in row.tags.all()),
        'minutes': None if row.minutes is None else float(row.minutes),
        'picture': row.picture.name or '',
        'video': row.video.name or '',
    }


SUBSTANCE = {
    'Exercise': of_an_exercise,
    'Article': lambda row: {'summary': row.summary, 'body': row.body},
    'Question': lambda row: {'question': row.question, 'answer': row.answer},
}


def remember(apps, schema_editor):
    """What has a time of grace has it as it stands there: an edit ends the grace as it ends a review."""
    for name, substance in SUBSTANCE.items():
        model = apps.get_model('exercises', name)
        rows = list(model.objects.filter(reviewed_on=None).exclude(review_by=None))
        for row in rows:
            row.reviewed_as = row.reviewed_as or fingerprint_of(substance(row))
        model.objects.bulk_update(rows, ['reviewed_as'], batch_size=200)


class Migration(migrations.Migration):

    dependencies = [
        ('exercises', '0008_exercises_of_a_clinic'),
    ]

    operations = [
        migrations.RunPython(remember, migrations.RunPython.noop),
    ]
