"""The meter tree: which meter is above which, what each tells now, and what none below it measures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import bottle

from runtime.core.site.metertree import double_counts
from webui.http.permission import Route, needs
from webui.model.bridge import Bridge
from webui.model.consumption.metertree import MeterNow, Tree, tree_of
from webui.pages.frame.shell import Shell


class MeterTreePage:
    def __init__(self, bridge: Bridge, shell: Shell) -> None:
        self._bridge = bridge
        self._shell = shell

    def routes(self) -> Iterable[Route]:
        yield Route("GET", "/meters", self.show)
        yield Route("GET", "/live/meters", self.show_lines)

    @needs(("panel_board", "see"))
    def show(self) -> str:
        return self._shell.page("metertree.html", **self._values())

    @needs(("panel_board", "see"))
    def show_lines(self) -> bottle.HTTPResponse:
        """What of the page changes by itself."""
        return self._shell.part("metertree.html", "live", **self._values())

    def _values(self) -> dict[str, Any]:
        tree = tree_of(self._bridge)
        return {
            "lines": [line for id, meter in tree.items() if not meter.above for line in _lines(tree, id, 0)],
            "has_tree": any(meter.above for meter in tree.values()),
            "double_counts": double_counts(self._bridge.installation().devices),
        }


def _lines(tree: Tree, id: int, depth: int) -> Iterator[tuple[MeterNow, int]]:
    """A meter and all below it, each with how deep it lies."""
    yield tree[id], depth
    for each in tree[id].below:
        yield from _lines(tree, each, depth + 1)
