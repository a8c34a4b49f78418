"""What is decided before the server starts: where it keeps its data and where it listens."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from runtime.errors import ConfigError, Fault

LOOPBACK = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True, slots=True)
class Address:
    host: str
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Settings:
    """The options of ``wattkeeper run``."""

    data: Path
    plugins: Path
    http: Address
    demo: bool = False


def parse_address(text: str, option: str) -> Address:
    """``HOST:PORT``, also ``[::1]:80``; port 0 takes a free one.

    raises  ConfigError naming the option
    """
    host, _, port = text.rpartition(":")
    if not host or not port.isascii() or not port.isdigit() or int(port) > 65535:
        raise ConfigError([Fault(option, "", f"{text!r} is not HOST:PORT", "such as 127.0.0.1:8080")])
    return Address(host.strip("[]"), int(port))


def default_data(environ: Mapping[str, str] = os.environ) -> Path:
    """WATTKEEPER_DATA, else the user's own data folder."""
    given = environ.get("WATTKEEPER_DATA")
    return Path(given) if given else Path(environ.get("XDG_DATA_HOME") or "~/.local/share").expanduser() / "wattkeeper"


def default_plugins() -> Path:
    """``plugins.toml`` of the working folder, else the one that came with the program."""
    here = Path("plugins.toml")
    return here if here.exists() else Path(__file__).resolve().parent.parent / "plugins.toml"
