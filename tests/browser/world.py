"""The outside world of the demo: what happens to its devices."""

from __future__ import annotations

import json
import urllib.request
from pathlib import Path


def happens(folder: Path, device: str, **values: str) -> None:
    """Something happens to a device, such as ``breaker_state="tripped"``. ``folder`` is the demo's."""
    control = (folder / "control").read_text().strip()
    event = json.dumps({"device": device, "set": values}).encode()
    urllib.request.urlopen(urllib.request.Request(f"{control}/world", event, method="POST"), timeout=60).close()
