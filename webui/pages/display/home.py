"""The home page: the site as it is now, then a tile for each page with the one figure that matters there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

import bottle

from runtime.text.words.alarm import KINDS
from webui.http.caller import caller
from webui.http.permission import Route, needs
from webui.model.bridge import Bridge
from webui.model.consumption.query import ConsumptionReader, Query
from webui.model.consumption.sitenow import SiteReader
from webui.model.report.alarms import AlarmFilter, AlarmLine, list_alarms
from webui.pages.frame.navigation import NAVIGATION, NavigationEntry, allowed_entries
from webui.pages.frame.shell import Shell

MOST_WRONG = 3
WITH_FIGURE = ("/", "/devices", "/consumptions", "/gateways", "/system")  # have a tile with more on it


class HomePage:
    def __init__(self, bridge: Bridge, shell: Shell) -> None:
        self._bridge = bridge
        self._shell = shell
        self._site = SiteReader(bridge)

    def routes(self) -> Iterable[Route]:
        yield Route("GET", "/", self.show)
        yield Route("GET", "/live/home", self.show_tiles)

    @needs(("home", "see"))
    def show(self) -> str:
        return self._shell.page("home.html", **self._values(), others=self._others())

    @needs(("home", "see"))
    def show_tiles(self) -> bottle.HTTPResponse:
        """What of the page changes by itself."""
        return self._shell.part("home.html", "live", **self._values())

    def _values(self) -> dict[str, Any]:
        bridge = self._bridge
        return {
            "device_states": Counter(view.state for view in bridge.devices()),
            "gateway_states": Counter(view.state for view in bridge.gateways()),
            **(self._now() if caller().may(("panel_board", "see")) else {"site_now": None}),
            "wrong": self._wrong() if caller().may(("alarms", "see")) else None,
            "alarm_kinds": KINDS,
            **(self._energy() if caller().may(("consumptions", "see")) else {}),
            "recorder": bridge.recorder(),
            "has_way": any(not gateway.local for gateway in bridge.installation().gateways),
            "has_local": any(gateway.local for gateway in bridge.installation().gateways),
        }

    def _now(self) -> dict[str, Any]:
        """The site as it is, and what the nodes of its picture are called."""
        site = self._bridge.installation()
        named: dict[str, tuple[Any, ...]] = {
            "produced": site.devices,
            "meter": site.devices,
            "board": site.boards,
            "load": site.loads,
        }
        names = {(kind, spec.id): spec.name for kind, listed in named.items() for spec in listed}
        return {"site_now": self._site.now(), "flow_names": names}

    def _energy(self) -> dict[str, Any]:
        """Today so far, the day before and the same weekday a year before, until the same time of day."""
        reader = ConsumptionReader(self._bridge)
        query = Query("total", "electricity", "day", reader.today())
        today = reader.of_one(query)
        before = reader.before_until_now(query, today)
        last_year = self._site.a_year_before(query)
        return {
            "last_year_wh": query.scale.value(last_year.total_n),
            "today_wh": query.scale.value(today.total_n),
            "yesterday_wh": None if before is None else query.scale.value(before.total_n),
            "today_p": today.cost_p,
            "yesterday_p": None if before is None else before.cost_p,
        }

    def _wrong(self) -> list[AlarmLine]:
        """The newest alarms that are active."""
        return list_alarms(self._bridge, AlarmFilter("active"), MOST_WRONG)

    def _others(self) -> list[NavigationEntry]:
        return [place for place in allowed_entries(NAVIGATION) if place.path not in WITH_FIGURE]
