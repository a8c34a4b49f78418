"""What is wrong on the site at this moment, by the views that its parts publish.

One cause is told once: a silent gateway speaks for the devices behind it. Devices whose alerts are excluded, that are
switched off, or whose gateway, board or own maintenance lasts, have no conditions.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from types import MappingProxyType

from runtime.core.alarm.condition import Cause, Conditions
from runtime.core.clock.clocktrust import CLOCK_VIEW, ClockView
from runtime.core.device.statechange import BREAKER, ERRORS, OVERRUN, REPORTED
from runtime.core.device.stationerror import errors_in
from runtime.core.machine import MACHINE_VIEW, MachineView
from runtime.core.quantity.catalogue import QUANTITIES
from runtime.core.quantity.quality import Quality
from runtime.core.site.installation import DeviceSpec, GatewaySpec, Installation
from runtime.core.site.sitezone import zone_of
from runtime.core.tariff.warnings import fluids_with_gaps
from runtime.core.threshold.passing import Thresholds
from runtime.core.threshold.threshold import THRESHOLD, ThresholdSpec
from runtime.core.view import (
    ARCHIVIST_VIEW,
    DEVICE_VIEWS,
    GATEWAY_VIEWS,
    RECORDER_VIEW,
    SAFE_MODE_VIEW,
    SUPERVISOR_VIEW,
    DeviceView,
    Trouble,
)
from runtime.viewboard import Views

SERVER = "server"
DISK_FREE_PCT = 5
SILENT, WRONG = "communication_error", "configuration_error"
TRIPPED = QUANTITIES["breaker_state"].states.index("tripped")
FLAGS: Mapping[str, str] = MappingProxyType(
    {
        "alarm_tripped": "tripped",
        "alarm_duplicated_function": "duplicated_function",
        "alarm_threshold": "module_threshold",
        "alarm_configuration": "module_configuration",
        "alarm_communication": "module_communication",
        OVERRUN: "overrun",
    }
)

Found = Iterator[tuple[Cause, str]]


class SiteWatch:
    """One look.

    maintained  subjects ("gateway.1", "board.2", "device.3") in maintenance -> UTC seconds of its end
    thresholds  what is known of them from the looks before
    now         monotonic seconds
    """

    def __init__(
        self,
        site: Installation,
        views: Views,
        maintained: Mapping[str, int],
        thresholds: Thresholds,
        now_ts: int,
        now: float,
    ) -> None:
        self._site, self._views, self._thresholds, self._now = site, views, thresholds, now
        self._now_ts = now_ts
        self._shelved = frozenset(subject for subject, until_ts in maintained.items() if now_ts < until_ts)
        self._unread: set[str] = set()
        self._provisional: set[str] = set()  # models that are read by such a table
        self._behind: dict[int, list[DeviceSpec]] = {}
        for device in site.devices:
            self._behind.setdefault(device.gateway, []).append(device)
        self._limits: dict[int, list[ThresholdSpec]] = {}
        for spec in site.of(THRESHOLD):
            self._limits.setdefault(spec.device, []).append(spec)

    def conditions(self, consumed: Mapping[Cause, str] = MappingProxyType({})) -> Conditions:
        """Of everything. ``consumed``: budgets and leaks, of which those of devices without alerts are none."""
        present = dict(self._server())
        present |= {cause: detail for cause, detail in consumed.items() if self.is_watched(cause.subject)}
        for gateway in self._site.gateways:
            if gateway.on and not self._is_shelved(gateway):
                present |= dict(self._gateway(gateway))
        for fluid in fluids_with_gaps(self._site.tariffs, self._site.rules, zone_of(self._site), self._now_ts):
            present[Cause("cost_rule_missing", SERVER, fluid)] = f"hours of this week have no {fluid} tariff"
        if self._provisional:
            present[Cause("map_provisional", SERVER)] = ", ".join(sorted(self._provisional))
        return Conditions(present, frozenset(self._unread))

    def is_watched(self, subject: str) -> bool:
        """Whether something of it may be an alarm."""
        word, _, id = subject.partition(".")
        device = self._site.device(int(id)) if word == "device" else None
        if device is None:
            return word != "device"
        gateway = self._site.gateway(device.gateway)
        is_shelved = subject in self._shelved or (gateway is not None and self._is_shelved(gateway))
        return device.on and not device.exclude_alerts and not is_shelved

    def _is_shelved(self, gateway: GatewaySpec) -> bool:
        return f"gateway.{gateway.id}" in self._shelved or f"board.{gateway.board}" in self._shelved

    def _gateway(self, gateway: GatewaySpec) -> Found:
        subject, view = f"gateway.{gateway.id}", self._views.get(GATEWAY_VIEWS.of(gateway.id))
        is_silent = view is not None and view.state == SILENT
        if view is not None and is_silent:
            yield Cause("gateway_silent", subject), _describe(view.trouble)
        for device in self._behind.get(gateway.id, ()):
            if device.on and not device.exclude_alerts and f"device.{device.id}" not in self._shelved:
                yield from self._device(device, is_silent=is_silent)

    def _device(self, device: DeviceSpec, *, is_silent: bool) -> Found:
        subject, view = f"device.{device.id}", self._views.get(DEVICE_VIEWS.of(device.id))
        if is_silent or view is None or view.state in ("unknown", SILENT):
            self._unread.add(subject)
        if view is None or is_silent:
            return
        if view.state == SILENT:
            yield Cause("device_silent", subject), _describe(view.trouble)
            return
        if view.state == WRONG:
            yield Cause("device_configuration", subject), _describe(view.trouble)
        if view.trust == "provisional":
            self._provisional.add(view.model)
        yield from self._read_in(view, subject)
        if limits := self._limits.get(device.id):
            for id, sentence in self._thresholds.look(view, limits, self._now):
                yield Cause("threshold", subject, str(id)), sentence

    def _read_in(self, view: DeviceView, subject: str) -> Found:
        """What its values report. A breaker that trips is one cause, whichever of its registers says so."""
        for index in _watched(view.quantities):
            n = view.values_n[index]
            if not isinstance(n, int) or view.quality[index] == Quality.SUSPECT:
                self._unread.add(subject)
            else:
                yield from _report(view.quantities[index], n, subject)

    # ---- the server itself

    def _server(self) -> Found:
        get = self._views.get
        recorder, archivist, safe_mode = get(RECORDER_VIEW), get(ARCHIVIST_VIEW), get(SAFE_MODE_VIEW)
        if recorder is not None and recorder.trouble is not None:
            yield Cause("recording", SERVER), _describe(recorder.trouble)
        if archivist is not None and archivist.trouble is not None:
            yield Cause("backup", SERVER), _describe(archivist.trouble)
        if not get(CLOCK_VIEW, ClockView()).trusted:
            yield Cause("clock", SERVER), ""
        if safe_mode is not None:
            yield Cause("safe_mode", SERVER), f"{safe_mode.failed_starts} starts failed"
        yield from _machine(get(MACHINE_VIEW, MachineView()))
        supervisor = get(SUPERVISOR_VIEW)
        for child in supervisor.children if supervisor is not None else ():
            if child.state == "quarantined":
                yield Cause("part_resting", SERVER, child.name), child.error


def _machine(machine: MachineView) -> Found:
    vitals = machine.vitals
    free_bytes = vitals.disk_free_bytes
    if vitals.disk_bytes and free_bytes is not None and free_bytes * 100 < vitals.disk_bytes * DISK_FREE_PCT:
        yield Cause("disk", SERVER), f"{free_bytes // 1_000_000} MB are free"
    if machine.is_overloaded:
        yield Cause("processor", SERVER), ""


@lru_cache(maxsize=512)
def _watched(quantities: tuple[str, ...]) -> tuple[int, ...]:
    """Where the quantities stand that may report something; models have few different ones."""
    return tuple(index for index, quantity in enumerate(quantities) if quantity in REPORTED)


def _report(quantity: str, n: int, subject: str) -> Found:
    if quantity == BREAKER and n == TRIPPED:
        yield Cause("tripped", subject), ""
    elif quantity in FLAGS and n:
        yield Cause(FLAGS[quantity], subject), ""
    elif quantity in ERRORS:
        for code in errors_in(n):
            yield Cause("station_failed", subject, code), ""


def _describe(trouble: Trouble | None) -> str:
    return f"{trouble.code}: {trouble.message}" if trouble is not None else ""
