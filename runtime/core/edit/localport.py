"""The serial port of the Local gateway, as the Modbus settings show it (SRV-1); kept in the gateway's address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

from runtime.core.edit.edits import Edit
from runtime.core.resource.key import Key, one_of
from runtime.core.resource.schema import Table, check_row
from runtime.core.site.installation import GatewaySpec, Installation
from runtime.core.source.scheme import name_of, serial_url
from runtime.errors import ConfigError, Fault

BAUDRATES = (1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200)
PARITIES = ("N", "E", "O")
STOPBITS = (1, 2)
LEAST_TIMEOUT_MS, MOST_TIMEOUT_MS = 50, 10_000


@dataclass(frozen=True, slots=True)
class LocalPort:
    """Defaults are those of the manual (7.8)."""

    port: str = "/dev/ttyUSB0"
    baudrate: int = 19_200
    parity: str = "E"
    stopbits: int = 1
    timeout_ms: int = 300


def _a_port(value: str) -> tuple[str, str] | None:
    good = value.startswith("/dev/") and value.isprintable() and len(value) <= 100 and not set(value) & set("?#% ")
    return None if good else ("port_wrong", f"{value[:80]!r} is not a serial port such as /dev/ttyUSB0")


def _a_timeout(value: int) -> tuple[str, str] | None:
    if LEAST_TIMEOUT_MS <= value <= MOST_TIMEOUT_MS:
        return None
    return "out_of_range", f"{value} is not between {LEAST_TIMEOUT_MS} and {MOST_TIMEOUT_MS}"


_MODBUS = Table(
    "modbus",
    {
        "port": Key((str,), "", _a_port),
        "baudrate": Key((int,), 19_200, one_of(*BAUDRATES)),
        "parity": Key((str,), "E", one_of(*PARITIES)),
        "stopbits": Key((int,), 1, one_of(*STOPBITS)),
        "timeout_ms": Key((int,), 300, _a_timeout),
    },
)


def local_gateway(installation: Installation) -> GatewaySpec | None:
    return next((gateway for gateway in installation.gateways if gateway.local), None)


def local_port(installation: Installation) -> LocalPort | None:
    """None in an edition without one."""
    gateway = local_gateway(installation)
    if gateway is None:
        return None
    parts = urlsplit(gateway.url)
    told = {key: values[0] for key, values in parse_qs(parts.query).items()}
    usual = LocalPort()
    return LocalPort(
        parts.path,
        _number(told.get("baudrate"), usual.baudrate),
        told.get("parity", usual.parity),
        _number(told.get("stopbits"), usual.stopbits),
        gateway.timeout_ms or usual.timeout_ms,
    )


def set_local_port(values: Mapping[str, Any]) -> Edit:
    """Change some of its settings. Raises ConfigError at once for values that no port takes."""
    faults: list[Fault] = []
    taken = check_row("modbus", values, _MODBUS, "edit", faults)
    if faults:
        raise ConfigError([replace(fault, kind="site", field=f"modbus.{fault.field}") for fault in faults])

    def edit(current: Installation) -> Installation:
        before, gateway = local_port(current), local_gateway(current)
        if before is None or gateway is None:
            message = f"edition {current.edition} has no serial port"
            raise ConfigError([Fault("edit", "modbus", message, "", "local_missing", "site", 0, "modbus")])
        port = LocalPort(**{**asdict(before), **taken})
        url = serial_url(name_of(gateway.url), port.port, port.baudrate, port.parity, port.stopbits)
        after = replace(gateway, url=url, timeout_ms=port.timeout_ms)
        return replace(current, gateways=tuple(after if each is gateway else each for each in current.gateways))

    return edit


def _number(text: str | None, default: int) -> int:
    return int(text) if text and text.isdecimal() and text.isascii() else default
