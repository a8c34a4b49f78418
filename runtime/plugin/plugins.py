"""Finds the plugins that ``plugins.toml`` names and asks each of them, alone, what it offers.

A plugin that fails is reported and left out; everything else runs. A wrong ``plugins.toml`` is a ConfigError.
"""

from __future__ import annotations

import importlib
import logging
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any, TypeVar

import pluggy

from runtime.core.alert.outletkind import OutletKind
from runtime.core.device.counterbase import RATINGS
from runtime.core.identity.modelcheck import KnownModels, names_itself
from runtime.core.identity.phases import phase_probes
from runtime.core.map.devicemap import DeviceMap, register_maps
from runtime.core.map.devicemodel import DeviceModel
from runtime.core.map.family import Family, MapMaker, bound
from runtime.core.map.side import map_of_side
from runtime.core.source.scheme import Scheme
from runtime.core.text.tomltable import nearest
from runtime.errors import ConfigError, Fault
from runtime.plugin import hookspecs
from runtime.plugin.choice import read_choice
from runtime.plugin.mapfiles import read_folder

GROUP = "wattkeeper.drivers"  # entry points of packages
BUILT_IN = {
    "modbus": "drivers.gateways.plugin",
    "meters": "drivers.families.plugin",
    "teleinfo": "drivers.teleinfo.plugin",
    "ocpp": "drivers.ocpp.plugin",
    "outlets": "drivers.outlets.plugin",
}
T = TypeVar("T")

log = logging.getLogger("wattkeeper.plugins")


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a plugin, or a part of it, was left out. ``detail`` is for the log."""

    plugin: str
    message: str
    detail: str = ""

    def __str__(self) -> str:
        line = f"plugin {self.plugin} is left out: {self.message}"
        return "".join(c if c.isprintable() or c == "\n" else c.encode("unicode_escape").decode() for c in line)


class Plugins:
    """What the loaded plugins offer together.

    maps      by id of the kind of device
    makers    by the same id: makes the map of one device from its parameters
    schemes   ways to reach devices, by name
    outlets   kinds of outlets, by their ids
    problems  what was left out and why
    """

    def __init__(self) -> None:
        self.manager = pluggy.PluginManager(hookspecs.PROJECT)
        self.manager.add_hookspecs(hookspecs)
        self.maps: dict[str, DeviceModel] = {}
        self.makers: dict[str, MapMaker] = {}
        self.families: list[Family] = []
        self.schemes: dict[str, Scheme] = {}
        self.outlets: dict[str, OutletKind] = {}
        self.problems: list[Problem] = []

    def map_of(self, model: str, parameters: Mapping[str, str | int | float] | None = None) -> DeviceModel:
        """The map of one device.

        raises  ConfigError for a model that nobody offers, or for parameters that do not make a map
        """
        id = self._id_of(model)
        if id in self.makers:
            own = {name: value for name, value in (parameters or {}).items() if name not in RATINGS}
            return map_of_side(self.makers[id](own), own)
        if id not in self.maps:
            raise ConfigError([Fault("device", "model", f"{model!r} is no known model", nearest(model, self.maps))])
        return map_of_side(self.maps[id], parameters or {})

    def register_map_of(self, model: str) -> DeviceMap:
        """The same of a model that is read from registers. Raises ConfigError for another one too."""
        found = self.map_of(model)
        if not isinstance(found, DeviceMap):
            raise ConfigError([Fault("device", "model", f"{model!r} has no registers: it is read by the server only")])
        return found

    def trust_of(self, model: str, parameters: Mapping[str, str | int | float]) -> str:
        """How far the map of a device can be trusted. Raises ConfigError as ``map_of`` does."""
        id = self._id_of(model)
        return self.maps[id].trust if id in self.maps and id not in self.makers else self.map_of(id, parameters).trust

    def kinds_of(self, models: Mapping[int, str]) -> KnownModels:
        """What devices (id -> model) are checked against; one whose registers an installer told is taken as it is."""
        ids = {device: self._id_of(model) for device, model in models.items()}
        maps = {id: found for id, found in register_maps(self.maps).items() if id not in self.makers}
        fixed = {device: maps[id] for device, id in ids.items() if id in maps}
        known = [found for found in maps.values() if names_itself(found)]
        single = {id: phase_probes(maps[id], maps.values()) for id in {found.id for found in fixed.values()}}
        return KnownModels(fixed, tuple(known), {device: single[found.id] for device, found in fixed.items()})

    def _id_of(self, model: str) -> str:
        return next((id for id, found in self.maps.items() if model in found.aliases), model)

    def load(self, name: str, find: Callable[[], object], settings: Mapping[str, Any]) -> None:
        """Take one plugin in, or note why not."""
        plugin = self._guarded(name, "cannot be imported", find)
        if plugin is None or not self._registered(name, plugin):
            return
        asked = "fails when asked for what it offers"
        schemes = self._guarded(name, asked, lambda: self._ask(plugin, "gateways", settings, _is_scheme))
        families = self._guarded(name, asked, lambda: self._ask(plugin, "families", settings, _is_family))
        outlets = self._guarded(name, asked, lambda: self._ask(plugin, "outlets", settings, _is_outlet))
        if schemes is None or families is None or outlets is None:
            self.manager.unregister(plugin)
            return
        for scheme in schemes:
            self._add_scheme(name, scheme)
        for family in families:
            self._add_family(name, family)
        for outlet in outlets:
            self._add_outlet(name, outlet)

    def add_folder(self, folder: Path) -> None:
        """Take in the maps of a folder; one with the id of a known map replaces it."""
        maps, faults = read_folder(folder, register_maps(self.maps))
        by_file: dict[str, list[Fault]] = {}
        for fault in faults:
            by_file.setdefault(fault.file, []).append(fault)
        self.problems += [Problem(file, "; ".join(map(str, found))) for file, found in by_file.items()]
        self.maps.update(maps)
        for id in maps:
            self.makers.pop(id, None)

    def _registered(self, name: str, plugin: object) -> bool:
        def register() -> bool:
            self.manager.register(plugin, name)
            self.manager.check_pending()
            return True

        if self._guarded(name, "does not fit the hooks", register):
            return True
        if self.manager.is_registered(plugin):
            self.manager.unregister(plugin)
        return False

    def _ask(self, plugin: object, hook: str, settings: Mapping[str, Any], fits: Callable[[object], str]) -> list[Any]:
        others = [other for other in self.manager.get_plugins() if other is not plugin]
        answers = self.manager.subset_hook_caller(hook, others)(settings=settings)
        found = [item for answer in answers for item in answer]
        for item in found:
            wrong = fits(item)
            if wrong:
                raise TypeError(f"{hook}() answers {item!r}: {wrong}")
        return found

    @staticmethod
    def tried(make: Callable[[], T]) -> T:
        """What a plugin makes of what people told it. Raises ConfigError, also where the plugin itself fails."""
        try:
            return make()
        except ConfigError:
            raise
        except Exception as error:
            log.exception("a driver fails at what it was given")
            message = f"the driver fails: {type(error).__name__}: {error}"
            raise ConfigError([Fault("device", "", message, "tell who made the driver")]) from None

    def _guarded(self, name: str, what: str, call: Callable[[], T]) -> T | None:
        """The only place where code of others may fail in any way it likes."""
        try:
            return call()
        except ConfigError as error:
            self.problems.append(Problem(name, f"{what}: {error}"))
        except (Exception, SystemExit) as error:  # noqa: BLE001 - a plugin's bug must not take the server along
            told = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
            self.problems.append(Problem(name, f"{what}: {told}", traceback.format_exc()))
        return None

    def _add_scheme(self, name: str, scheme: Scheme) -> None:
        if scheme.name in self.schemes:
            self.problems.append(Problem(name, f"the scheme {scheme.name!r} is taken by another plugin"))
        else:
            self.schemes[scheme.name] = scheme

    def _add_outlet(self, name: str, outlet: OutletKind) -> None:
        if outlet.id in self.outlets:
            self.problems.append(Problem(name, f"the kind of outlets {outlet.id!r} is that of another plugin"))
        else:
            self.outlets[outlet.id] = outlet

    def _add_family(self, name: str, family: Family) -> None:
        taken = [found.id for found in family.maps if found.id in self.maps]
        if taken:
            self.problems.append(Problem(name, f"the map {taken[0]!r} is that of another plugin"))
            return
        if wrong := self._wrong_entry(family):
            self.problems.append(Problem(name, wrong))
            return
        self.families.append(family)
        self.maps.update({found.id: found for found in family.maps})
        self.makers.update(family.makers)
        self.makers.update({id: bound(make, self.maps) for id, make in family.dependents.items()})

    def _wrong_entry(self, family: Family) -> str:
        """Why its catalogue numbers cannot be taken in, "" if they can."""
        maps = {*self.maps, *(found.id for found in family.maps)}
        numbers = [entry.number for other in (*self.families, family) for entry in other.entries]
        for entry in family.entries:
            if entry.map not in maps:
                return f"the catalogue number {entry.number!r} leads to no map: {entry.map!r}"
            if numbers.count(entry.number) > 1:
                return f"the catalogue number {entry.number!r} stands twice"
        return ""


def load_plugins(file: Path, own: Path | None = None) -> Plugins:
    """Load what a plugins.toml names, in its order.

    own     folder of maps that installers filled in, if it is there
    raises  ConfigError when the file is missing or wrong
    """
    packages = {point.name: point for point in entry_points(group=GROUP)}
    choice = read_choice(file, (*BUILT_IN, *packages))
    plugins = Plugins()
    for name in choice.load:
        module = BUILT_IN.get(name)
        find = _importer(module) if module else packages[name].load
        plugins.load(name, find, choice.settings.get(name, {}))
    if choice.maps is not None:
        plugins.add_folder(choice.maps)
    if own is not None and own.is_dir():
        plugins.add_folder(own)
    return plugins


def _importer(module: str) -> Callable[[], object]:
    return lambda: importlib.import_module(module)


def _is_scheme(item: object) -> str:
    """What keeps an answer from being a scheme, "" if nothing."""
    return "" if isinstance(item, Scheme) else "no Scheme"


def _is_outlet(item: object) -> str:
    """What keeps an answer from being a kind of outlet, "" if nothing."""
    return "" if isinstance(item, OutletKind) else "no OutletKind"


def _is_family(item: object) -> str:
    return "" if isinstance(item, Family) else "no Family"
