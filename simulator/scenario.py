"""A scenario file: a site, its plant, its meters and the ways to reach them, checked as a whole."""

from __future__ import annotations

import datetime
import re
import tomllib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from runtime.core.installation import Installation
from runtime.core.installationrows import read_rows
from runtime.core.installationtables import RULE, TARIFF
from runtime.core.installationtariffs import Billing, merge_billing
from runtime.core.placed import SIDES
from runtime.core.tomltable import Table, nearest
from runtime.errors import ConfigError, Fault
from simulator.energies import ENERGIES
from simulator.faults import Faults, Wire
from simulator.faulttable import read_faults
from simulator.gateway import MODES
from simulator.models import Models
from simulator.panel import Value, told_value
from simulator.plant import BranchSpec
from simulator.profiles import PROFILES

EVEN = (334, 333, 333)
SINGLE = {1: (1000, 0, 0), 2: (0, 1000, 0), 3: (0, 0, 1000)}
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
               "shows", "links", "cars_s", "confirmed"),
    "tariff": (), "rule": (),  # as in an installation's file
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class GatewayPlan:
    """``scheme`` tcp, rtutcp (``host``, ``port``) or pty (``path``, ``baudrate``); ``faults`` None: it is sound."""

    name: str
    scheme: str
    host: str = ""
    port: int = 0
    path: str = ""
    baudrate: int = 19_200
    turnaround_ms: float = 0.0
    description: str = ""
    faults: Faults | None = None

    @property
    def wire(self) -> Wire:
        return "tcp" if self.scheme == "tcp" else "rtu"


@dataclass(frozen=True, slots=True)
class EventPlan:
    """``after_s`` after the start a gateway gets a ``mode``, or ``faults``; None: it keeps what it has.

    for_s    after that it is again as the scenario has it; None: it stays so
    every_s  it happens again so long after it began; None: once
    device   to which something happens instead, and what it shows then, by quantity
    """

    gateway: str
    after_s: float
    mode: str | None = None
    faults: Faults | None = None
    for_s: float | None = None
    every_s: float | None = None
    device: str = ""
    happens: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LinkPlan:
    """What happens at the device ``event`` makes the device ``action`` do something; "" = a device that is gone."""

    event: str
    action: str
    does: str  # "open" or "close"


@dataclass(frozen=True, slots=True)
class DevicePlan:
    """``branches``: what it measures, by name; () = nothing.

    shows   what it shows beside at the start, by quantity
    cars_s  a car comes to the station once in so long, 0 = never
    """

    name: str
    gateway: str
    unit: int
    model: str
    branches: tuple[str, ...]
    load: str = ""
    groups: tuple[str, ...] = ()
    excluded: bool = False
    ct: float = 1
    vt: float = 1
    parameters: Mapping[str, str | int | float] = field(default_factory=dict)
    number: str = ""
    interface: int = 0
    side: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    shows: Mapping[str, Value] = field(default_factory=dict)
    links: tuple[LinkPlan, ...] = ()
    cars_s: int = 0
    position: int = 0
    phase: int = 0
    confirmed: bool = False

    @property
    def map_parameters(self) -> dict[str, str | int | float]:
        """What its map may be made from: parameters, and where it hangs."""
        told: dict[str, str | int] = {"position": self.position, "side": self.side}
        return {**self.parameters, **{name: value for name, value in told.items() if value}}


@dataclass(frozen=True, slots=True)
class Scenario:
    """``origin`` is the day on which the counters stood at 0."""

    name: str
    zone: str
    currency: str
    interval_s: int
    seed: int
    origin: datetime.date
    gateways: tuple[GatewayPlan, ...]
    branches: tuple[BranchSpec, ...]
    devices: tuple[DevicePlan, ...]
    loads: tuple[tuple[str, bool], ...] = ()
    groups: tuple[tuple[str, str], ...] = ()
    billing: Billing = field(default_factory=Billing)
    events: tuple[EventPlan, ...] = ()


def load_scenario(path: Path, models: Models) -> Scenario:
    """raises  ConfigError with every fault: file, key, hint"""
    try:
        return parse_scenario(path.read_text(encoding="utf-8"), path.name, models)
    except OSError as error:
        raise ConfigError([Fault(str(path), "", f"cannot be read: {error.strerror}")]) from None


def parse_scenario(text: str, file: str, models: Models) -> Scenario:
    try:
        table = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError([Fault(file, "", f"not valid TOML: {error}", "see toml.io for the format")]) from None
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
        self._branches: dict[str, BranchSpec] = {}

    def scenario(self) -> Scenario | None:
        head = self._head
        head.refuse_unknown(tuple(_KEYS))
        for word in ("gateway", "device"):
            if not head.tables(word):
                head.fault(word, "is missing", f"write [[{word}]] above each one")
        loads = self._named("load", lambda row: row.flag("on", True))
        groups = self._named("group", lambda row: row.text("description"))
        gateways = self._named("gateway", self._gateway)
        self._named("branch", self._branch)
        rows = self._named("device", lambda row: row)
        for row in rows.values():
            if "profile" in row or "rated_w" in row:
                self._branch(row)
        known = {"load": loads, "group": groups, "gateway": gateways}
        devices = [self._device(row, rows, known) for row in rows.values()]
        self._refuse_shared_addresses(devices, rows)
        site = self._site()
        billing = self._billing()
        events = [self._event(row, gateways, rows) for row in head.tables("event")]
        if head.faults:
            return None
        return Scenario(
            **site,
            gateways=tuple(gateways.values()),
            branches=tuple(self._branches.values()),
            devices=tuple(devices),
            loads=tuple(loads.items()),
            groups=tuple(groups.items()),
            billing=billing,
            events=tuple(events),
        )

    def _billing(self) -> Billing:
        head = self._head
        tariffs, rules = (read_rows(head.rows, kind, head.file, head.faults) for kind in (TARIFF, RULE))
        return merge_billing(Installation(), tariffs, rules, head.file, head.faults, replace_all=True)

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
        wire: Wire = "tcp" if parts[1] == "tcp" else "rtu"
        return GatewayPlan(
            name=row.text("name"),
            scheme=parts[1] or parts[4],
            host=parts[2] or "",
            port=int(parts[3] or 0),
            path=parts[5] or "",
            baudrate=row.integer("baudrate", 300, 921_600, 19_200) or 19_200,
            turnaround_ms=_number(row, "turnaround_ms", 0, 60_000, 0),
            description=row.text("description"),
            faults=read_faults(row.table("faults"), wire) if "faults" in row else None,
        )

    def _event(self, row: Table, gateways: Mapping[str, GatewayPlan | None], devices: Mapping[str, Table]) -> EventPlan:
        row.refuse_unknown(_KEYS["event"])
        row.require("after_s")
        for_s = _number(row, "for_s", 0.1, _MOST_S, 0) if "for_s" in row else None
        every_s = _number(row, "every_s", 0.1, _MOST_S, 0) if "every_s" in row else None
        if every_s is not None and (for_s is None or for_s >= every_s):
            row.fault("every_s", "it would begin again before it is over", "give a for_s that is less")
        after_s = _number(row, "after_s", 0, _MOST_S, 0)
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

    def _branch(self, row: Table) -> None:
        if not row.require("profile", "rated_w"):
            return
        name = row.text("name")
        if name in self._branches:
            row.fault("name", f"{name!r} is a branch already")
        phase = row.integer("phase", 1, 3)
        given = row.listed("shares", int) if "shares" in row else SINGLE.get(phase or 0, EVEN)
        if len(given) != 3 or sum(given) != 1000 or min(given) < 0:
            row.fault("shares", f"{list(given)} are not three permille that sum to 1000")
            given = EVEN
        profile = row.word("profile", tuple(PROFILES))
        rated_w = row.integer("rated_w", 10, 10_000_000, 0) or 0
        if profile:
            self._branches[name] = BranchSpec(name, profile, rated_w, (given[0], given[1], given[2]))

    def _device(self, row: Table, rows: Mapping[str, Table], known: Mapping[str, Collection[str]]) -> DevicePlan:
        row.require("gateway", "unit", "model")
        branches = self._measured(row, rows)
        groups = row.listed("groups", str)
        for key, kind, names in (
            ("gateway", "gateway", [row.text("gateway")] if "gateway" in row else []),
            ("load", "load", [row.text("load")] if "load" in row else []),
            ("groups", "group", groups),
        ):
            for name in names:
                if name not in known[kind]:
                    row.fault(key, f"there is no {kind} named {name!r}", nearest(name, known[kind]))
        return DevicePlan(
            name=row.text("name"),
            gateway=row.text("gateway"),
            unit=row.integer("unit", 0, 255, 1) or 0,
            model=self._model(row),
            branches=branches,
            load=row.text("load"),
            groups=groups,
            excluded=row.flag("excluded", False),
            ct=_number(row, "ct", 0.01, 65_535, 1),
            vt=_number(row, "vt", 0.01, 6_553, 1),
            parameters=row.table("parameters").rows,
            number=row.text("number"),
            interface=row.integer("interface", 0, 32, 0) or 0,
            side=row.word("side", SIDES) if "side" in row else "",
            labels={str(key): str(value) for key, value in row.table("labels").rows.items()},
            shows=shown_values(row, "shows"),
            links=tuple(self._link(link, rows) for link in row.tables("links")),
            cars_s=row.integer("cars_s", 0, 86_400, 0) or 0,
            position=row.integer("position", 0, 99, 0) or 0,
            phase=row.integer("phase", 1, 3, 0) or 0,
            confirmed=row.flag("confirmed", False),
        )

    def _link(self, row: Table, devices: Mapping[str, Table]) -> LinkPlan:
        row.refuse_unknown(("event", "action", "does"))
        for key in ("event", "action"):
            if row.text(key) and row.text(key) not in devices:
                row.fault(key, f"there is no device named {row.text(key)!r}", nearest(row.text(key), devices))
        return LinkPlan(row.text("event"), row.text("action"), row.word("does", ("open", "close"), "open"))

    def _model(self, row: Table) -> str:
        model = row.word("model", self._models.ids)
        parameters = row.table("parameters")
        if model:
            try:
                self._models.map(model, {**parameters.rows, **_hung(row)})
            except ConfigError as error:
                for fault in error.faults:
                    parameters.fault(fault.key, fault.message, fault.hint)
        return model

    def _measured(self, row: Table, rows: Mapping[str, Table]) -> tuple[str, ...]:
        """The branches behind a device: its own, or those of the devices and branches it stands before."""
        if "measures" not in row:
            if "profile" in row or "rated_w" in row:
                return (row.text("name"),)
            if self._measures(row):
                row.fault("profile", "is missing", "what it measures: profile and rated_w, or measures")
            return ()
        for key in ("profile", "rated_w", "shares", "phase"):
            if key in row:
                row.fault(key, "a device with measures has no branch of its own")
        branches = dict.fromkeys(self._behind(row, rows, (row.text("name"),)))
        produces = {PROFILES[self._branches[name].profile].produces for name in branches if name in self._branches}
        if len(produces) > 1:
            row.fault("measures", "some of these draw and some produce", "give what produces a meter of its own")
        if not branches and "measures" in row:
            row.fault("measures", "names nothing")
        return tuple(branches)

    def _measures(self, row: Table) -> bool:
        """Whether a device of its model has something of a branch to show."""
        try:
            map = self._models.map(row.text("model"), {**row.table("parameters").rows, **_hung(row)})
        except (ConfigError, KeyError):
            return False
        return any(field.quantity in ENERGIES or field.quantity == "active_power_w" for field in map.fields)

    def _behind(self, row: Table, rows: Mapping[str, Table], above: Sequence[str]) -> list[str]:
        found: list[str] = []
        for name in row.listed("measures", str):
            if name in above:
                row.fault("measures", f"{name!r} would measure itself")
            elif name in rows and "measures" in rows[name]:
                found += self._behind(rows[name], rows, (*above, name))
            elif name in self._branches:
                found.append(name)
            elif name not in rows:  # a device whose own branch is faulty is told of there
                known = (*rows, *self._branches)
                row.fault("measures", f"there is no device or branch named {name!r}", nearest(name, known))
        return found

    def _refuse_shared_addresses(self, devices: Sequence[DevicePlan], rows: Mapping[str, Table]) -> None:
        """EMS modules, the sides of a station and meters on a concentrator share one; each register is one's alone."""
        first: dict[tuple[str, int, int], str] = {}
        taken: dict[tuple[str, int, int, str, int], str] = {}
        for device in devices:
            address = (device.gateway, device.unit, device.interface)
            shares, places = self._places(device)
            other = first.setdefault(address, "" if shares else device.name)
            others = {other, *(taken.setdefault((*address, *place), device.name) for place in places)}
            for name in sorted(others - {device.name, ""}):
                rows[device.name].fault("unit", f"address {device.unit} is taken by {name!r} on the same gateway")

    def _places(self, device: DevicePlan) -> tuple[bool, set[tuple[str, int]]]:
        """Whether its kind shares addresses, and (space, address) of each of its registers.

        A meter with pulse output has none of its own: it is seen through the concentrator's.
        """
        if device.model.startswith("pulse-"):
            return True, set()
        try:
            map = self._models.map(device.model, device.map_parameters)
        except (ConfigError, KeyError):
            return True, set()
        values = (field for field in map.fields if field.role != "identity")
        places = {(field.space, at + i) for field in values for at, words in field.places for i in range(words)}
        is_carrier = any(field.quantity.startswith("pulses_") for field in map.fields)
        return bool(map.interface_stride or map.side_stride or is_carrier), places


def _hung(row: Table) -> dict[str, Any]:
    return {key: row.rows[key] for key in ("position", "side") if key in row}


def shown_values(row: Table, key: str) -> dict[str, Value]:
    """``shows = {output_1_state = "on", limit_a = 16}`` as counts."""
    values: dict[str, Value] = {}
    table = row.table(key)
    for quantity, said in table.rows.items():
        try:
            values[quantity] = told_value(quantity, said)
        except ValueError as error:
            table.fault(quantity, str(error))
    return values


def _number(row: Table, key: str, least: float, most: float, default: float) -> float:
    value = row.rows.get(key, default)
    if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= most:
        row.fault(key, f"{value!r} is not a number from {least} to {most}")
        return default
    return value
