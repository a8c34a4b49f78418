"""The ways to reach Modbus devices: TCP, RTU on a serial port, RTU through a TCP serial server."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from types import MappingProxyType
from typing import Any

from drivers.adapters.connection import Connection
from drivers.adapters.rtu import RtuLine
from drivers.adapters.serialport import PortSettings, SerialPort
from drivers.adapters.tcp import TcpLine
from drivers.gateways.url import MODBUS_PORT, Address, Reader, one_of, pairs, whole
from drivers.line import LATE_MAX_S
from drivers.steps import BlockingWire
from runtime.clock import Clock
from runtime.core.decode.cycletime import cycle_time_s
from runtime.core.modbus.request import MODBUS, READ_FUNCTIONS, Request
from runtime.core.modbus.wireaddress import LAST
from runtime.core.source.scheme import NETWORK, SERIAL, Scheme, serial_url

# how long a gateway rests between an answer and the next request, and single devices: rests=7:100,12:50
_MANNERS: Mapping[str, Reader] = MappingProxyType(
    {"rest_ms": whole(0, 2_000), "rests": pairs(LAST, 2_000), "polls_per_s": whole(1, 1_000)}
)
_TCP: Mapping[str, Reader] = MappingProxyType({"transactions": one_of("echoed", "any"), **_MANNERS})
_RTU: Mapping[str, Reader] = MappingProxyType({"echo": one_of("0", "1"), "late_max_ms": whole(0, 60_000), **_MANNERS})
_SERIAL: Mapping[str, Reader] = MappingProxyType(
    {
        "baudrate": whole(300, 4_000_000),
        "parity": one_of("N", "E", "O"),
        "stopbits": one_of("1", "2"),
        **_RTU,
    }
)
Connect = Callable[[str, int], Any]  # host and port -> a wire


def tcp_line(url: str, clock: Clock, connect: Connect = Connection) -> TcpLine:
    address = Address(url, _TCP)
    connection = connect(address.host(), address.port())
    address.done()
    return TcpLine(connection, clock, echoes=address.options.get("transactions") != "any", **_manners(address))


def rtutcp_line(url: str, clock: Clock, connect: Connect = Connection) -> RtuLine:
    address = Address(url, _RTU)
    connection = connect(address.host(), address.port())
    address.done()
    return _rtu(connection, clock, address, reconnects=True)


def rtu_line(url: str, clock: Clock) -> RtuLine:
    address = Address(url, _SERIAL)
    path, options = address.path(), address.options
    address.done()
    parity, stopbits = options.get("parity", "E"), int(options.get("stopbits", 1))
    port = SerialPort(PortSettings(path, options.get("baudrate", 19200), parity, stopbits))
    return _rtu(port, clock, address, reconnects=False)


def _rtu(wire: BlockingWire, clock: Clock, address: Address, *, reconnects: bool) -> RtuLine:
    options = address.options
    late_max_s, echo = options.get("late_max_ms", LATE_MAX_S * 1000) / 1000, options.get("echo") == "1"
    return RtuLine(wire, clock, late_max_s=late_max_s, echo=echo, reconnects=reconnects, **_manners(address))


def _manners(address: Address) -> dict[str, Any]:
    """What a gateway and its devices want to be asked like."""
    options = address.options
    rests = {unit: rest_ms / 1000 for unit, rest_ms in options.get("rests", {}).items()}
    gap_s = 1 / options["polls_per_s"] if "polls_per_s" in options else 0.0
    return {"rest_s": options.get("rest_ms", 0) / 1000, "rests": rests, "poll_gap_s": gap_s}


def _greet(unit: int) -> Request:
    return Request(unit, READ_FUNCTIONS["holding"], 0, 1)


_BEHIND_NETWORK, _ON_PORT = partial(cycle_time_s, network=True), partial(cycle_time_s, network=False)
_MODBUS = Scheme("", "", "", tcp_line, MODBUS, is_scanned=True, greet=_greet)
_NETWORKED = replace(_MODBUS, form=NETWORK, default_port=MODBUS_PORT, cycle_time_s=_BEHIND_NETWORK)
TCP = replace(_NETWORKED, name="tcp", title="Modbus TCP", example="tcp://192.168.1.20:502", prompt=tcp_line)
SLAVE = replace(TCP, name="slave", title="Another server of ours", example="slave://192.168.1.30:502", is_scanned=False)
RTUTCP = replace(
    _NETWORKED, name="rtutcp", title="Modbus RTU over TCP", example="rtutcp://192.168.1.20:4001", make=rtutcp_line,
    prompt=rtutcp_line, is_serial=True, units=(1, LAST),
)  # fmt: skip
RTU = replace(
    _MODBUS, name="rtu", title="Modbus RTU", example=serial_url("rtu", "/dev/ttyUSB0", 19_200, "E", 1), make=rtu_line,
    form=SERIAL, is_serial=True, units=(1, LAST), cycle_time_s=_ON_PORT,
)  # fmt: skip
BUILT_IN = (TCP, RTUTCP, RTU, SLAVE)
