"""Alarms as people look for them: of which device or gateway, of which kind, since when, what of them is over."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from actors.message.alarm import ALARMS_VIEW, AlarmsView
from runtime.core.alarm.alarm import Alarm
from runtime.core.alarm.kind import KINDS
from runtime.core.site.installation import DeviceSpec, GatewaySpec, Installation
from webui.model.bridge import Bridge

STATES = ("open", "active", "all")
EVER_MS = 1 << 62


@dataclass(frozen=True, slots=True)
class AlarmFilter:
    """What is wanted of the alarms.

    state    "open" (active, or acknowledged by nobody), "active", "all"
    group    one of ``runtime.core.alarm.kind.CLASSES``, "" = all; so with ``kind``
    gateway  that it is about, or that the device hangs on; 0 = any
    before   alarms with a smaller number only, 0 = from the newest
    """

    state: str = "open"
    group: str = ""
    kind: str = ""
    device: int = 0
    gateway: int = 0
    from_ms: int = 0
    to_ms: int = EVER_MS
    before: int = 0


@dataclass(frozen=True, slots=True)
class AlarmLine:
    """An alarm and whom it is about, as far as that still exists."""

    alarm: Alarm
    device: DeviceSpec | None
    gateway: GatewaySpec | None

    @property
    def name(self) -> str:
        """Of the device or gateway; "" = the server, or what was deleted."""
        subject = self.device or self.gateway
        return subject.name if subject else ""

    @property
    def path(self) -> str:
        """Of its page, "" without one."""
        return f"/devices/{self.device.id}" if self.device else "/gateways" if self.gateway else ""


def alarms_view(bridge: Bridge) -> AlarmsView:
    return bridge.views.get(ALARMS_VIEW, AlarmsView())


def list_alarms(bridge: Bridge, wanted: AlarmFilter, limit: int) -> list[AlarmLine]:
    """Those that are active first, then the newest first."""
    site, view = bridge.installation(), alarms_view(bridge)
    every = view.open if wanted.state != "all" else _all(bridge, view)
    lines = (line_of(alarm, site) for alarm in every)
    found = list(islice((line for line in lines if _fits(line, wanted)), limit))
    return sorted(found, key=lambda line: (not line.alarm.is_active, -line.alarm.last_ms))


def find_alarm(bridge: Bridge, id: int) -> Alarm | None:
    """As it is now, open or not."""
    view = alarms_view(bridge)
    return next((alarm for alarm in view.open if alarm.id == id), None) or next(
        (alarm for alarm in bridge.history.alarms() if alarm.id == id), None
    )


def missing_alarm(bridge: Bridge, ids: Iterable[int]) -> int | None:
    """One of these numbers that is no alarm's, None = all are; the list is read once at most."""
    left = set(ids) - {alarm.id for alarm in alarms_view(bridge).open}
    for alarm in bridge.history.alarms() if left else ():
        left.discard(alarm.id)
        if not left:
            break
    return min(left, default=None)


def subject_of(subject: str) -> tuple[str, int]:
    """("device", 3) of "device.3"; ("server", 0)."""
    word, _, id = subject.partition(".")
    return word, int(id) if id.isascii() and id.isdigit() else 0


def _all(bridge: Bridge, view: AlarmsView) -> Iterator[Alarm]:
    """What is open is newer in the view than on the disk."""
    opened = {alarm.id: alarm for alarm in view.open}
    kept = {alarm.id for alarm in islice(bridge.history.alarms(), 1)}
    yield from (alarm for id, alarm in opened.items() if id > max(kept, default=0))
    for alarm in bridge.history.alarms():
        yield opened.get(alarm.id, alarm)


def line_of(alarm: Alarm, site: Installation) -> AlarmLine:
    word, id = subject_of(alarm.cause.subject)
    device = site.device(id) if word == "device" else None
    gateway_id = device.gateway if device else id if word == "gateway" else 0
    return AlarmLine(alarm, device, site.gateway(gateway_id) if gateway_id else None)


def _fits(line: AlarmLine, wanted: AlarmFilter) -> bool:
    alarm = line.alarm
    return (
        (wanted.state != "active" or alarm.is_active)
        and wanted.kind in ("", alarm.cause.kind)
        and wanted.group in ("", KINDS[alarm.cause.kind].group)
        and (not wanted.device or alarm.cause.subject == f"device.{wanted.device}")
        and (not wanted.gateway or (line.gateway is not None and line.gateway.id == wanted.gateway))
        and wanted.from_ms <= alarm.last_ms < wanted.to_ms
        and (not wanted.before or alarm.id < wanted.before)
    )
