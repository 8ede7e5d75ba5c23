"""Four additions to Django's ORM: a migration operation for an app's first tables, lookups that accept numbers too large,
queries that are compiled once, and an aggregate that joins whole numbers.

Django's lookups =, < and > find no row for a number that a whole-number column cannot hold (`IntegerFieldOverflow`), but IN
and a foreign key send such a number to the database, which refuses one past 64 bits with an error. Every choice of several
rows and every action of the admin uses such an IN.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Sequence
from copy import copy
from functools import cached_property
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations import CreateModel
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from django.db.models import Aggregate, CharField, ExpressionWrapper, F, IntegerField, QuerySet
from django.db.models.fields.related import ForeignObject
from django.db.models.fields.related_lookups import RelatedExact, RelatedIn
from django.db.models.functions import Cast
from django.db.models.lookups import In, Lookup
from django.utils import timezone
from django.utils.dateparse import parse_datetime


class CreateModels(Operation):
    """Create several models at once.

    After each single CreateModel Django rebuilds all related models, on this site some six thousand in all. Rebuilding them
    once for a whole migration takes a third of the time. The tables and the output of `sqlmigrate` are the same.
    """

    reduces_to_sql = True
    reversible = True

    def __init__(self, operations: Sequence[CreateModel]) -> None:
        self.operations = operations

    def deconstruct(self):
        return self.__class__.__qualname__, [self.operations], {}

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        state.__dict__.pop("apps", None)  # built again when the database's part asks for it
        for operation in self.operations:
            operation.state_forwards(app_label, state)

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        for operation in self.operations:
            operation.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        for operation in reversed(self.operations):
            operation.database_backwards(app_label, schema_editor, from_state, to_state)

    def describe(self) -> str:
        return f"Create {len(self.operations)} models"


def can_hold(field: Any, value: object, connection: BaseDatabaseWrapper) -> bool:
    """Return whether the column can hold `value`; always True for a column of another type than whole numbers."""
    while field.remote_field:
        field = field.target_field
    if not isinstance(field, IntegerField) or not isinstance(value, int):
        return True
    least, most = connection.ops.integer_field_range(field.get_internal_type())
    return (least is None or value >= least) and (most is None or value <= most)


class WithoutTooLarge(Lookup):
    """Drop the numbers of an IN that the column cannot hold."""

    def process_rhs(self, compiler, connection):
        if self.rhs_is_direct_value():
            self.rhs = [value for value in self.rhs if can_hold(self.lhs.output_field, value, connection)]
        return super().process_rhs(compiler, connection)


class IntegerIn(WithoutTooLarge, In):
    pass


class ForeignIn(WithoutTooLarge, RelatedIn):
    pass


class ForeignExact(RelatedExact):
    def process_rhs(self, compiler, connection):
        if self.rhs_is_direct_value() and not can_hold(self.lhs.output_field, self.rhs, connection):
            raise EmptyResultSet
        return super().process_rhs(compiler, connection)


def find_by_texts(rows: QuerySet, name: str, texts: Iterable[str]) -> QuerySet:
    """Return the rows in which this field is one of the texts, as the database stores them, annotated with it as `as_text`.

    A phone number's own IN parses each number, and so does reading it; both take ten times as long as the query.
    """
    column = ExpressionWrapper(F(name), output_field=CharField())
    return rows.annotate(as_text=column).filter(as_text__in=list(texts))


def register() -> None:
    IntegerField.register_lookup(IntegerIn)
    ForeignObject.register_lookup(ForeignIn)
    ForeignObject.register_lookup(ForeignExact)


class JoinedNumbers(Aggregate):
    """The whole numbers of a group as one text: "3,17,20", in no order, None for none.

    SQLite lets other threads run at every row that is read, so one row instead of fourteen is also faster for them.
    """

    function = "GROUP_CONCAT"
    output_field = CharField()

    def as_postgresql(self, compiler: Any, connection: BaseDatabaseWrapper, **context: Any) -> Any:
        joined = self.copy()
        [number] = joined.get_source_expressions()[:1]
        joined.set_source_expressions([Cast(number, CharField()), *joined.get_source_expressions()[1:]])
        joined.template = "STRING_AGG(%(distinct)s%(expressions)s, ',')"
        return super(JoinedNumbers, joined).as_sql(compiler, connection, **context)


PLACES = tuple(range(1_999_999_000, 1_999_999_064))
PRESENT = datetime.datetime(1999, 12, 31, 23, 59, 58, 999_983, tzinfo=datetime.UTC)
TODAY = datetime.date(1999, 12, 31)
TOO_LARGE = 2**63


def is_too_large(arguments: tuple[int | str, ...]) -> bool:
    return any(not isinstance(argument, str) and abs(argument) >= TOO_LARGE for argument in arguments)


def find_converters(column: Any, database: BaseDatabaseWrapper) -> list[Callable[..., Any]]:
    """Return what makes the column's values those of Python; Django's own way to a moment of SQLite takes ten calls a row."""
    found = database.ops.get_db_converters(column) + column.get_db_converters(database)
    if database.vendor != "sqlite" or database.timezone != datetime.UTC:
        return found
    slow = getattr(database.ops, "convert_datetimefield_value")  # noqa: B009 - mypy knows only all databases
    return [make_aware if convert == slow else convert for convert in found]


def make_aware(value: Any, *_column: object) -> Any:
    if isinstance(value, str):  # of an expression, whose type SQLite does not say
        value = parse_datetime(value)
    return value.replace(tzinfo=datetime.UTC) if value is not None and value.tzinfo is None else value


class PreparedQuery:
    """A query that is compiled once, for what many pages ask: compiling takes the ORM 0.2 to 1.2 ms each time.

    `make` receives a number to be replaced for each argument, which is a number or a text, and writes `PRESENT` and `TODAY`
    where it compares with the present time and the local day of `now`; it returns the queryset. A number that no column
    holds finds nothing.
    """

    def __init__(self, make: Callable[..., QuerySet], count: int) -> None:
        self.make, self.places = make, PLACES[:count]

    @cached_property
    def compiled(self) -> tuple[QuerySet, Any, str, tuple[Any, ...]]:
        made = self.make(*self.places)
        compiler = made.query.get_compiler(connection=connection)
        sql, params = compiler.as_sql()
        compiler.connection = None  # which is that of one thread
        if lost := [place for place in self.places if place not in params and str(place) not in params]:
            raise ValueError(f"{len(lost)} arguments do not reach the database as they are: {sql}")
        return made, compiler, sql, params

    @cached_property
    def converted(self) -> list[tuple[int, Any]]:
        """Return the columns whose values the database gives in another form, with their places in a row."""
        _made, compiler, _sql, _params = self.compiled
        columns = [(place, column) for place, (column, *_names) in enumerate(compiler.select)]
        return [(place, column) for place, column in columns if find_converters(column, get_database())]

    def rows(self, *arguments: int | str, now: datetime.datetime | None = None) -> list[tuple]:
        """Return the rows of a `values_list`."""
        _made, _compiler, sql, params = self.compiled
        if is_too_large(arguments):
            return []
        database = get_database()
        with database.cursor() as cursor:
            cursor.execute(sql, self.fill_in(database, params, arguments, now))
            found = cursor.fetchall()
        if not found or not self.converted:
            return found
        columns = list(zip(*found, strict=True))
        for place, column in self.converted:
            for convert in find_converters(column, database):
                columns[place] = tuple(convert(value, column, database) for value in columns[place])
        return list(zip(*columns, strict=True))

    def instances(self, *arguments: int | str, now: datetime.datetime | None = None) -> list[Any]:
        """Return the objects, with all that the queryset joins, annotates and prefetches."""
        made, compiler, sql, params = self.compiled
        if is_too_large(arguments):
            return []
        database = get_database()
        filled = sql, self.fill_in(database, params, arguments, now)
        compiler, query = copy(compiler), copy(made.query)
        compiler.connection = database
        converters = {place: (find_converters(column, database), column) for place, column in self.converted}
        setattr(compiler, "as_sql", lambda *_args, **_options: filled)  # noqa: B010 - mypy knows only the method
        setattr(compiler, "get_converters", lambda _columns: converters)  # noqa: B010
        setattr(query, "get_compiler", lambda *_args, **_options: compiler)  # noqa: B010
        # As QuerySet.all() does, without its copy of the query, which takes as long as a small query.
        found = object.__new__(type(made))
        found.__dict__.update(made.__dict__, _query=query)
        return list(found)

    def fill_in(
        self,
        database: BaseDatabaseWrapper,
        params: tuple[Any, ...],
        arguments: tuple[int | str, ...],
        now: datetime.datetime | None,
    ) -> tuple[Any, ...]:
        ops = database.ops
        given: dict[Any, Any] = dict(zip(self.places, arguments, strict=True))
        given |= {str(place): text for place, text in given.items() if isinstance(text, str)}
        if now:
            given[ops.adapt_datetimefield_value(PRESENT)] = ops.adapt_datetimefield_value(now)
            given[ops.adapt_datefield_value(TODAY)] = ops.adapt_datefield_value(timezone.localdate(now))
        return tuple(given.get(param, param) for param in params)


def get_database() -> BaseDatabaseWrapper:
    """Return this thread's connection itself: each look through `connection` takes a microsecond, and a query had twenty."""
    return connections[DEFAULT_DB_ALIAS]
