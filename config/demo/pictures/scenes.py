"""The pictures of the lessons by name; each shows what its lesson's text says of it."""

from collections.abc import Callable

from PIL import Image

from config.demo.pictures import (
    scenes_cost,
    scenes_cover,
    scenes_filming,
    scenes_frames,
    scenes_harvest,
    scenes_light,
    scenes_sorting,
    scenes_sound,
    scenes_sweetness,
    scenes_trade,
)
from config.demo.pictures.render import develop
from config.demo.pictures.sketch import Sketch

DRAWINGS: dict[str, Callable[[int], Sketch]] = {
    "phone-grip": scenes_filming.phone_grip,
    "level-upright": scenes_frames.level_upright,
    "tripod-window": scenes_filming.tripod_window,
    "orchard-path": scenes_filming.orchard_path,
    "before-after": scenes_frames.before_after,
    "window-light": scenes_light.window_light,
    "shade-light": scenes_light.shade_light,
    "clip-mic": scenes_sound.clip_mic,
    "refractometer": scenes_sweetness.refractometer,
    "harvest-shears": scenes_harvest.harvest_shears,
    "size-ring": scenes_sorting.size_ring,
    "storage-crate": scenes_sorting.storage_crate,
    "weigh-net": scenes_trade.weigh_net,
    "cost-sheet": scenes_cost.cost_sheet,
    "freight-box": scenes_trade.freight_box,
    "listing-photo": scenes_cover.listing_photo,
    "course-cover": scenes_cover.course_cover,
}
SCENES: tuple[str, ...] = tuple(DRAWINGS)


def scene(name: str, width: int = 960) -> Image.Image:
    """A 16:9 picture; KeyError for a name no lesson knows."""
    return develop(DRAWINGS[name](width), width, round(width * 9 / 16))
