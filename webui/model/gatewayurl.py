"""A gateway's URL as the fields of a form show it. The form puts it together again; the drivers judge it."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import SplitResult, parse_qsl, urlsplit

from runtime.core.source.scheme import NETWORK, SERIAL, Scheme, Schemes, scheme_of

OTHER = "other"  # edited as a whole
BAUDRATES = (1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200)


@dataclass(frozen=True, slots=True)
class UrlFields:
    """``kind`` names a scheme with a form, or is OTHER. ``host`` of a network gateway, ``port_path`` of a port."""

    kind: str
    url: str
    host: str = ""
    port: int = 0
    port_path: str = ""
    baudrate: int = 19200
    parity: str = "E"
    stopbits: int = 1


def forms(schemes: Schemes, form: str) -> tuple[Scheme, ...]:
    """The ways that are asked for so."""
    return tuple(scheme for scheme in schemes.values() if scheme.form == form)


def url_fields(url: str, schemes: Schemes) -> UrlFields:
    """An address that cannot be read is shown whole, for its owner to mend."""
    scheme = scheme_of(url, schemes)
    try:
        parts = urlsplit(url)
        if scheme.form == NETWORK and not parts.query and parts.path in ("", "/"):
            return UrlFields(scheme.name, url, host=parts.hostname or "", port=parts.port or scheme.default_port)
        if scheme.form == SERIAL:
            return _serial(url, parts, scheme)
    except ValueError:
        pass
    return UrlFields(OTHER, url)


def _serial(url: str, parts: SplitResult, scheme: Scheme) -> UrlFields:
    options = dict(parse_qsl(parts.query))
    if options.keys() - {"baudrate", "parity", "stopbits"}:
        return UrlFields(OTHER, url)
    return UrlFields(
        scheme.name,
        url,
        port_path=parts.path,
        baudrate=int(options.get("baudrate", 19200)),
        parity=options.get("parity", "E"),
        stopbits=int(options.get("stopbits", 1)),
    )
