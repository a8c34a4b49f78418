"""A way to reach devices, by the scheme of its URLs: all that forms, cards, rules, scans and tests ask of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from runtime.core.source.query import Expected, Query

NETWORK, SERIAL = "network", "serial"  # forms
SHOWN = 80  # characters of an address on a card
USUAL, USUAL_PORT = "tcp", 502  # what an address means that names no scheme


def nothing_asked(_url: str, _decoders: Iterable[Any]) -> float:
    """The cycle time of what is not polled."""
    return 0.0


@dataclass(frozen=True, slots=True)
class Scheme:
    """What answers the hook ``gateways()``: one scheme of URLs.

    name          what its URLs begin with, before "://"
    title         for people, where no page has words of its own for it
    example       of its URLs
    make          from a URL and the clock a source that is not open yet: ``drivers.api.Line``, or ``drivers.api.Feed``
                  where ``is_heard``. Touches no wire; raises ConfigError for a URL it cannot use
    protocol      what is spoken there: devices whose decoder names the same may be configured behind it
    is_heard      devices speak by themselves; else they are asked
    form          how its URL is asked for: NETWORK (host and port), SERIAL (port, speed, parity, stop bits), "" = whole
    default_port  that a card leaves out, 0 = none
    is_serial     devices share a bus of a certain speed, be it behind a converter
    units         least and greatest address of a device
    is_scanned    who is there can be found by asking each address
    cycle_time_s  seconds of one pass over devices, from the URL and their decoders; 0.0 = they are not polled
    prompt        as ``make``, with a third argument that makes a wire of host and port which nobody waits for, so that
                  many lines share one thread (``drivers.steps.Stepping``); None = each has its own
    called_in     as ``make``, with a third argument where devices that open the connection themselves are found
                  (``drivers.callers.Callers``); None = we open it
    greet         what finds out whether anybody is there at an address
    """

    name: str
    title: str
    example: str
    make: Callable[[str, Any], Any]
    protocol: str
    is_heard: bool = False
    form: str = ""
    default_port: int = 0
    is_serial: bool = False
    units: tuple[int, int] = (0, 255)
    is_scanned: bool = False
    cycle_time_s: Callable[[str, Iterable[Any]], float] = nothing_asked
    greet: Callable[[int], Query] = Expected
    prompt: Callable[[str, Any, Any], Any] | None = None
    called_in: Callable[[str, Any, Any], Any] | None = None

    def shown(self, url: str) -> str:
        """What a card says of an address."""
        return location_of(url, self.default_port)


Schemes = Mapping[str, Scheme]  # by name


def by_name(schemes: Iterable[Scheme]) -> dict[str, Scheme]:
    return {scheme.name: scheme for scheme in schemes}


def name_of(url: str) -> str:
    """The scheme that a URL names, "" when it names none."""
    name, separator, _ = url.partition("://")
    return name if separator else ""


def scheme_of(url: str, schemes: Schemes) -> Scheme:
    """That of a URL; where nobody offers it, one whose sources cannot be made."""
    name = name_of(url)
    return schemes.get(name) or Scheme(name, name, "", _not_offered, "")


def _not_offered(url: str, _clock: Any) -> Any:
    raise ValueError(f"nobody offers the scheme of {url}")


def with_scheme(address: str) -> str:
    """A URL of what may be a bare host."""
    return address if "://" in address else f"{USUAL}://{address}"


def location_of(url: str, default_port: int = 0) -> str:
    """Where a URL leads: its host, with the port unless that is the default; the path where there is no host."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return url[:SHOWN]
    place = parts.netloc or parts.path
    return (place.removesuffix(f":{default_port}") if default_port else place)[:SHOWN]


def serial_url(scheme: str, path: str, baudrate: int, parity: str, stopbits: int) -> str:
    return f"{scheme}://{path}?baudrate={baudrate}&parity={parity}&stopbits={stopbits}"
