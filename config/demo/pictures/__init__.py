"""Pictures drawn by code for the demo county: produce, lesson scenes, villages. The same call gives the same bytes."""

from config.demo.pictures.many import render_many
from config.demo.pictures.scenes import SCENES, scene
from config.demo.pictures.stilllife import KINDS, produce
from config.demo.pictures.village import village

__all__ = ["KINDS", "SCENES", "produce", "render_many", "scene", "village"]
