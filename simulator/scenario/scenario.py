"""A scenario file: a site, its plant, its meters and the ways to reach them, checked as a whole."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from runtime.core.resource.schema import read_rows
from runtime.core.site.installation import Installation
from runtime.core.tariff.ruleresource import RULE, merge_rules
from runtime.core.tariff.tariffresource import TARIFF, merge_tariffs
from runtime.core.text.tomlfile import parse_toml
from runtime.core.text.tomltable import Table
from runtime.errors import ConfigError, Fault
from simulator.fault.faulttable import read_faults
from simulator.gateway.gateway import MODES
from simulator.scenario.addresses import refuse_shared_addresses
from simulator.scenario.devicerows import DeviceRows, number, shown_values
from simulator.scenario.models import Models
from simulator.scenario.plan import FRAMED, EventPlan, GatewayPlan, Scenario

_MOST_S = 31_536_000  # a year
_LISTEN = re.compile(r"(tcp|rtutcp)://([^:/\s]+):(\d{1,5})|(pty)://(\S+)")
_KEYS = {
    "site": ("name", "zone", "currency", "interval_s", "seed", "origin"),
    "load": ("name", "on"),
    "group": ("name", "description"),
    "gateway": ("name", "listen", "baudrate", "turnaround_ms", "description", "faults"),
    "event": ("gateway", "device", "after_s", "mode", "faults", "happens", "for_s", "every_s"),
    "branch": ("name", "profile", "rated_w", "shares", "phase"),
    "device": ("name", "gateway", "unit", "model", "measures", "profile", "rated_w", "shares", "phase", "load",
               "groups", "excluded", "ct", "vt", "parameters", "number", "interface", "side", "position", "labels",
               "shows", "links", "cars_s", "feeds", "confirmed"),
    "tariff": (), "rule": (),  # as in an installation's file
}  # fmt: skip


def load_scenario(path: Path, models: Models) -> Scenario:
    """raises  ConfigError with every fault: file, key, hint"""
    try:
        return parse_scenario(path.read_text(encoding="utf-8"), path.name, models)
    except OSError as error:
        raise ConfigError([Fault(str(path), "", f"cannot be read: {error.strerror}")]) from None


def parse_scenario(text: str, file: str, models: Models) -> Scenario:
    table = parse_toml(text, file)
    faults: list[Fault] = []
    reader = _Reader(Table(table, "", file, faults), models)
    scenario = reader.scenario()
    if faults or scenario is None:
        raise ConfigError(tuple(dict.fromkeys(faults)))
    return scenario


class _Reader:
    """Reads one file; faults gather in its table."""

    def __init__(self, head: Table, models: Models) -> None:
        self._head = head
        self._models = models
        self._devices = DeviceRows(models)

    def scenario(self) -> Scenario | None:
        head = self._head
        head.refuse_unknown(tuple(_KEYS))
        for word in ("gateway", "device"):
            if not head.tables(word):
                head.fault(word, "is missing", f"write [[{word}]] above each one")
        loads = self._named("load", lambda row: row.flag("on", True))
        groups = self._named("group", lambda row: row.text("description"))
        gateways = self._named("gateway", self._gateway)
        self._named("branch", self._devices.branch)
        rows = self._named("device", lambda row: row)
        for row in rows.values():
            if "profile" in row or "rated_w" in row:
                self._devices.branch(row)
        known = {"load": loads, "group": groups, "gateway": gateways}
        devices = [self._devices.device(row, rows, known) for row in rows.values()]
        refuse_shared_addresses(devices, rows, self._models)
        site = self._site()
        billing = self._billing()
        events = [self._event(row, gateways, rows) for row in head.tables("event")]
        if head.faults:
            return None
        return Scenario(
            **site,
            gateways=tuple(gateways.values()),
            branches=tuple(self._devices.branches.values()),
            devices=tuple(devices),
            loads=tuple(loads.items()),
            groups=tuple(groups.items()),
            billing=billing,
            events=tuple(events),
        )

    def _billing(self) -> Installation:
        """One of tariffs and cost rules alone."""
        head = self._head
        tariffs, rules = (read_rows(head.rows, row, head.file, head.faults, row.unique) for row in (TARIFF, RULE))
        billed = merge_tariffs(Installation(), tariffs, head.file, head.faults, replace_all=True)
        return merge_rules(billed, rules, head.file, head.faults, replace_all=True)

    def _site(self) -> dict[str, Any]:
        row = self._head.table("site")
        row.refuse_unknown(_KEYS["site"])
        zone = row.text("zone", "Europe/Paris")
        try:
            ZoneInfo(zone)
        except (KeyError, ValueError):
            row.fault("zone", f"{zone!r} is not a time zone such as Europe/Paris")
        origin = row.rows.get("origin", datetime.date(2023, 1, 1))
        if type(origin) is not datetime.date:
            row.fault("origin", f"{origin!r} is not a day", "origin = 2023-01-01")
        return {
            "name": row.text("name", "Simulated site"),
            "zone": zone,
            "currency": row.text("currency", "EUR"),
            "interval_s": row.integer("interval_s", 60, 3600, 600),
            "seed": row.integer("seed", 0, 2**32, 1),
            "origin": origin,
        }

    def _named(self, word: str, read: Callable[[Table], Any]) -> dict[str, Any]:
        """name -> what ``read`` makes of its row."""
        found: dict[str, Any] = {}
        for row in self._head.tables(word):
            row.refuse_unknown(_KEYS[word])
            name = row.text("name") if row.require("name") else ""
            if name in found:
                row.fault("name", f"{name!r} is taken", "names are unique")
            elif name:
                found[name] = read(row)
        return found

    def _gateway(self, row: Table) -> GatewayPlan | None:
        listen = row.text("listen") if row.require("listen") else ""
        parts = _LISTEN.fullmatch(listen)
        if listen and (parts is None or int(parts[3] or 0) > 65_535):
            hint = "tcp://host:port, rtutcp://host:port or pty://path"
            row.fault("listen", f"{listen!r} is no place to listen", hint)
        if parts is None:
            return None
        scheme = parts[1] or parts[4]
        return GatewayPlan(
            name=row.text("name"),
            scheme=scheme,
            host=parts[2] or "",
            port=int(parts[3] or 0),
            path=parts[5] or "",
            baudrate=row.integer("baudrate", 300, 921_600, 19_200) or 19_200,
            turnaround_ms=number(row, "turnaround_ms", 0, 60_000, 0),
            description=row.text("description"),
            faults=read_faults(row.table("faults"), FRAMED[scheme]) if "faults" in row else None,
        )

    def _event(self, row: Table, gateways: Mapping[str, GatewayPlan | None], devices: Mapping[str, Table]) -> EventPlan:
        row.refuse_unknown(_KEYS["event"])
        row.require("after_s")
        for_s = number(row, "for_s", 0.1, _MOST_S, 0) if "for_s" in row else None
        every_s = number(row, "every_s", 0.1, _MOST_S, 0) if "every_s" in row else None
        if every_s is not None and (for_s is None or for_s >= every_s):
            row.fault("every_s", "it would begin again before it is over", "give a for_s that is less")
        after_s = number(row, "after_s", 0, _MOST_S, 0)
        if "device" in row:
            device = row.word("device", tuple(devices))
            happens = shown_values(row, "happens")
            if not happens:
                row.fault("happens", "is missing", 'happens = {breaker_state = "tripped"}')
            return EventPlan("", after_s, for_s=for_s, every_s=every_s, device=device, happens=happens)
        row.require("gateway")
        name = row.word("gateway", tuple(gateways))
        if "mode" not in row and "faults" not in row:
            row.fault("mode", "is missing", f"mode = one of {', '.join(MODES)}, or faults = {{late = 0.1}}")
        plan = gateways.get(name)
        return EventPlan(
            gateway=name,
            mode=row.word("mode", MODES) if "mode" in row else None,
            faults=read_faults(row.table("faults"), plan.wire) if "faults" in row and plan else None,
            after_s=after_s,
            for_s=for_s,
            every_s=every_s,
        )
