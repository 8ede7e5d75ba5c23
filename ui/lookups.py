"""Find no row where a whole-number column is compared with a number that it cannot hold.

Django does so for =, < and > (`IntegerFieldOverflow`), but sends the numbers of an IN and of a foreign key to the database,
which refuses one past 64 bits with an error. Every choice of many rows and every action of the admin ends in such an IN.
"""

from __future__ import annotations

from django.core.exceptions import EmptyResultSet
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Field, IntegerField
from django.db.models.fields.related import ForeignObject
from django.db.models.fields.related_lookups import RelatedExact, RelatedIn
from django.db.models.lookups import In


def can_hold(field: Field, value: object, connection: BaseDatabaseWrapper) -> bool:
    """Return whether a value of the column may equal `value`; of columns that hold no whole numbers always True."""
    while field.remote_field:
        field = field.target_field
    if not isinstance(field, IntegerField) or not isinstance(value, int):
        return True
    least, most = connection.ops.integer_field_range(field.get_internal_type())
    return (least is None or value >= least) and (most is None or value <= most)


class WithoutTooLarge:
    """Leave out of an IN what the column cannot hold."""

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


def register() -> None:
    IntegerField.register_lookup(IntegerIn)
    ForeignObject.register_lookup(ForeignIn)
    ForeignObject.register_lookup(ForeignExact)
