"""The whole check of an installation: the rules of the core, and what the loaded plugins say of each part."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from runtime.clock import Clock
from runtime.core.accounting.assignments import doubting
from runtime.core.charging.station.observation import LIMIT, can_be_limited
from runtime.core.decode.codedmodel import decoder_of
from runtime.core.map.devicemodel import DeviceModel
from runtime.core.site.installation import DeviceSpec, GatewaySpec, Installation
from runtime.core.source.scheme import name_of
from runtime.core.validation.charging import Ability
from runtime.core.validation.device import Known
from runtime.core.validation.installation import check
from runtime.core.validation.label import addressing_of
from runtime.errors import ConfigError, Fault
from runtime.plugin.outletcheck import automation_faults, outlet_faults
from runtime.plugin.plugins import Plugins

_FIELDS = ("position", "side")  # of the device, which its map is made from too
MOST_KEPT = 4096  # answers of plugins that are remembered


def known_by(plugins: Plugins) -> Known:
    """What an installation may refer to."""
    entries = {entry.number: entry for family in plugins.families for entry in family.entries}
    thd = {id for id, found in plugins.maps.items() if any(quantity.startswith("thd_") for quantity in found.measured)}
    models = {*plugins.maps, *plugins.makers, *(alias for found in plugins.maps.values() for alias in found.aliases)}
    addressing = addressing_of(plugins.maps, entries)
    protocols = {id: found.protocol for id, found in plugins.maps.items()}
    abilities = {id: _ability(found) for id, found in plugins.maps.items()}
    return Known(models, plugins.schemes, entries, thd, addressing, protocols, abilities)


def _ability(model: DeviceModel) -> Ability:
    """A limit counts where it can be brought to nothing."""
    commands = {row.name: row for row in getattr(model, "commands", ())}
    if not can_be_limited(commands):
        commands.pop(LIMIT, None)
    return Ability(model.measured, set(commands))


class Checker:
    """Of one set of plugins. What a plugin said of an address or of parameters is remembered: most stay as they are."""

    def __init__(self, plugins: Plugins, clock: Clock) -> None:
        self.known = known_by(plugins)
        self._plugins, self._clock = plugins, clock
        self._said: dict[object, tuple[Fault, ...]] = {}

    def faults(self, installation: Installation, file: str = "edit") -> list[Fault]:
        """All of them, each naming its object and field."""
        faults: list[Fault] = []
        check(installation, self.known, file, {}, faults)
        return faults + self.parts(installation, file)

    def marked(self, installation: Installation) -> Installation:
        """With whose values are doubted: those of maps that are provisional, until an installer confirms them."""
        return doubting(installation, lambda device: self._trust(device) == "provisional")

    def _trust(self, device: DeviceSpec) -> str:
        """That of what it hangs on, where its map is made from another's; "" where there is no map."""
        try:
            return self._plugins.trust_of(device.model, device.map_parameters)
        except ConfigError:
            return ""

    def parts(self, installation: Installation, file: str) -> list[Fault]:
        """What the plugins refuse: addresses of gateways, parameters of devices."""
        found: list[Fault] = []
        for gateway in installation.gateways:
            for fault in self._of_gateway(gateway):
                place = f"gateway {gateway.name!r}.url"
                code = "gateway_port" if fault.key == "port" else "url_wrong"
                found.append(_locate(fault, file, place, "gateway", gateway.id, "url", code))
        for device in installation.devices:
            for fault in self._of_device(device):
                field = f"parameters.{fault.key}" if fault.key else "parameters"
                field = fault.key if fault.key in _FIELDS else field
                place = f"device {device.name!r}.{field}"
                found.append(_locate(fault, file, place, "device", device.id, field, "parameter_wrong"))
        found += outlet_faults(installation, self._plugins.outlets, file)
        return found + list(automation_faults(installation, self._commands_of, file))

    def _commands_of(self, device: DeviceSpec) -> Mapping[str, tuple[str, ...]] | None:
        """Command -> its choices; None = nobody knows the model, or its map."""
        try:
            model = self._plugins.tried(lambda: self._plugins.map_of(device.model, device.map_parameters))
        except ConfigError:
            return None
        return {row.name: row.choices for row in getattr(model, "commands", ())}

    def _of_gateway(self, gateway: GatewaySpec) -> tuple[Fault, ...]:
        scheme = self.known.schemes.get(name_of(gateway.url))
        if scheme is None:
            return ()  # told by the rules
        return self._asked(("url", gateway.url), lambda: scheme.make(gateway.url, self._clock))

    def _of_device(self, device: DeviceSpec) -> tuple[Fault, ...]:
        if device.model not in self.known.models:
            return ()
        told = device.map_parameters
        key = (device.model, repr(sorted(told.items())))
        return self._asked(key, lambda: decoder_of(self._plugins.map_of(device.model, told)))

    def _asked(self, key: object, make: Callable[[], object]) -> tuple[Fault, ...]:
        said = self._said.get(key)
        if said is None:
            try:
                self._plugins.tried(make)
                said = ()
            except ConfigError as error:
                said = error.faults
            if len(self._said) >= MOST_KEPT:
                self._said.clear()
            self._said[key] = said
        return said


def _locate(fault: Fault, file: str, place: str, kind: str, id: int, field: str, code: str) -> Fault:
    return replace(fault, file=file, key=place.rstrip("."), kind=kind, id=id, field=field, code=code)
