"""What must hold for one device: its model, what its catalogue number asks for, its load and groups."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from runtime.core.map.labels import CatalogueEntry
from runtime.core.site.installation import DeviceSpec
from runtime.core.validation.billing import Tell
from runtime.core.validation.label import Kinds, check_entry

MOST_GROUPS = 5


@dataclass(frozen=True, slots=True)
class Known:
    """What an installation may refer to: what the loaded plugins offer.

    entries  the catalogue by number; an empty one asks for nothing
    thd      models that measure THD; None = not asked
    kinds    where devices of a model stand; one that is missing stands at its address alone
    """

    models: Collection[str]
    schemes: Collection[str]
    entries: Mapping[str, CatalogueEntry] = field(default_factory=dict)
    thd: Collection[str] | None = None
    kinds: Kinds = field(default_factory=dict)


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
        check_entry(device, known.entries, tell)
