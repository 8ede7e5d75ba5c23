"""The site's settings with another way of keeping database connections, only to measure it (bench.proofs.nodes.capacity)."""

import os

from config.settings import *  # noqa: F403
from config.settings import DATABASES

if os.environ["WAY"] != "kept":
    DATABASES["default"]["CONN_MAX_AGE"] = 0
if os.environ["WAY"] == "pool":
    DATABASES["default"]["OPTIONS"]["pool"] = {"min_size": 1, "max_size": 4, "timeout": 5}
