"""Which compiled map each device of an installation is read by."""

from __future__ import annotations

from collections.abc import Mapping

from runtime.core.decode.codedmodel import decoder_of
from runtime.core.decode.decoder import Decoder
from runtime.core.map.devicemodel import DeviceModel
from runtime.core.site.installation import DeviceSpec, Installation
from runtime.core.source.scheme import Scheme, scheme_of
from runtime.errors import ConfigError
from runtime.plugin.plugins import Plugins

Key = tuple[str, str]


class Maps:
    """Of one set of plugins; equal models share one map, also across edits. One thread makes, any may read.

    of  device id -> map; without one is a device whose model nobody knows, or whose parameters make none
    """

    def __init__(self, plugins: Plugins) -> None:
        self._plugins = plugins
        self._made: dict[Key, tuple[DeviceModel, Decoder] | None] = {}
        self.of: Mapping[int, Decoder] = {}

    def follow(self, installation: Installation) -> None:
        """Be those of this installation from now on."""
        keys = {device.id: _key(device) for device in installation.devices}
        kept = {key: self._made[key] for key in keys.values() if key in self._made}
        for device in installation.devices:
            key = keys[device.id]
            if key not in kept:
                kept[key] = self._make(device)
        self._made = kept
        made = [(device, kept[keys[device.id]]) for device in installation.devices]
        schemes = {each.id: scheme_of(each.url, self._plugins.schemes) for each in installation.gateways}
        self.of = {
            device.id: both[1]
            for device, both in made
            if both is not None and _stands(device, both[1], schemes.get(device.gateway))
        }

    def device_map_of(self, device: DeviceSpec) -> DeviceModel | None:
        """What the map was made from; None where there is none."""
        made = self._made.get(_key(device))
        return None if made is None else made[0]

    def _make(self, device: DeviceSpec) -> tuple[DeviceModel, Decoder] | None:
        def build() -> tuple[DeviceModel, Decoder]:
            found = self._plugins.map_of(device.model, device.map_parameters)
            return found, decoder_of(found)

        try:
            return self._plugins.tried(build)
        except ConfigError:
            return None  # shown as "configuration error"


def _stands(device: DeviceSpec, decoder: Decoder, scheme: Scheme | None) -> bool:
    """Whether there is an address for it, and its gateway speaks as it does; else a "configuration error" too."""
    if scheme is not None and scheme.protocol and scheme.protocol != decoder.protocol:
        return False
    try:
        decoder.address_of(device)
    except ValueError:
        return False
    return True


def _key(device: DeviceSpec) -> Key:
    return device.model, repr(sorted(device.map_parameters.items()))
