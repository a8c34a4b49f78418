"""Curves: recorded quantities of one or several devices over time, to be composed and bookmarked."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from runtime.core.quantity.catalogue import QUANTITIES
from runtime.text.wording import EVENTS, label_parts
from webui.http.permission import Route, needs
from webui.model.bridge import Bridge
from webui.model.panel import Tab
from webui.model.recorded import former_devices
from webui.model.report.curve import POWER
from webui.pages.frame.shell import Shell

CURVED = ("gauge",)  # kinds of quantities that a curve can be drawn of


class CurvesPage:
    def __init__(self, bridge: Bridge, shell: Shell) -> None:
        self._bridge = bridge
        self._shell = shell

    def routes(self) -> Iterable[Route]:
        yield Route("GET", "/curves", self.show)

    @needs(("panel_board", "see"))
    def show(self) -> str:
        views, former = self._bridge.devices(), former_devices(self._bridge)
        devices = [_choice(view.id, view.name, curved(view.quantities)) for view in views]
        gone = [_choice(each.id, each.name, [POWER]) for each in former if each.fluid == "electricity"]
        quantities = {id for device in (*devices, *gone) for id in device["of"]}
        return self._shell.page("curves.html", **curve_words(quantities), devices=devices, former=gone)


def _choice(id: int, name: str, of: list[str]) -> dict[str, Any]:
    return {"id": id, "name": name, "of": of}


def curved(quantities: Iterable[str]) -> list[str]:
    """Those of them that have curves, as pages order them."""
    return [id for id in quantities if QUANTITIES[id].kind in CURVED]


def curve_words(quantities: Iterable[str]) -> dict[str, Any]:
    """What the template says of each quantity, and of what may have happened."""
    return {
        "quantity_names": {id: (label_parts(QUANTITIES[id].label), QUANTITIES[id].unit) for id in sorted(quantities)},
        "event_codes": sorted(EVENTS),
    }


def curve_rows(tabs: Iterable[Tab]) -> list[tuple[str, str]]:
    """(msgid of what a row of a device's values is, its quantities that have curves as "id,id"), power first."""
    rows = [(row.stem, ",".join(curved(cell.quantity for cell in row.cells))) for tab in tabs for row in tab.rows]
    return sorted((row for row in rows if row[1]), key=lambda row: POWER not in row[1].split(","))
