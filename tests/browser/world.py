"""The outside world of the demo: what happens to its devices."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page


def happens(folder: Path, device: str, **values: str) -> None:
    """Something happens to a device, such as ``breaker_state="tripped"``. ``folder`` is the demo's."""
    control = (folder / "control").read_text().strip()
    event = json.dumps({"device": device, "set": values}).encode()
    urllib.request.urlopen(urllib.request.Request(f"{control}/world", event, method="POST"), timeout=60).close()


def waits(page: Page, condition: Callable[[], object], timeout_s: int = 60) -> None:
    """Until something outside of the page has come about."""
    for _ in range(timeout_s * 5):
        if condition():
            return
        page.wait_for_timeout(200)
    raise AssertionError("it never came about")
