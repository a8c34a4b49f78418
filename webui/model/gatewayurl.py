"""A gateway's URL as the fields of a form show it. The form puts it together again; the drivers judge it."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

MODBUS_PORT = 502
NETWORK, SERIAL = ("tcp", "rtutcp"), ("rtu",)
KINDS = (*NETWORK, *SERIAL)  # those that the form offers; others are edited as a whole
BAUDRATES = (1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200)


@dataclass(frozen=True, slots=True)
class UrlFields:
    """``kind`` is one of ``KINDS``, or "other". ``host`` of a network gateway, ``port_path`` of a serial port."""

    kind: str
    url: str
    host: str = ""
    port: int = MODBUS_PORT
    port_path: str = ""
    baudrate: int = 19200
    parity: str = "E"
    stopbits: int = 1


def url_fields(url: str) -> UrlFields:
    """An address that cannot be read is shown whole, for its owner to mend."""
    try:
        parts = urlsplit(url)
        if parts.scheme in NETWORK and not parts.query and parts.path in ("", "/"):
            return UrlFields(parts.scheme, url, host=parts.hostname or "", port=parts.port or MODBUS_PORT)
        if parts.scheme in SERIAL:
            return _serial(url, parts.path, dict(parse_qsl(parts.query)))
    except ValueError:
        pass
    return UrlFields("other", url)


def _serial(url: str, path: str, options: dict[str, str]) -> UrlFields:
    if options.keys() - {"baudrate", "parity", "stopbits"}:
        return UrlFields("other", url)
    return UrlFields(
        "rtu",
        url,
        port_path=path,
        baudrate=int(options.get("baudrate", 19200)),
        parity=options.get("parity", "E"),
        stopbits=int(options.get("stopbits", 1)),
    )
