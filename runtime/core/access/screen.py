"""Public screens: the pages that one shows in turn, and what it may see for them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from runtime.errors import WattkeeperError

MOST_PAGES = 20
LEAST_TURN_S, MOST_TURN_S = 5, 3600
THEMES = ("night", "light", "dark")  # "night": dark between two times of day

# What somebody has to be allowed to see who looks at a page.
PAGES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "/": ("panel_board", "consumptions"),
        "/devices": ("panel_board",),
        "/gateways": ("panel_board",),
        "/curves": ("panel_board",),
        "/consumptions": ("consumptions",),
        "/consumptions/overall": ("consumptions",),
        "/consumptions/partials": ("consumptions",),
        "/consumptions/compare": ("consumptions",),
        "/consumptions/details": ("consumptions",),
        "/consumptions/tariffs": ("consumptions",),
        "/charging": ("green_up",),
        "/alarms": ("alarms",),
    }
)
_OF_DEVICE = re.compile(r"/devices/[0-9]{1,9}")
_ADDRESS = re.compile(r"/[a-z0-9/]*(\?[A-Za-z0-9_.~%:=&,+/-]{0,480})?")
_FEEDS = MappingProxyType({"/": "/live/home"})  # what a page asks for that no right of a page gives


@dataclass(frozen=True, slots=True)
class Screen:
    """``pages`` are addresses of this server, with their queries; each is shown for ``turn_s``.

    dark_from_min, dark_until_min  minutes of the site's day, for the theme "night"
    """

    pages: tuple[str, ...]
    turn_s: int = 30
    theme: str = "night"
    dark_from_min: int = 20 * 60
    dark_until_min: int = 7 * 60

    def opens(self, path: str) -> bool:
        """Whether a path without its query is one of the pages, or what one of them asks for."""
        own = {page.partition("?")[0] for page in self.pages}
        return path in own or any(path == feed for page, feed in _FEEDS.items() if page in own)


def screen_rights(pages: Iterable[str]) -> frozenset[tuple[str, str]]:
    """What has to be seen for all of them. Raises WattkeeperError screen_page_wrong."""
    return frozenset((right, "see") for page in pages for right in _rights_of(page))


def _rights_of(page: str) -> tuple[str, ...]:
    path = page.partition("?")[0]
    rights = PAGES.get(path) or (("panel_board",) if _OF_DEVICE.fullmatch(path) else ())
    if not rights or not _ADDRESS.fullmatch(page):
        raise WattkeeperError("screen_page_wrong", f"no page that a screen can show: {page[:80]}")
    return rights
