"""What is reported by which alerts: an alarm once when it is raised and once when it is over, and what was switched."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from zoneinfo import ZoneInfo

from runtime.core.alarm.alarm import Alarm
from runtime.core.alarm.kind import KINDS
from runtime.core.alert.alert import ALERT, AlertSpec, split_addresses
from runtime.core.alert.classes import CRITICAL, NOTICE, is_grave_enough
from runtime.core.alert.message import CHANGED, OVER, RAISED, Entry
from runtime.core.alert.outbox import Address
from runtime.core.alert.outlet import OUTLET, OutletSpec
from runtime.core.alert.quiet import quiet_until_ms
from runtime.core.site.installation import Installation

Recipients = Callable[[OutletSpec], tuple[str, ...] | None]  # None = those that the alert names


class Reported:
    """Remembers which alarms were reported as raised, so that each beginning and each end is reported once.

    What flaps is raised and over at most three times before it is one alarm that lasts until it is calm.
    """

    def __init__(self, active: Iterable[Alarm] = ()) -> None:
        self._raised = {alarm.id for alarm in active if alarm.is_active}

    def news(self, changed: Iterable[Alarm]) -> Iterator[tuple[Alarm, str]]:
        """(alarm, "raised" or "over") of those that began or ended."""
        for alarm in changed:
            if alarm.is_active and alarm.id not in self._raised:
                self._raised.add(alarm.id)
                yield alarm, RAISED
            elif not alarm.is_active and alarm.id in self._raised:
                self._raised.discard(alarm.id)
                yield alarm, OVER


def entry_of(alarm: Alarm, state: str, site: Installation) -> Entry:
    """What a message says of it; names are those of now."""
    cause = alarm.cause
    name, position = _whose(cause.subject, site)
    return Entry(
        f"alarm.{alarm.id}", state, alarm.last_ms if state == RAISED else alarm.cleared_ms, alarm.raised_ms,
        cause.kind, KINDS[cause.kind].severity, name, position, alarm.detail, "/alarms",
    )  # fmt: skip


def switched_entry(device: int, code: str, site: Installation, now_ms: int) -> Entry:
    """What a message says of something that was opened or closed: of one contact the newest counts."""
    name, position = _whose(f"device.{device}", site)
    key = f"{code.partition('_')[0]}.{device}"
    return Entry(key, CHANGED, now_ms, now_ms, code, NOTICE, name, position, path=f"/devices/{device}")


def _whose(subject: str, site: Installation) -> tuple[str, str]:
    """(name, gateway and address) as they are now, "" each where there is none."""
    word, _, id = subject.partition(".")
    device = site.device(int(id)) if word == "device" else None
    gateway = site.gateway(device.gateway if device else int(id)) if word in ("device", "gateway") else None
    found = device or gateway
    return found.name if found else "", f"{gateway.name} · {device.address}" if device and gateway else ""


def addressed(
    group: str, severity: str, site: Installation, recipients: Recipients, now_ms: int, zone: ZoneInfo
) -> Iterator[tuple[Address, str, int]]:
    """(outlet and recipient, subject, not before that moment) of something of a class, by all alerts that are on."""
    outlets = {outlet.id: outlet for outlet in site.of(OUTLET) if outlet.on}
    for alert in site.of(ALERT):
        outlet = outlets.get(alert.outlet)
        if outlet and alert.on and alert.group == group and is_grave_enough(severity, alert.severity):
            wait_ms = _wait_ms(alert, severity, now_ms, zone)
            named = recipients(outlet)
            for recipient in split_addresses(alert.recipients) if named is None else named:
                yield (outlet.id, recipient), alert.subject, wait_ms


def _wait_ms(alert: AlertSpec, severity: str, now_ms: int, zone: ZoneInfo) -> int:
    return 0 if severity == CRITICAL else quiet_until_ms(now_ms, alert.quiet_from, alert.quiet_to, zone)
