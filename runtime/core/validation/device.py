"""What must hold for one device: its model, what its catalogue number asks for, its load and groups."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from runtime.core.map.labels import CatalogueEntry
from runtime.core.resource.resource import Report
from runtime.core.site.installation import DeviceSpec
from runtime.core.site.spec import MOST_RATED_A, RATED_A
from runtime.core.source.scheme import Scheme, Schemes
from runtime.core.validation.charging import Abilities
from runtime.core.validation.label import Kinds, check_entry

MOST_GROUPS = 5


@dataclass(frozen=True, slots=True)
class Known:
    """What an installation may refer to: what the loaded plugins offer.

    entries  the catalogue by number; an empty one asks for nothing
    thd      models that measure THD; None = not asked
    kinds    where devices of a model stand; one that is missing stands at its address alone
    protocols  what models speak; one that is missing fits any gateway
    abilities  what models measure and take, for charging
    """

    models: Collection[str]
    schemes: Schemes
    entries: Mapping[str, CatalogueEntry] = field(default_factory=dict)
    thd: Collection[str] | None = None
    kinds: Kinds = field(default_factory=dict)
    protocols: Mapping[str, str] = field(default_factory=dict)
    abilities: Abilities = field(default_factory=dict)


def check_address(device: DeviceSpec, scheme: Scheme, known: Known, report: Report) -> None:
    """What it hangs on must reach such an address, and speak as it does."""
    least, most = scheme.units
    if not least <= device.unit <= most:
        what = "Modbus address of a serial bus" if scheme.is_serial else f"address behind {scheme.title}"
        report("device", device.id, "unit", "unit_range", f"{device.unit} is no {what}", f"{least} to {most}")
    protocol = known.protocols.get(device.model, scheme.protocol)
    if scheme.protocol and protocol != scheme.protocol:
        message = f"{device.model!r} speaks {protocol}, and its gateway {scheme.protocol}"
        report("device", device.id, "model", "model_elsewhere", message, "choose another model or gateway")


def check_device(device: DeviceSpec, known: Known, report: Report) -> None:
    """A device without a model is taken: it is shown as "configuration error" (SYS-4)."""
    if device.model and device.model not in known.models:
        close = difflib.get_close_matches(device.model, list(known.models), 1)
        hint = f"did you mean {close[0]!r}?" if close else "'wattkeeper models' lists them"
        report("device", device.id, "model", "model_unknown", f"there is no model {device.model!r}", hint)
    rated_a = device.parameters.get(RATED_A, 1)
    if not isinstance(rated_a, int | float) or not 0 < rated_a <= MOST_RATED_A:
        message = f"{rated_a!r} is no rated current"
        report("device", device.id, f"parameters.{RATED_A}", "rating_wrong", message, f"above 0 to {MOST_RATED_A} A")
    if len(device.groups) > MOST_GROUPS:
        message = f"{len(device.groups)} groups, {MOST_GROUPS} at most"
        report("device", device.id, "groups", "groups_too_many", message)
    if device.number and known.entries:
        check_entry(device, known.entries, report)
