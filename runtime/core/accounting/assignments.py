"""Which devices count for which load, which groups and the total, and since when.

A device whose values nobody confirmed counts for none of them until somebody does.

A change takes effect with the next hour of the site; nothing that was booked is moved. Bins stay per device, and who
asks for a load gets from each device the time that it belonged to it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import replace

from runtime.core.accounting.gasfactor import date_factor
from runtime.core.clock import timegrid
from runtime.core.site.installation import Assignment, DeviceSpec, Installation
from runtime.core.site.sitezone import date_zone, zone_of

Member = Callable[[Assignment], bool]


def date_changes(before: Installation, after: Installation, now_ts: int) -> Installation:
    """``after`` with its changes of load, groups and exclusion dated from the next hour on, its zone from midnight on,
    its gas factor from today on.

    A device that was not there before counts from ever; one that is no longer there counts until then.
    """
    after = date_zone(before, after, now_ts)
    after = date_factor(before, after, timegrid.local(now_ts, zone_of(before)).date())
    from_ts = timegrid.next_hour(now_ts, zone_of(after))
    known: dict[int, list[Assignment]] = {device.id: [_of(device, before)] for device in before.devices}
    for device, listed in _by_device(before).items():
        known[device] = listed
    for spec in after.devices:
        if spec.id in known:
            _change(known[spec.id], _of(spec, after, from_ts))
    staying = {device.id for device in after.devices}
    for device, listed in known.items():
        if device not in staying and not listed[-1].gone:
            _change(listed, Assignment(device, from_ts, gone=True))
    kept = [listed for device, listed in known.items() if len(listed) > 1 or device not in staying]
    rows = sorted((row for listed in kept for row in listed), key=lambda row: (row.from_ts, row.device))
    return replace(after, assignments=tuple(rows))


def doubting(installation: Installation, is_provisional: Callable[[DeviceSpec], bool]) -> Installation:
    """Note which devices are read by registers that nobody confirmed."""
    doubted = (device.id for device in installation.devices if not device.confirmed and is_provisional(device))
    return replace(installation, doubted=tuple(doubted))


def member(of: str) -> Member:
    """Whether a device that is assigned like this counts for "total", "others", "load:ID" or "group:ID".

    Or for what of a group is of a load: "group:ID/load:ID", "group:ID/others".
    raises  ValueError for anything else
    """
    group, slash, part = of.partition("/")
    if slash and group.startswith("group:") and part.partition(":")[0] in ("load", "others"):
        is_in_group, is_part = member(group), member(part)
        return lambda row: is_in_group(row) and is_part(row)
    kind, colon, id_text = of.partition(":")
    id = int(id_text) if id_text.isdecimal() and id_text.isascii() else -1
    if kind == "load" and id >= 0:
        return lambda row: row.load == id and _counts(row)
    if kind == "group" and id >= 0:
        return lambda row: id in row.groups and _counts(row)
    if kind == "total" and not colon:
        return _counts
    if kind == "others" and not colon:
        return lambda row: row.load == 0 and _counts(row)
    raise ValueError(f"no such thing to sum up: {of}")


class Owners:
    """The assignments of an installation, to be asked by time."""

    def __init__(self, installation: Installation) -> None:
        rows = {device.id: [_of(device, installation)] for device in installation.devices}
        rows.update(_by_device(installation))
        self._rows = rows
        self._starts = {device: [row.from_ts for row in listed] for device, listed in rows.items()}
        self._cuts = sorted({row.from_ts for listed in rows.values() for row in listed if row.from_ts})
        self._members: dict[tuple[str, int], tuple[int, ...]] = {}

    def at(self, device: int, ts: int) -> Assignment | None:
        """How a device is assigned at a moment; None for one that was never configured."""
        listed = self._rows.get(device)
        if listed is None:
            return None
        return listed[0] if len(listed) == 1 else listed[max(0, bisect_right(self._starts[device], ts) - 1)]

    def cut_after(self, ts: int) -> int:
        """The first moment after ``ts`` at which something changes."""
        at = bisect_right(self._cuts, ts)
        return self._cuts[at] if at < len(self._cuts) else timegrid.NEVER

    def members(self, of: str, ts: int) -> tuple[int, ...]:
        """The devices that count for something at a moment, by id. Raises ValueError as ``member`` does."""
        key = of, bisect_right(self._cuts, ts)
        found = self._members.get(key)
        if found is None:
            is_member = member(of)
            rows = ((device, self.at(device, ts)) for device in sorted(self._rows))
            found = self._members[key] = tuple(device for device, row in rows if row is not None and is_member(row))
        return found


def _counts(row: Assignment) -> bool:
    return not row.excluded and not row.gone


def _of(device: DeviceSpec, site: Installation, from_ts: int = 0) -> Assignment:
    excluded = device.excluded or device.id in site.doubted
    return Assignment(device.id, from_ts, device.load, tuple(sorted(device.groups)), excluded)


def _by_device(installation: Installation) -> dict[int, list[Assignment]]:
    rows: dict[int, list[Assignment]] = {}
    for row in sorted(installation.assignments, key=lambda row: row.from_ts):
        rows.setdefault(row.device, []).append(row)
    return rows


def _change(listed: list[Assignment], row: Assignment) -> None:
    """Let the newest assignment be ``row``; what was to begin at the same moment or later never did."""
    while len(listed) > 1 and listed[-1].from_ts >= row.from_ts:
        listed.pop()
    if replace(listed[-1], from_ts=row.from_ts) != row:
        listed.append(row)
