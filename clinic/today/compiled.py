"""Queries of a patient's own pages, and the rows that a tick writes, compiled by the ORM once and run with other values.

Building and compiling a queryset is nine tenths of what a small query costs, and Today is little more than small
queries. The queryset stays the one place that says what is asked; a test holds both ways of running it equal.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Model, QuerySet
from django.db.models.constants import OnConflict
from django.db.models.sql import InsertQuery

from patients.models import Patient, User

# Values that no real query has, found again among the parameters of the compiled one.
STAND_INS: dict[str, Any] = {
    "patient": 1_066_101_400_000,
    "day": date(1066, 10, 14),
    "first_day": date(1066, 10, 13),
    "last_day": date(1066, 10, 15),
    "line": UUID("10661014-0000-4000-8000-000000000000"),
    "occasion": 10_661,
}

Built = Callable[..., QuerySet[Any, tuple[Any, ...]]]
Ready = tuple[str, list[tuple[str, Any]], list[tuple[int, Callable[..., Any], Any]]]


class Compiled:
    """`build(user=…, day=…)` returns a queryset of tuples; calling this runs it for the patient that `user` is or helps.

    Its shape must not depend on the values, only on which of them there are.
    """

    def __init__(self, build: Built, *names: str) -> None:
        self.build, self.names = build, names
        self._by_vendor: dict[str, Ready] = {}

    def __call__(self, *, user: User, **values: Any) -> Sequence[Sequence[Any]]:
        if not (patient := user.plan_of):
            return list(self.build(user=user, **values))
        sql, places, converters = self._by_vendor.get(connection.vendor) or self._compile()
        values["patient"] = patient.pk
        with connection.cursor() as cursor:
            cursor.execute(sql, [prepare(values[name]) if name else prepare for name, prepare in places])
            rows = [list(row) for row in cursor.fetchall()]
        for column, convert, expression in converters:
            for row in rows:
                row[column] = convert(row[column], expression, connection)
        return rows

    def _compile(self) -> Ready:
        somebody = User()
        somebody.patient = Patient(pk=STAND_INS["patient"])
        query = self.build(user=somebody, **{name: STAND_INS[name] for name in self.names}).query
        compiler = query.get_compiler(connection=connection)
        sql, params = compiler.as_sql()
        selected = [expression for expression, *_ in compiler.select]
        converters = [
            (column, convert, expression)
            for column, (converts, expression) in compiler.get_converters(selected).items()
            for convert in converts
        ]
        ready = (sql, [_place(param) for param in params], converters)
        self._by_vendor[connection.vendor] = ready
        return ready


class CompiledInsert:
    """`bulk_create` of rows of `model`: one that is there already, by `unique`, takes the values of `update`, or stays
    as it is where there is nothing to update."""

    def __init__(self, model: type[Model], *, unique: Sequence[str], update: Sequence[str] = ()) -> None:
        self.model, self.unique, self.update = model, unique, update
        self.fields = [field for field in model._meta.local_concrete_fields if not field.primary_key]
        self._by_vendor: dict[str, str] = {}

    def __call__(self, rows: Iterable[Model]) -> None:
        rows = list(rows)
        if not rows:
            return
        sql = self._by_vendor.get(connection.vendor) or self._compile(rows[0])
        with connection.cursor() as cursor:
            cursor.executemany(sql, [self._prepared(row) for row in rows])

    def _prepared(self, row: Model) -> list[Any]:
        return [field.get_db_prep_save(getattr(row, field.attname), connection) for field in self.fields]

    def _compile(self, row: Model) -> str:
        named = self.model._meta.get_field
        query = InsertQuery(
            self.model,
            on_conflict=OnConflict.UPDATE if self.update else OnConflict.IGNORE,
            update_fields=[named(name) for name in self.update],
            unique_fields=[named(name) for name in self.unique],
        )
        query.insert_values(self.fields, [row])
        [(sql, _)] = query.get_compiler(connection=connection).as_sql()
        self._by_vendor[connection.vendor] = sql
        return str(sql)


def _place(param: Any) -> tuple[str, Any]:
    """The name of the value that belongs here, and how the database wants it; or no name, and what stays here."""
    for name, value in STAND_INS.items():
        prepare = _prepare(value, param)
        if prepare(value) == param:
            return name, prepare
    return "", param


def _prepare(value: Any, param: Any) -> Callable[[Any], Any]:
    if isinstance(value, date):
        return connection.ops.adapt_datefield_value
    if isinstance(value, UUID):
        return (lambda uuid: uuid) if connection.features.has_native_uuid_field else (lambda uuid: uuid.hex)
    return type(param) if isinstance(param, int) else int
