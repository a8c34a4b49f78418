"""Reports: alarms. What is wrong, what was, who has seen it; filtered, acknowledged, exported."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import bottle

from runtime.core.alarm.kind import KINDS
from runtime.core.alert.classes import CLASSES
from runtime.core.budget.budget import BUDGETS
from runtime.core.clock.timegrid import day_start, local
from runtime.core.site.installation import Installation
from runtime.core.threshold.threshold import THRESHOLD
from runtime.text.wording import FLUIDS
from runtime.text.words import alarm as words
from webui.http.permission import Route, needs
from webui.model.bridge import Bridge
from webui.model.report.alarms import EVER_MS, STATES, AlarmFilter, alarms_view, list_alarms
from webui.pages.frame.shell import Shell

SHOWN, USUAL_MAINTENANCE_S = 200, 7200


class AlarmsPage:
    def __init__(self, bridge: Bridge, shell: Shell) -> None:
        self._bridge = bridge
        self._shell = shell

    def routes(self) -> Iterable[Route]:
        yield Route("GET", "/alarms", self.show)

    @needs(("alarms", "see"))
    def show(self) -> str:
        bridge, zone, named = self._bridge, self._bridge.zone, _named(self._bridge.installation())
        first, last = _date("from"), _date("to")
        from_ms, to_ms = _span(first, last, zone)
        wanted = replace(_wanted(), from_ms=from_ms, to_ms=to_ms)
        lines = list_alarms(bridge, wanted, SHOWN + 1)
        return self._shell.page(
            "alarms.html",
            lines=lines[:SHOWN],
            older=min(line.alarm.id for line in lines[:SHOWN]) if len(lines) > SHOWN else 0,
            wanted=wanted,
            query=_exported(wanted),
            days=(first, last),
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
            maintained=self._maintained(named),
            maintainable=named,
            until=local(bridge.clock.now_ts() + USUAL_MAINTENANCE_S, zone),
        )

    def _maintained(self, named: dict[str, str]) -> list[tuple[str, str, datetime.datetime]]:
        """(subject, name, end) of what is in maintenance now."""
        zone, now_ts = self._bridge.zone, self._bridge.clock.now_ts()
        lasting = alarms_view(self._bridge).maintained.items()
        return [
            (subject, named[subject], local(until_ts, zone))
            for subject, until_ts in sorted(lasting)
            if subject in named and now_ts < until_ts
        ]


def _named(site: Installation) -> dict[str, str]:
    """Subject -> name of all that can be in maintenance, what holds others first."""
    parts = (("board", site.boards), ("gateway", site.gateways), ("device", site.devices))
    return {f"{word}.{each.id}": each.name for word, found in parts for each in found}


def _query(*without: str) -> str:
    """Of this request, to be gone on with."""
    asked = {name: value for name, value in bottle.request.query.items() if value and name not in without}
    return urlencode(asked) + ("&" if asked else "")


def _exported(wanted: AlarmFilter) -> str:
    """What the list is asked for, in the words of the API: its times are moments instead of days."""
    asked = {
        "state": wanted.state, "class": wanted.group, "device": wanted.device, "gateway": wanted.gateway,
        "before": wanted.before, "from": wanted.from_ms // 1000, "to": wanted.to_ms // 1000 * (wanted.to_ms != EVER_MS),
    }  # fmt: skip
    return urlencode({name: value for name, value in asked.items() if value})


def _date(field: str) -> datetime.date | None:
    """None = none that could be."""
    try:
        date = datetime.date.fromisoformat(str(bottle.request.query.get(field, "")))
    except ValueError:
        return None
    return date if 1980 <= date.year <= 2099 else None


def _span(first: datetime.date | None, last: datetime.date | None, zone: ZoneInfo) -> tuple[int, int]:
    """The moments of the filter between two days, both included."""
    from_ms = 0 if first is None else day_start(first.toordinal(), zone) * 1000
    to_ms = EVER_MS if last is None else day_start(last.toordinal() + 1, zone) * 1000
    return from_ms, to_ms


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
