"""The devices of a scenario file and the branches that they measure, row by row; faults gather in the rows."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from runtime.core.charging.spec import WIRINGS
from runtime.core.map.side import SIDES
from runtime.core.text.tomltable import Table, nearest
from runtime.errors import ConfigError
from simulator.device.panel import Value, written_value
from simulator.plant.energies import ENERGIES
from simulator.plant.plant import BranchSpec
from simulator.plant.profiles import PROFILES
from simulator.scenario.models import Models
from simulator.scenario.plan import DevicePlan, LinkPlan

EVEN = (334, 333, 333)
SINGLE = {1: (1000, 0, 0), 2: (0, 1000, 0), 3: (0, 0, 1000)}


class DeviceRows:
    """``branches`` by name, as they were read so far."""

    def __init__(self, models: Models) -> None:
        self._models = models
        self.branches: dict[str, BranchSpec] = {}

    def branch(self, row: Table) -> None:
        if not row.require("profile", "rated_w"):
            return
        name = row.text("name")
        if name in self.branches:
            row.fault("name", f"{name!r} is a branch already")
        phase = row.integer("phase", 1, 3)
        given = row.listed("shares", int) if "shares" in row else SINGLE.get(phase or 0, EVEN)
        if len(given) != 3 or sum(given) != 1000 or min(given) < 0:
            row.fault("shares", f"{list(given)} are not three permille that sum to 1000")
            given = EVEN
        profile = row.word("profile", tuple(PROFILES))
        rated_w = row.integer("rated_w", 10, 10_000_000, 0) or 0
        if profile:
            self.branches[name] = BranchSpec(name, profile, rated_w, (given[0], given[1], given[2]))

    def device(self, row: Table, rows: Mapping[str, Table], known: Mapping[str, Collection[str]]) -> DevicePlan:
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
            ct=number(row, "ct", 0.01, 65_535, 1),
            vt=number(row, "vt", 0.01, 6_553, 1),
            parameters=row.table("parameters").rows,
            number=row.text("number"),
            interface=row.integer("interface", 0, 32, 0) or 0,
            side=row.word("side", SIDES) if "side" in row else "",
            labels={str(key): str(value) for key, value in row.table("labels").rows.items()},
            shows=shown_values(row, "shows"),
            links=tuple(self._link(link, rows) for link in row.tables("links")),
            cars_s=row.integer("cars_s", 0, 86_400, 0) or 0,
            feeds=self._fed(row, rows),
            position=row.integer("position", 0, 99, 0) or 0,
            phase=row.integer("phase", 1, 3, 0) or 0,
            confirmed=row.flag("confirmed", False),
        )

    def _fed(self, row: Table, devices: Mapping[str, Table]) -> dict[str, tuple[int, ...]]:
        """Stations and the phases that they hang on."""
        fed = {}
        for name, wiring in row.table("feeds").rows.items():
            if name not in devices:
                row.fault("feeds", f"there is no device named {name!r}", nearest(name, devices))
            elif wiring not in WIRINGS:
                row.fault("feeds", f"{wiring!r} is no wiring of {name!r}", f"one of {', '.join(WIRINGS)}")
            else:
                fed[name] = WIRINGS[wiring]
        return fed

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
                self._models.map(model, {**parameters.rows, **hung(row)})
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
        produces = {PROFILES[self.branches[name].profile].produces for name in branches if name in self.branches}
        if len(produces) > 1:
            row.fault("measures", "some of these draw and some produce", "give what produces a meter of its own")
        if not branches and "measures" in row:
            row.fault("measures", "names nothing")
        return tuple(branches)

    def _measures(self, row: Table) -> bool:
        """Whether a device of its model has something of a branch to show."""
        try:
            map = self._models.map(row.text("model"), {**row.table("parameters").rows, **hung(row)})
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
            elif name in self.branches:
                found.append(name)
            elif name not in rows:  # a device whose own branch is faulty is told of there
                known = (*rows, *self.branches)
                row.fault("measures", f"there is no device or branch named {name!r}", nearest(name, known))
        return found


def hung(row: Table) -> dict[str, Any]:
    return {key: row.rows[key] for key in ("position", "side") if key in row}


def shown_values(row: Table, key: str) -> dict[str, Value]:
    """``shows = {output_1_state = "on", limit_a = 16}`` as counts."""
    values: dict[str, Value] = {}
    table = row.table(key)
    for quantity, said in table.rows.items():
        try:
            values[quantity] = written_value(quantity, said)
        except ValueError as error:
            table.fault(quantity, str(error))
    return values


def number(row: Table, key: str, least: float, most: float, default: float) -> float:
    value = row.rows.get(key, default)
    if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= most:
        row.fault(key, f"{value!r} is not a number from {least} to {most}")
        return default
    return value
