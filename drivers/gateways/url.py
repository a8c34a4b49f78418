"""The address of a gateway taken to pieces, and all that is wrong with it said at once."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import SplitResult, parse_qsl, urlsplit

from runtime.core.text.hostname import is_host
from runtime.errors import ConfigError, Fault

MODBUS_PORT = 502
Reader = Callable[[str], Any]  # text of one option -> its value; raises ValueError that says what is expected


class Address:
    """One URL being read: ask for its parts, then ``done`` raises ConfigError if anything was wrong.

    options  name -> reader of what may follow the question mark
    """

    def __init__(self, url: str, options: Mapping[str, Reader]) -> None:
        self.url = url
        self._faults: list[Fault] = []
        try:
            self._parts = urlsplit(url)
        except ValueError as error:
            self._parts = SplitResult("", "", "", "", "")
            self.wrong("", str(error))
        self.options = self._options(options)

    def wrong(self, key: str, message: str, hint: str = "") -> None:
        self._faults.append(Fault(self.url, key, message, hint, "url_invalid"))

    def host(self) -> str:
        host = self._parts.hostname or ""
        if "@" in self._parts.netloc:
            self.wrong("", "has a name or a password before the host", "Modbus knows none")
        elif host and not is_host(host):
            self.wrong("", f"{host[:80]!r} is neither a name nor an address of a machine")
        if not host:
            self.wrong("", "names no host", f"expected {self._parts.scheme or 'tcp'}://host:port")
        if self._parts.path not in ("", "/"):
            self.wrong("", f"has a path ({self._parts.path}) after the port")
        if self._parts.fragment:
            self.wrong("", "has a # in it")
        return host

    def port(self, default: int = MODBUS_PORT) -> int:
        try:
            port = self._parts.port
        except ValueError:
            port = 0
        if port == 0:
            self.wrong("port", "is not a number from 1 to 65535")
        return default if port is None else port

    def path(self) -> str:
        if self._parts.netloc or len(self._parts.path) < 2:  # a link to a port may lie anywhere
            self.wrong("", "names no serial port", "expected rtu:///dev/ttyUSB0, with three slashes")
        return self._parts.path

    def done(self) -> None:
        if self._faults:
            raise ConfigError(self._faults)

    def _options(self, readers: Mapping[str, Reader]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name, text in parse_qsl(self._parts.query, keep_blank_values=True):
            if name not in readers:
                near = difflib.get_close_matches(name, readers, 1)
                known = f"did you mean {near[0]}?" if near else f"known are {', '.join(readers)}"
                self.wrong(name, "is not an option of this address", known)
                continue
            try:
                found[name] = readers[name](text)
            except ValueError as error:
                self.wrong(name, f"is {text!r}: {error}")
        return found


def whole(least: int, most: int) -> Reader:
    def read(text: str) -> int:
        if not text.isascii() or not text.isdigit() or len(text) > 9 or not least <= int(text) <= most:
            raise ValueError(f"expected a whole number from {least} to {most}")
        return int(text)

    return read


def pairs(most_key: int, most: int) -> Reader:
    """Reads "7:100,12:50" as a dictionary."""
    keys, values = whole(0, most_key), whole(0, most)

    def read(text: str) -> dict[int, int]:
        parts = [part.partition(":") for part in text.split(",")]
        try:
            return {keys(key): values(value) for key, _, value in parts}
        except ValueError:
            form = f"unit:number, separated by commas, units to {most_key}, numbers to {most}"
            raise ValueError(f"expected {form}") from None

    return read


def one_of(*choices: str) -> Reader:
    def read(text: str) -> str:
        if text not in choices:
            raise ValueError(f"expected one of {', '.join(choices)}")
        return text

    return read
