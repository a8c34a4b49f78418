"""The outside world of the demo: what happens to its devices, and what its pages ask of the API."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

CALL = """async ([method, path, values]) => {
  const [, base] = document.querySelector('script[src*="/js/"]').src.match(/^(.*)\\/js\\//);
  const { call } = await import(`${base}/js/lib/api.js`);
  return (await call(method, path, values)).ok;
}"""


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


def asks(page: Page, method: str, path: str, values: Any) -> bool:
    """Whether the API took what a page sent; ``path`` begins after its version."""
    return bool(page.evaluate(CALL, [method, f"/api/v1/{path}", values]))
