"""The ways to reach Modbus devices: TCP, RTU on a serial port, RTU through a TCP serial server."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from drivers.adapters.connection import Connection
from drivers.adapters.rtu import RtuLine
from drivers.adapters.serialport import PortSettings, SerialPort
from drivers.adapters.tcp import TcpLine
from drivers.gateways.url import Address, Reader, one_of, whole
from drivers.line import LATE_MAX_S, GatewayKind
from runtime.clock import Clock

_RTU: Mapping[str, Reader] = MappingProxyType({"echo": one_of("0", "1"), "late_max_ms": whole(0, 60_000)})
_SERIAL: Mapping[str, Reader] = MappingProxyType(
    {
        "baudrate": whole(300, 4_000_000),
        "parity": one_of("N", "E", "O"),
        "stopbits": one_of("1", "2"),
        **_RTU,
    }
)


def tcp_line(url: str, clock: Clock) -> TcpLine:
    address = Address(url, {})
    connection = Connection(address.host(), address.port())
    address.done()
    return TcpLine(connection, clock)


def rtutcp_line(url: str, clock: Clock) -> RtuLine:
    address = Address(url, _RTU)
    connection = Connection(address.host(), address.port())
    address.done()
    late_max_s, echo = _rtu_options(address)
    return RtuLine(connection, clock, late_max_s=late_max_s, echo=echo, reconnects=True)


def rtu_line(url: str, clock: Clock) -> RtuLine:
    address = Address(url, _SERIAL)
    path, options = address.path(), address.options
    address.done()
    parity, stopbits = options.get("parity", "E"), int(options.get("stopbits", 1))
    port = SerialPort(PortSettings(path, options.get("baudrate", 19200), parity, stopbits))
    late_max_s, echo = _rtu_options(address)
    return RtuLine(port, clock, late_max_s=late_max_s, echo=echo)


def _rtu_options(address: Address) -> tuple[float, bool]:
    options = address.options
    return options.get("late_max_ms", LATE_MAX_S * 1000) / 1000, options.get("echo") == "1"


TCP = GatewayKind("tcp", "Modbus TCP", "tcp://192.168.1.20:502", tcp_line)
RTUTCP = GatewayKind("rtutcp", "Modbus RTU over TCP", "rtutcp://192.168.1.20:4001", rtutcp_line)
RTU = GatewayKind("rtu", "Modbus RTU", "rtu:///dev/ttyUSB0?baudrate=19200&parity=E&stopbits=1", rtu_line)
BUILT_IN = (TCP, RTUTCP, RTU)
