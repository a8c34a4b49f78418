"""Reports: alarms. What is wrong, what was, who has seen it; filtered, acknowledged, exported."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any
from urllib.parse import urlencode

import bottle

from runtime.core.alarm.kind import KINDS
from runtime.core.alert.classes import CLASSES
from runtime.core.budget.budget import BUDGETS
from runtime.core.clock.timegrid import local
from runtime.core.threshold.threshold import THRESHOLD
from runtime.text.wording import FLUIDS
from runtime.text.words import alarm as words
from webui.http.permission import Route, needs
from webui.model.bridge import Bridge
from webui.model.report.alarms import STATES, AlarmFilter, alarms_view, list_alarms
from webui.pages.frame.shell import Shell

SHOWN = 200


class AlarmsPage:
    def __init__(self, bridge: Bridge, shell: Shell) -> None:
        self._bridge = bridge
        self._shell = shell

    def routes(self) -> Iterable[Route]:
        yield Route("GET", "/alarms", self.show)

    @needs(("alarms", "see"))
    def show(self) -> str:
        bridge, zone = self._bridge, self._bridge.zone
        wanted = _wanted()
        lines = list_alarms(bridge, wanted, SHOWN + 1)
        return self._shell.page(
            "alarms.html",
            lines=lines[:SHOWN],
            older=min(line.alarm.id for line in lines[:SHOWN]) if len(lines) > SHOWN else 0,
            wanted=wanted,
            query=_query(),
            others=_query("state", "before"),
            older_query=_query("before"),
            when=lambda ms: local(ms // 1000, zone),
            kinds=words.KINDS,
            classes=words.CLASSES,
            severities=words.SEVERITIES,
            severity_of={kind.id: kind.severity for kind in KINDS.values()},
            gateways=bridge.installation().gateways,
            device=bridge.installation().device(wanted.device),
            part_names={
                **dict.fromkeys(("budget", "leak"), _names(bridge.installation().of(BUDGETS))),
                "threshold": _names(bridge.installation().of(THRESHOLD)),
                "cost_rule_missing": FLUIDS,
            },
            maintained=self._maintained(),
        )

    def _maintained(self) -> list[tuple[str, object]]:
        """(name, end) of what is in maintenance now."""
        site, zone, now_ts = self._bridge.installation(), self._bridge.zone, self._bridge.clock.now_ts()
        named = {f"device.{each.id}": each.name for each in site.devices}
        named |= {f"gateway.{each.id}": each.name for each in site.gateways}
        named |= {f"board.{each.id}": each.name for each in site.boards}
        lasting = alarms_view(self._bridge).maintained.items()
        return [
            (named[subject], local(until_ts, zone))
            for subject, until_ts in sorted(lasting)
            if subject in named and now_ts < until_ts
        ]


def _query(*without: str) -> str:
    """Of this request, to be gone on with."""
    asked = {name: value for name, value in bottle.request.query.items() if value and name not in without}
    return urlencode(asked) + ("&" if asked else "")


def _wanted() -> AlarmFilter:
    """What cannot be is left out: somebody may have typed it into the address."""
    return AlarmFilter(
        _one_of("state", STATES, "open"),
        _one_of("class", CLASSES, ""),
        device=_number("device"),
        gateway=_number("gateway"),
        before=_number("before"),
    )


def _one_of(field: str, choices: Collection[str], default: str) -> str:
    value = str(bottle.request.query.get(field, ""))
    return value if value in choices else default


def _number(field: str) -> int:
    value = str(bottle.request.query.get(field, ""))
    return int(value) if value.isascii() and value.isdigit() and len(value) < 12 else 0


def _names(specs: Iterable[Any]) -> dict[str, str]:
    """By the number that stands as the part of a cause."""
    return {str(spec.id): spec.name for spec in specs}
