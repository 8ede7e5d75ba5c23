"""Which tables of the house point to a photo or a video, without knowing the apps above."""

from collections.abc import Iterator

from django.db import models


def uses(model: type[models.Model]) -> Iterator[models.Field]:
    """Every foreign key to the model, those of many-to-many tables included."""
    for relation in model._meta.get_fields(include_hidden=True):
        if relation.auto_created and not relation.concrete and (relation.one_to_many or relation.one_to_one):
            yield relation.field
