"""Find which rows of any app refer to a file, without knowing the upper apps."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, Q


def list_references(model: type[models.Model]) -> Iterator[models.Field]:
    """Yield every foreign key to the model, those of many-to-many tables included."""
    relations: Iterable[Any] = model._meta.get_fields(include_hidden=True)
    for relation in relations:
        if relation.auto_created and not relation.concrete and (relation.one_to_many or relation.one_to_one):
            yield relation.field


def filter_referenced(model: type[models.Model], besides: tuple[type[models.Model], ...] = ()) -> Q:
    """Return the condition that a row of any app points to this one; rows of the models `besides` do not count."""
    fields = [field for field in list_references(model) if field.model not in besides]
    rows = [Exists(field.model._base_manager.filter(**{field.name: OuterRef("pk")})) for field in fields]
    return Q(*rows, _connector=Q.OR) if rows else Q(pk__in=[])
