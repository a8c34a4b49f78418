"""What the page of a device offers to be told: commands by the quantity that shows them, locks, errors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from runtime.core.device.stationerror import errors_in
from runtime.core.quantity.catalogue import QUANTITIES
from runtime.core.site.installation import DeviceSpec
from runtime.text.figures import json_number
from runtime.text.wording import label_parts
from webui.http.caller import caller
from webui.model.bridge import Bridge
from webui.model.commands import AvailableCommand, available_commands, is_station, lock_of, modules_at_address


@dataclass(frozen=True, slots=True)
class Knob:
    """One command as a page shows it. ``choices`` are names of states; () for a number from ``least`` to ``most``."""

    device: int
    carrier: str  # name of the device when it is a neighbour, "" = this one
    command: str
    quantity: str
    label: str
    what: tuple[str, str, str]  # the label's parts: msgid of the stem, part, number
    own: str  # what somebody called it, "" = nothing of its own
    choices: tuple[str, ...]
    least: int | float
    most: int | float
    unit: str


@dataclass(frozen=True, slots=True)
class Switching:
    """knobs     by the quantity of this device that shows what came of them
    others     those of modules at the same address, and those that show nothing here
    outputs    numbers of outputs with settings of their own
    lock       code of why nothing may be written, "" = it may
    trial      it is a trial that lets it be written
    may_act    the caller may tell it things; may_unlock: and unlock it
    """

    knobs: Mapping[str, Knob]
    others: Sequence[Knob]
    outputs: Sequence[int]
    lock: str
    trial_until_ts: int
    may_act: bool
    may_unlock: bool
    at_address: Sequence[DeviceSpec]

    @property
    def words(self) -> set[str]:
        """Names of all states that can be told."""
        return {choice for knob in (*self.knobs.values(), *self.others) for choice in knob.choices}


def switching(bridge: Bridge, spec: DeviceSpec) -> Switching:
    knobs: dict[str, Knob] = {}
    others: list[Knob] = []
    for each in available_commands(bridge, spec):
        knob = _knob(spec, each)
        if each.spec.id == spec.id and each.row.read_back and each.row.read_back not in knobs:
            knobs[each.row.read_back] = knob
        else:
            others.append(knob)
    carriers = {each.spec.id: each.spec for each in available_commands(bridge, spec)}
    locks = [lock for each in carriers.values() if (lock := lock_of(bridge, each))]
    trials = [each.trial_until_ts for each in carriers.values() if each.trial_until_ts > bridge.clock.now_ts()]
    page = "green_up" if is_station(bridge, spec) else "panel_board"
    return Switching(
        knobs,
        others,
        [number for number in range(1, 17) if f"output_{number}_mode" in knobs],
        locks[0] if locks else "",
        max(trials, default=0) if not bridge.demo else 0,
        may_act=caller().may((page, "act")),
        may_unlock=caller().may(("system_configuration", "act")),
        at_address=list(modules_at_address(bridge, spec)),
    )


def _knob(spec: DeviceSpec, each: AvailableCommand) -> Knob:
    row, quantity = each.row, QUANTITIES[each.row.quantity]
    return Knob(
        device=each.spec.id,
        carrier="" if each.spec.id == spec.id else each.spec.name,
        command=row.name,
        quantity=row.quantity,
        label=quantity.label,
        what=label_parts(quantity.label),
        own=each.spec.labels.get("_".join(row.quantity.split("_")[:2]), ""),
        choices=row.choices,
        least=json_number(row.least_n, quantity.exp10),
        most=json_number(row.most_n, quantity.exp10),
        unit=quantity.unit,
    )


def errors_shown(readings: Mapping[str, tuple[Any, ...]], quantity: str) -> tuple[str, ...]:
    """Codes of the errors that a station has."""
    bits = readings[quantity][0]
    return errors_in(bits) if isinstance(bits, int) else ()
