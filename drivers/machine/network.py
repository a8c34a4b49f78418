"""The machine's network cards by NetworkManager's ``nmcli``."""

from __future__ import annotations

from drivers.machine.program import run
from runtime.core.machine import Interface, NetworkSetting, read_pairs, read_terse

_PROFILE = "connection.uuid,ipv4.method,ipv4.addresses,ipv4.gateway,ipv4.dns"
_CARDS = ("ethernet", "wifi")
_UP_S = 30.0


def look() -> tuple[Interface, ...]:
    """The cards that it manages. Raises DriverError machine_service_missing where it does not run."""
    rows = [read_terse(line) for line in run("nmcli", "-t", "-f", "DEVICE,TYPE,STATE", "device", "status")]
    return tuple(_interface(row[0], row[2]) for row in rows if row[1] in _CARDS and row[2] != "unmanaged")


def change(interface: Interface, setting: NetworkSetting) -> None:
    """Write it into the card's connection and use it at once. Raises DriverError.

    When it cannot be used, what was there before is put back.
    """
    _modify(interface, setting)
    try:
        run("nmcli", "--wait", str(round(_UP_S)), "connection", "up", interface.profile, timeout_s=_UP_S + 5)
    except BaseException:
        _modify(interface, interface.wanted)
        run("nmcli", "--wait", str(round(_UP_S)), "connection", "up", interface.profile, timeout_s=_UP_S + 5)
        raise


def _modify(interface: Interface, setting: NetworkSetting) -> None:
    run(
        "nmcli", "connection", "modify", interface.profile,
        "ipv4.method", setting.method,
        "ipv4.addresses", setting.address if setting.method == "manual" else "",
        "ipv4.gateway", setting.gateway if setting.method == "manual" else "",
        "ipv4.dns", ",".join(setting.dns),
    )  # fmt: skip


def _interface(name: str, state: str) -> Interface:
    device = read_pairs(run("nmcli", "-t", "-f", "GENERAL,IP4", "device", "show", name), ":")
    profile = device.get("GENERAL.CON-UUID", [""])[0]
    address, gateway = (device.get(key, [""])[0] for key in ("IP4.ADDRESS", "IP4.GATEWAY"))
    now = NetworkSetting("", address, gateway, tuple(device.get("IP4.DNS", ())))
    return Interface(name, device.get("GENERAL.HWADDR", [""])[0], state, profile, _wanted(profile), now)


def _wanted(profile: str) -> NetworkSetting:
    if not profile:
        return NetworkSetting()
    told = read_pairs(run("nmcli", "-t", "-f", _PROFILE, "connection", "show", profile), ":")
    dns = tuple(server for server in told.get("ipv4.dns", [""])[0].split(",") if server)
    first = told.get("ipv4.addresses", [""])[0].split(",")[0].strip()
    return NetworkSetting(told.get("ipv4.method", ["auto"])[0], first, told.get("ipv4.gateway", [""])[0], dns)
