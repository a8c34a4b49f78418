"""What must hold for one device: its model, what its catalogue number asks for, its load and groups."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from runtime.core.billingrules import Tell
from runtime.core.catalogue import CatalogueEntry
from runtime.core.installation import DeviceSpec

MOST_GROUPS = 5


@dataclass(frozen=True, slots=True)
class Known:
    """What an installation may refer to: what the loaded plugins offer.

    entries  the catalogue by number; an empty one asks for nothing
    thd      models that measure THD; None = not asked
    """

    models: Collection[str]
    schemes: Collection[str]
    entries: Mapping[str, CatalogueEntry] = field(default_factory=dict)
    thd: Collection[str] | None = None


def check_device(device: DeviceSpec, loads: Collection[int], groups: Collection[int], known: Known, tell: Tell) -> None:
    """A device without a model is taken: it is shown as "configuration error" (SYS-4)."""
    if device.model and device.model not in known.models:
        close = difflib.get_close_matches(device.model, list(known.models), 1)
        hint = f"did you mean {close[0]!r}?" if close else "'wattkeeper models' lists them"
        tell("device", device.id, "model", "model_unknown", f"there is no model {device.model!r}", hint)
    if device.load and device.load not in loads:
        tell("device", device.id, "load", "load_unknown", f"there is no load {device.load}")
    if len(device.groups) > MOST_GROUPS:
        message = f"{len(device.groups)} groups, {MOST_GROUPS} at most"
        tell("device", device.id, "groups", "groups_too_many", message)
    for group in device.groups:
        if group not in groups:
            tell("device", device.id, "groups", "group_unknown", f"there is no group {group}")
    if device.number and known.entries:
        _check_entry(device, known, tell)


def _check_entry(device: DeviceSpec, known: Known, tell: Tell) -> None:
    """What a catalogue number asks the installer for."""
    entry = known.entries.get(device.number)
    if entry is None:
        message = f"there is no catalogue number {device.number!r}"
        close = difflib.get_close_matches(device.number, list(known.entries), 1)
        tell("device", device.id, "number", "number_unknown", message, f"did you mean {close[0]!r}?" if close else "")
        return
    asked = entry.parameters
    if "position" in asked and not 1 <= device.position <= (entry.most or 99):
        message = f"{entry.number} needs its input on the concentrator, 1 to {entry.most or 99}"
        tell("device", device.id, "position", "position_missing", message)
    if "side" in asked and not device.side:
        tell("device", device.id, "side", "side_missing", f"{entry.number} has two sides: choose one")
    if "phase" in asked and not device.phase:
        tell("device", device.id, "phase", "phase_missing", f"{entry.number} is single-phase: choose its phase")
