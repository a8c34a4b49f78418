"""The machine's clock by ``timedatectl``; its NTP servers by systemd-timesyncd."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from drivers.machine.program import run
from runtime.core.machine import ClockControl, ClockSetting, read_pairs
from runtime.errors import DriverError

_ASK_NOBODY = "--no-ask-password"


def look() -> ClockControl:
    """Raises DriverError machine_service_missing where systemd does not keep the time."""
    told = read_pairs(run("timedatectl", "show"), "=")
    return ClockControl(
        automatic=told.get("NTP") == ["yes"],
        synchronised=told.get("NTPSynchronized") == ["yes"],
        can_automatic=told.get("CanNTP") == ["yes"],
        server=_server(),
    )


def follow(setting: ClockSetting, interfaces: tuple[str, ...]) -> None:
    """Switch automatic time on or off, and name its server on every interface (until the next start of the service)."""
    run("timedatectl", _ASK_NOBODY, "set-ntp", "true" if setting.automatic else "false")
    if not (setting.automatic and setting.server):
        return
    for interface in interfaces:
        run("timedatectl", _ASK_NOBODY, "ntp-servers", interface, setting.server)


def set_time(ts: int) -> None:
    """Only while automatic time is off: the service refuses otherwise."""
    zone = ZoneInfo(_zone_of_machine())
    local = datetime.fromtimestamp(ts, UTC).astimezone(zone)
    run("timedatectl", _ASK_NOBODY, "set-time", local.strftime("%Y-%m-%d %H:%M:%S"))


def _zone_of_machine() -> str:
    return read_pairs(run("timedatectl", "show", "--property=Timezone"), "=").get("Timezone", ["UTC"])[0]


def _server() -> str:
    """Whom systemd-timesyncd listens to; another service does not say."""
    try:
        told = read_pairs(run("timedatectl", "show-timesync", "--property=ServerName"), "=")
    except DriverError:
        return ""
    return told.get("ServerName", [""])[0]
