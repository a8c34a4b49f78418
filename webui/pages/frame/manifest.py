"""What a phone needs to keep the pages as an app: name, start and pictures."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import bottle

from webui.http.permission import PUBLIC, Route, needs
from webui.pages.frame.stock import Stock

TYPE = "application/manifest+json"
NAME = "Wattkeeper"  # not the site's: who is not logged in does not learn it
GROUND, ACCENT = "#f4f6f7", "#0b6f6a"
PICTURES = ((192, "img/mark-192.png"), (512, "img/mark-512.png"))


class Manifest:
    def __init__(self, stock: Stock) -> None:
        self._files = stock.files

    def routes(self) -> Iterable[Route]:
        yield Route("GET", "/manifest.webmanifest", self.show)

    @needs(PUBLIC)
    def show(self) -> bottle.HTTPResponse:
        pictures: list[dict[str, Any]] = [
            {"src": self._address(name), "sizes": f"{size}x{size}", "type": "image/png", "purpose": "any"}
            for size, name in PICTURES
        ]
        scalable = {"src": self._address("img/mark.svg"), "sizes": "any", "type": "image/svg+xml"}
        manifest = {
            "name": NAME,
            "short_name": NAME,
            "start_url": ".",
            "scope": ".",
            "display": "standalone",
            "background_color": GROUND,
            "theme_color": ACCENT,
            "icons": [*pictures, scalable],
        }
        return bottle.HTTPResponse(json.dumps(manifest), headers={"Content-Type": TYPE})

    def _address(self, name: str) -> str:
        """Beside the manifest: it may stand below a path of a proxy."""
        return self._files.url(name).removeprefix("/")
