"""Literal tasks for tests."""

from datetime import timedelta

from patients.models import Patient, Task
from patients.tasks.actions import raise_task
from patients.tasks.models import Kind


def task(patient: Patient, kind: Kind = Kind.OTHER, words: str = "Look at the left knee.", **fields) -> Task:
    return raise_task(patient=patient, kind=kind, words=words, **({"due_in": timedelta(days=2)} | fields))
