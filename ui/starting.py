"""The one script that stands in a page itself: it asks for the others when the page's styles have come.

A script that has an address is fetched beside the style sheets, whatever its priority, and on a slow line takes half
of it while nothing is on the screen yet. This one is allowed by its hash, so that the policy still allows no other.
"""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256
from pathlib import Path

SOURCE = Path(__file__).with_name("static") / "ui" / "start.js"
SCRIPT = " ".join(line.strip() for line in SOURCE.read_text().splitlines() if not line.startswith("//"))
CSP_HASH = f"'sha256-{b64encode(sha256(SCRIPT.encode()).digest()).decode()}'"
