"""The picture of the system view: a head office that reads a works that reads a yard, three servers of their own."""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
from functools import partial
from pathlib import Path

from playwright.sync_api import Browser, Page

from tests.browser.setup import fresh_server, log_in
from tests.browser.world import asks, waits
from tests.freeport import free_port

NAMES = ("Yard", "Works", "Head office")  # each reads the one before
LEVELS = len(NAMES) - 1  # below the one that is looked at


def picture_servers(browser: Browser, path: Path) -> None:
    """In English, light, on a PC."""
    context = browser.new_context(viewport={"width": 1440, "height": 520}, color_scheme="light", locale="en-GB")
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        below = 0
        for name in NAMES:
            url, page = stack.enter_context(fresh_server(Path(folder) / name)), context.new_page()
            log_in(page, url)
            page.goto(f"{url}/servers")
            below = _link(page, name, below)
        waits(page, partial(_sees_all, page))  # a link tells of what is below it each few seconds
        page.screenshot(path=path)
        context.close()


def _sees_all(page: Page) -> bool:
    page.reload()
    return page.locator(".servers .status.on").count() == LEVELS


def _link(page: Page, name: str, below: int) -> int:
    """Name the server and let it read the one that answers at port ``below``, 0 = nobody; its own port."""
    port = free_port()
    server = {"on": True, "host": "127.0.0.1", "port": port}
    asked: list[tuple[str, str, dict[str, object]]] = [
        ("PATCH", "settings", {"name": name}),
        ("POST", "modbus_servers", server),
    ]
    if below:
        of = NAMES[NAMES.index(name) - 1]
        gateway = {"name": of, "url": f"slave://127.0.0.1:{below}"}
        link = {
            "name": f"All of {of}",
            "gateway": 2,
            "unit": 247,
            "model": "wsmeasure",
            "parameters": {"remote_id": "all"},
        }
        asked += [("POST", "gateways", gateway), ("POST", "devices", link)]
    for method, path, values in asked:
        waits(page, partial(asks, page, method, path, values))
    return port
