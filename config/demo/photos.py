"""Drawn pictures as photos that are ready: the same three files that the worker makes of a phone's photo."""

from collections.abc import Callable, Sequence

from accounts.models import User
from config.demo.pictures import render_many
from media.making import keep_pictures
from media.models import Photo


def drawn(
    jobs: Sequence[tuple], owner: User | None = None, tell: Callable[[], object] = bool
) -> dict[tuple, Photo]:
    """Photos by job, each job ("produce", kind, seed), ("scene", name) or ("village", seed); `tell` after each."""
    photos = {}
    for job, image in zip(jobs, render_many(jobs), strict=True):
        photo = Photo(owner=owner)
        keep_pictures(photo, image)
        photo.save()
        photos[job] = photo
        tell()
    return photos
