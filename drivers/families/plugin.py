"""The plugin ``meters``: the devices that come with Wattkeeper, those of SunSpec and the generic meter."""

from __future__ import annotations

from drivers.families.catalogue import FOLDER, load_entries, load_maps
from drivers.families.generic import EXAMPLE, ID, generic_map
from drivers.families.pulsemeter import dependents, examples
from drivers.families.sunspec.models import family as sunspec
from drivers.families.wsmeasure import EXAMPLE as WSMEASURE_EXAMPLE
from drivers.families.wsmeasure import ID as WSMEASURE
from drivers.families.wsmeasure import wsmeasure_map
from runtime.core.map.family import Family
from runtime.plugin.hookspecs import hookimpl

_TITLES = {
    "emdx3": "Legrand EMDX3, BTicino BT DIN",
    "ems": "Legrand EMS CX3, BTicino EMS BT DIN",
    "breaker": "Legrand DX3, DPX3, DMX3; BTicino Megatiker, Megabreak",
    "supervision": "RS485 power supervision",
    "greenup": "Green'Up charging stations",
}
_OTHERS = {  # without catalogue numbers: found by maker and trade name
    "wallbox": "Charging stations of other makers",
    "inverter": "Inverters and batteries",
}


@hookimpl
def families() -> list[Family]:
    meters = load_maps()
    kinds = {kind: load_maps(FOLDER / kind, meters) for kind in (*_TITLES, "pulse")}
    entries = {kind: load_entries(kind) for kind in (*_TITLES, "pulse", "other")}
    hung = dependents((*entries["emdx3"], *entries["pulse"]))
    pulse = (*kinds["pulse"].values(), *examples(kinds["pulse"], hung))
    return [
        Family("meters", "Meters", tuple(meters.values())),
        *(Family(kind, title, tuple(kinds[kind].values()), entries=entries[kind]) for kind, title in _TITLES.items()),
        Family("pulse", "Pulse concentrators and meters", pulse, entries=entries["pulse"], dependents=hung),
        *(Family(kind, title, tuple(load_maps(FOLDER / kind, meters).values())) for kind, title in _OTHERS.items()),
        sunspec(),
        Family("wsmeasure", "Other servers", (wsmeasure_map(WSMEASURE_EXAMPLE),), {WSMEASURE: wsmeasure_map}),
        Family("generic", "Other devices", (generic_map(EXAMPLE),), {ID: generic_map}, entries["other"]),
    ]
