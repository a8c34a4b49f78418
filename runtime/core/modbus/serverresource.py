"""The Modbus TCP server as a resource: off until somebody switches it on; there is one at most."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from typing import TypeVar

from runtime.core.modbus.unitlist import parse_units
from runtime.core.resource.fault import refused
from runtime.core.resource.key import Key, Problem, id_key, reference_key, within
from runtime.core.resource.reference import Reference
from runtime.core.resource.resource import Resource, Tree
from runtime.core.text.naming import normalise_text

USUAL_PORT = 502
MOST_NETWORKS = 64

T = TypeVar("T", bound=Tree)


@dataclass(frozen=True, slots=True)
class ModbusServerSpec:
    """Where other masters read this server.

    host         address of this machine that it listens at
    clients      addresses and networks that may read, by commas; "" = this machine and private networks
    connections  most at once
    idle_s       a connection without a request for so long is closed
    gateway      the serial bus whose devices are passed through, 0 = none
    units        addresses on it that are passed through, "1-20,31"; "" = none
    write_units  those of them that other masters may write to, too; "" = none
    rate_per_s   requests of one master that are passed through in a second, at most
    """

    id: int
    on: bool = False
    host: str = "0.0.0.0"
    port: int = USUAL_PORT
    clients: str = ""
    connections: int = 512
    idle_s: int = 300
    gateway: int = 0
    units: str = ""
    rate_per_s: int = 10
    name: str = "Modbus TCP server"  # in the trail of changes; there is one
    write_units: str = ""


def _an_address(value: str) -> Problem:
    try:
        ipaddress.ip_address(value)
    except ValueError:
        return "ip_address_wrong", f"{value[:80]!r} is no IP address"
    return None


def _some_networks(value: str) -> Problem:
    listed = _networks(value)
    if len(listed) > MOST_NETWORKS:
        return "out_of_range", f"{len(listed)} networks are too many, {MOST_NETWORKS} at most"
    for network in listed:
        try:
            ipaddress.ip_network(network, strict=False)
        except ValueError:
            return "network_wrong", f"{network[:80]!r} is neither an address nor a network such as 192.168.1.0/24"
    return None


def _networks(text: str) -> list[str]:
    return text.replace(",", " ").split()


def _some_units(value: str) -> Problem:
    try:
        units = parse_units(value) if value else ()
    except ValueError as error:
        return "bus_units_wrong", str(error)
    if any(unit > 245 for unit in units):
        return "bus_units_wrong", "addresses on the bus go from 1 to 245; 246 and 247 are this server's own"
    return None


def _tidy_units(text: str) -> str:
    return normalise_text(text).replace(" ", "")


def _keep(tree: T, spec: ModbusServerSpec) -> T:
    raise refused("modbus_server", spec.id, "", "modbus_server_kept", "it can be switched off, not erased")


MODBUS_SERVER = Resource(
    "modbus_server",
    "modbus_servers",
    ModbusServerSpec,
    {
        "id": id_key(),
        "on": Key((bool,), False),
        "host": Key((str,), "0.0.0.0", _an_address, tidy=normalise_text),
        "port": Key((int,), USUAL_PORT, within(1, 65_535)),
        "clients": Key((str,), "", _some_networks, tidy=normalise_text),
        "connections": Key((int,), 512, within(1, 2_000)),
        "idle_s": Key((int,), 300, within(5, 86_400)),
        "gateway": reference_key(),
        "units": Key((str,), "", _some_units, tidy=_tidy_units),
        "write_units": Key((str,), "", _some_units, tidy=_tidy_units),
        "rate_per_s": Key((int,), 10, within(1, 200)),
    },
    references=(Reference("gateway", "gateway"),),
    see=("server_configuration", "system_configuration"),
    unique=("id",),
    last_id=1,
    on_erase=_keep,
)


def server_of(tree: Tree) -> ModbusServerSpec:
    """As it is configured; switched off where nobody ever did."""
    return next(iter(tree.of(MODBUS_SERVER)), ModbusServerSpec(0))


def passed_units(spec: ModbusServerSpec) -> frozenset[int]:
    return frozenset(parse_units(spec.units)) if spec.units and spec.gateway else frozenset()


def permitted_units(spec: ModbusServerSpec) -> frozenset[int]:
    """Those that other masters may write to."""
    return passed_units(spec) & frozenset(parse_units(spec.write_units) if spec.write_units else ())


def is_allowed(address: str, spec: ModbusServerSpec) -> bool:
    """May a client at this address read?"""
    try:
        client = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(client, ipaddress.IPv6Address) and client.ipv4_mapped:
        client = client.ipv4_mapped
    if not spec.clients:
        return client.is_private or client.is_loopback or client.is_link_local
    return any(client in ipaddress.ip_network(network, strict=False) for network in _networks(spec.clients))
