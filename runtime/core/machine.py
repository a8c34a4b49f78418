"""The computer that the server runs on, as far as the server may set it: its clock and its network."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from ipaddress import AddressValueError, IPv4Address, IPv4Interface, NetmaskValueError

from runtime.viewboard import ViewKey

MOST_DNS = 2
BUSY_PCT, BUSY_S = 80.0, 300.0
_HOST = re.compile(r"(?!-)[A-Za-z0-9-]{1,63}(\.(?!-)[A-Za-z0-9-]{1,63})*\.?")


@dataclass(frozen=True, slots=True)
class ClockSetting:
    """How the machine gets its time. ``server`` "" = those of the system."""

    automatic: bool = True
    server: str = ""


@dataclass(frozen=True, slots=True)
class ClockControl:
    """What the time service says of itself; ``automatic`` = NTP is switched on, ``server`` = whom it last heard."""

    automatic: bool
    synchronised: bool
    can_automatic: bool
    server: str = ""


@dataclass(frozen=True, slots=True)
class NetworkSetting:
    """IPv4 of one connection. ``method`` "auto" (DHCP) or "manual"; address as "192.168.1.100/24"."""

    method: str = "auto"
    address: str = ""
    gateway: str = ""
    dns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Interface:
    """One network card. ``profile`` is the id of its connection, "" = none; ``now`` is what it uses at present."""

    name: str
    mac: str
    state: str
    profile: str
    wanted: NetworkSetting
    now: NetworkSetting


@dataclass(frozen=True, slots=True)
class Vitals:
    """How the machine is doing; None = it does not tell. ``cpu_pct`` since the look before."""

    cpu_pct: float | None = None
    busy_s: float = 0.0
    memory_bytes: int | None = None
    memory_free_bytes: int | None = None
    own_bytes: int | None = None
    disk_bytes: int | None = None
    disk_free_bytes: int | None = None
    booted_ts: int | None = None


@dataclass(frozen=True, slots=True)
class MachineView:
    """The machine now. Published as ``machine``.

    clock, interfaces    None = the service that sets them is not there: shown, not set
    unconfirmed          name of the interface whose new settings nobody has confirmed yet
    revert_at            monotonic s when they are taken back
    is_overloaded        the processor was above ``BUSY_PCT`` for ``BUSY_S`` without a pause
    """

    vitals: Vitals = Vitals()
    clock: ClockControl | None = None
    interfaces: tuple[Interface, ...] | None = None
    unconfirmed: str = ""
    revert_at: float = 0.0
    is_overloaded: bool = False


def clock_faults(setting: ClockSetting) -> Iterator[tuple[str, str]]:
    """(field, code) of everything that cannot be."""
    if setting.server and not _HOST.fullmatch(setting.server):
        yield "server", "host_name_wrong"


def network_faults(setting: NetworkSetting) -> Iterator[tuple[str, str]]:
    """(field, code) of everything that cannot be."""
    if setting.method not in ("auto", "manual"):
        yield "method", "network_method_wrong"
    for server in setting.dns:
        if not _is_address(server):
            yield "dns", "ip_address_wrong"
    if len(setting.dns) > MOST_DNS:
        yield "dns", "dns_too_many"
    if setting.method == "manual":
        yield from _manual_faults(setting)


def _manual_faults(setting: NetworkSetting) -> Iterator[tuple[str, str]]:
    try:
        own = IPv4Interface(setting.address)
    except (AddressValueError, NetmaskValueError, ValueError):
        yield "address", "ip_address_wrong"
        return
    if "/" not in setting.address or not 1 <= own.network.prefixlen <= 30:
        yield "address", "netmask_wrong"
    elif not _can_be_host(own):
        yield "address", "ip_address_not_a_host"
    elif setting.gateway:
        yield from _gateway_faults(setting, own)


def _gateway_faults(setting: NetworkSetting, own: IPv4Interface) -> Iterator[tuple[str, str]]:
    if not _is_address(setting.gateway):
        yield "gateway", "ip_address_wrong"
    elif IPv4Address(setting.gateway) not in own.network or IPv4Address(setting.gateway) == own.ip:
        yield "gateway", "gateway_elsewhere"


def _can_be_host(own: IPv4Interface) -> bool:
    ends = (own.network.network_address, own.network.broadcast_address)
    return own.ip not in ends and not (own.ip.is_multicast or own.ip.is_loopback or own.ip.is_unspecified)


def _is_address(text: str) -> bool:
    try:
        IPv4Address(text)
    except (AddressValueError, ValueError):
        return False
    return True


def read_terse(line: str) -> list[str]:
    """The fields of a line of ``nmcli --terse``: separated by colons, backslashes escape."""
    fields, part, escaped = [], "", False
    for char in line:
        if escaped or char not in "\\:":
            part, escaped = part + char, False
        elif char == "\\":
            escaped = True
        else:
            fields.append(part)
            part = ""
    return [*fields, part]


def read_pairs(lines: Iterable[str], separator: str) -> dict[str, list[str]]:
    """``KEY=value`` or ``IP4.DNS[2]:value`` lines: key without its number -> values that are not empty, in order."""
    found: dict[str, list[str]] = {}
    for line in lines:
        key, _, value = line.partition(separator)
        if value:
            found.setdefault(key.split("[")[0], []).append(value)
    return found


MACHINE_VIEW = ViewKey[MachineView]("machine")
