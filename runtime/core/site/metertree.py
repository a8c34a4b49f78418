"""The tree of meters: a device may name the one above it, which measures what it measures too."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from runtime.core.site.spec import DeviceSpec


def ancestors(device: DeviceSpec, devices: Mapping[int, DeviceSpec]) -> tuple[DeviceSpec, ...]:
    """The meters above it, the nearest first; one that is not there, or a loop, ends the line."""
    line = list[DeviceSpec]()
    seen, above = {device.id}, devices.get(device.above)
    while above is not None and above.id not in seen:
        line.append(above)
        seen.add(above.id)
        above = devices.get(above.above)
    return tuple(line)


def is_in_loop(device: DeviceSpec, devices: Mapping[int, DeviceSpec]) -> bool:
    """Whether the meters above it lead back to it."""
    return device.above == device.id or any(each.above == device.id for each in ancestors(device, devices))


def below(device: int, devices: Iterable[DeviceSpec]) -> tuple[DeviceSpec, ...]:
    """The meters that name it as the one directly above them."""
    return tuple(each for each in devices if each.above == device)


def double_counts(devices: Iterable[DeviceSpec]) -> tuple[tuple[DeviceSpec, DeviceSpec], ...]:
    """(device, meter above it) where both count in totals, so that energy is counted twice: the nearest such meter."""
    by_id = {each.id: each for each in devices}
    pairs = list[tuple[DeviceSpec, DeviceSpec]]()
    for device in by_id.values():
        counting = next((each for each in ancestors(device, by_id) if not each.excluded), None)
        if counting is not None and not device.excluded:
            pairs.append((device, counting))
    return tuple(pairs)
