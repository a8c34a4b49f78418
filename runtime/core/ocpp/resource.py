"""The OCPP server as a resource: off until somebody switches it on; there is one at most."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from typing import TypeVar

from runtime.core.resource.fault import refused
from runtime.core.resource.key import Key, Problem, id_key, within
from runtime.core.resource.resource import Resource, Tree
from runtime.core.text.naming import normalise_text

USUAL_PORT = 9000
MOST_BADGES = 500
LONGEST_BADGES = MOST_BADGES * 37
_BADGE = re.compile(r"[\x21-\x2b\x2d-\x7e]{1,36}")  # no comma, no space; 20 characters in version 1.6

T = TypeVar("T", bound=Tree)


@dataclass(frozen=True, slots=True)
class OcppServerSpec:
    """Where charging stations call in.

    host    address of this machine that it listens at
    tls     with the certificate of the pages; else all can be read on the way
    free    a vehicle that is plugged in may charge without a badge, and is started
    badges  that may charge, by commas
    """

    id: int
    on: bool = False
    host: str = "0.0.0.0"
    port: int = USUAL_PORT
    tls: bool = True
    free: bool = False
    badges: str = ""
    name: str = "OCPP server"  # in the trail of changes; there is one

    def accepts(self, badge: str) -> bool:
        """May whoever shows it charge? In any case of letters, as stations write them differently."""
        return self.free or badge.casefold() in map(str.casefold, listed(self.badges))


def listed(badges: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(badges.replace(",", " ").split()))


def _an_address(value: str) -> Problem:
    try:
        ipaddress.ip_address(value)
    except ValueError:
        return "ip_address_wrong", f"{value[:80]!r} is no IP address"
    return None


def _some_badges(value: str) -> Problem:
    badges = listed(value)
    if len(badges) > MOST_BADGES:
        return "out_of_range", f"{len(badges)} badges are too many, {MOST_BADGES} at most"
    wrong = next((badge for badge in badges if not _BADGE.fullmatch(badge)), None)
    return None if wrong is None else ("badge_wrong", f"{wrong[:40]!r} is no number of a badge")


def _keep(tree: T, spec: OcppServerSpec) -> T:
    raise refused("ocpp_server", spec.id, "", "ocpp_server_kept", "it can be switched off, not erased")


OCPP_SERVER = Resource(
    "ocpp_server",
    "ocpp_servers",
    OcppServerSpec,
    {
        "id": id_key(),
        "on": Key((bool,), False),
        "host": Key((str,), "0.0.0.0", _an_address, tidy=normalise_text),
        "port": Key((int,), USUAL_PORT, within(1, 65_535)),
        "tls": Key((bool,), True),
        "free": Key((bool,), False),
        "badges": Key((str,), "", _some_badges, tidy=normalise_text),
    },
    see=("server_configuration", "system_configuration"),
    unique=("id",),
    last_id=1,
    on_erase=_keep,
)


def ocpp_of(tree: Tree) -> OcppServerSpec:
    """As it is configured; switched off where nobody ever did."""
    return next(iter(tree.of(OCPP_SERVER)), OcppServerSpec(0))
