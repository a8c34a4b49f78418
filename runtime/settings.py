"""What is decided before the server starts: where it keeps its data, where it listens and to whom it answers."""

from __future__ import annotations

import ipaddress
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from runtime.core.text.tomlfile import MOST_BYTES, parse_toml
from runtime.core.text.tomltable import Table
from runtime.errors import ConfigError, Fault
from runtime.process.namedpath import read_plain

LOOPBACK = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True, slots=True)
class Address:
    host: str
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


HTTP = Address("127.0.0.1", 8080)
_NAME = re.compile(r"[A-Za-z0-9._:-]{1,253}")
_WEB_KEYS = ("http", "https", "names", "redirect", "hsts_days", "proxies", "prefix", "strangers_percent")
_PREFIX = re.compile(r"(?:/[A-Za-z0-9_-]{1,40}){1,4}")
_LONGEST_HSTS_DAYS = 730
STRANGERS_PERCENT = 10


@dataclass(frozen=True, slots=True)
class WebSettings:
    """Where the pages are and how they are reached.

    https      None = plain HTTP only
    names      by which the server may be called, beside its own: names and addresses
    redirect   plain HTTP sends to HTTPS, where there is HTTPS
    hsts_days  browsers remember for so long that this server speaks HTTPS; 0 = they are not told
    proxies    addresses or networks whose word counts for who calls and by which scheme
    prefix     below which path of a proxy the pages are, such as /energy; "" = they have a host of their own
    strangers_percent  of one processor core, for all who come without a login; 100 = they are not held up
    """

    http: Address = HTTP
    https: Address | None = None
    names: tuple[str, ...] = ()
    redirect: bool = True
    hsts_days: int = 0
    proxies: tuple[str, ...] = ()
    prefix: str = ""
    strangers_percent: int = field(default_factory=lambda: STRANGERS_PERCENT)


@dataclass(frozen=True, slots=True)
class Settings:
    """The options of ``wattkeeper run``; an address that is None is taken from ``plugins``.

    modbus  where the Modbus server listens, switched on or not; None = as the installation says
    """

    data: Path
    plugins: Path
    http: Address | None = None
    demo: bool = False
    https: Address | None = None
    modbus: Address | None = None

    def web(self) -> WebSettings:
        """Raises ConfigError when ``plugins`` cannot be read or its table ``web`` is wrong.

        The demo's codes stand in a manual, so nobody but this machine may reach it.
        """
        told = read_web(self.plugins)
        web = replace(told, http=self.http or told.http, https=self.https or told.https)
        for option, address in (("--http", web.http), ("--https", web.https)):
            if self.demo and address and not _is_loopback(address.host):
                message = f"{address} would be open to others, and the codes of the demo are known to all"
                raise ConfigError([Fault(option, "", message, "use 127.0.0.1", "http_address")])
        return web


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _is_network(text: str) -> bool:
    try:
        return bool(ipaddress.ip_network(text, strict=False))
    except ValueError:
        return False


def parse_address(text: str, option: str) -> Address:
    """``HOST:PORT``, also ``[::1]:80``; port 0 takes a free one.

    raises  ConfigError naming the option
    """
    host, _, port = text.rpartition(":")
    if not host or not port.isascii() or not port.isdigit() or len(port) > 5 or int(port) > 65535:
        raise ConfigError([Fault(option, "", f"{text!r} is not HOST:PORT", "such as 127.0.0.1:8080")])
    return Address(host.strip("[]"), int(port))


def read_web(file: Path) -> WebSettings:
    """The table ``web`` of a plugins.toml. Raises ConfigError."""
    try:
        rows = parse_toml(read_plain(file.resolve(), MOST_BYTES).decode(), str(file))
    except OSError as error:
        raise ConfigError([Fault(str(file), "", f"cannot be read: {error.strerror}")]) from None
    except UnicodeDecodeError as error:
        raise ConfigError([Fault(str(file), "", f"not valid TOML: {error}")]) from None
    faults: list[Fault] = []
    table = Table(rows, "", str(file), faults).table("web")
    table.refuse_unknown(_WEB_KEYS)
    names = table.listed("names", str)
    for number, name in enumerate(names, 1):
        if not _NAME.fullmatch(name):
            table.fault(f"names[{number}]", f"{name!r} is neither a name nor an address", "without http:// and port")
    proxies = table.listed("proxies", str)
    for number, network in enumerate(proxies, 1):
        if not _is_network(network):
            table.fault(f"proxies[{number}]", f"{network!r} is no address and no network", "10.0.0.2 or 10.0.0.0/24")
    prefix = table.text("prefix") if table.rows.get("prefix") else ""
    if prefix and not _PREFIX.fullmatch(prefix):
        table.fault("prefix", f"{prefix!r} is no path", "such as /energy, without a slash at its end")
    web = WebSettings(
        _address(table, "http") or HTTP,
        _address(table, "https"),
        names,
        table.flag("redirect", True),
        table.integer("hsts_days", 0, _LONGEST_HSTS_DAYS, 0) or 0,
        proxies,
        prefix,
        table.integer("strangers_percent", 1, 100, STRANGERS_PERCENT) or STRANGERS_PERCENT,
    )
    if faults:
        raise ConfigError(faults)
    return web


def _address(table: Table, key: str) -> Address | None:
    if key not in table:
        return None
    try:
        return parse_address(table.text(key), key)
    except ConfigError as error:
        table.fault(key, error.faults[0].message, error.faults[0].hint)
        return None


def default_data(environ: Mapping[str, str] = os.environ) -> Path:
    """WATTKEEPER_DATA, else the user's own data folder."""
    given = environ.get("WATTKEEPER_DATA")
    return Path(given) if given else Path(environ.get("XDG_DATA_HOME") or "~/.local/share").expanduser() / "wattkeeper"


def default_plugins() -> Path:
    """``plugins.toml`` of the working folder, else the one that came with the program."""
    here = Path("plugins.toml")
    return here if here.exists() else Path(__file__).resolve().parent.parent / "plugins.toml"
