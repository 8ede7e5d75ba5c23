"""Many pictures at once, on two cores when there are enough of them to pay for a second process."""

import multiprocessing
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor

from PIL import Image

from config.demo.pictures.scenes import scene
from config.demo.pictures.stilllife import produce
from config.demo.pictures.village import village

MAKERS = {"produce": produce, "scene": scene, "village": village}
WORTH_A_PROCESS = 8

Job = tuple
"""("produce", kind, seed), ("scene", name) or ("village", seed); a size may follow."""


def render_many(jobs: Sequence[Job]) -> Iterator[Image.Image]:
    """In the order of the jobs, each as soon as it is there."""
    cores = min(2, os.cpu_count() or 1)
    if len(jobs) < WORTH_A_PROCESS or cores < 2:
        yield from map(_render, jobs)
        return
    # Children start clean: a forked one would share the parent's database connections and locks.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(cores, mp_context=context) as pool:
        yield from pool.map(_render, jobs, chunksize=2)


def _render(job: Job) -> Image.Image:
    maker, *rest = job
    return MAKERS[maker](*rest)
