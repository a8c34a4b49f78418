"""By which names the server may be called. A foreign name means that somebody's page had it resolved to us."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterable


class Hosts:
    """This machine's name, ``localhost``, the address that was called, and ``more`` names or addresses."""

    def __init__(self, more: Iterable[str] = (), own: str | None = None) -> None:
        own = (socket.gethostname() if own is None else own).lower().rstrip(".")
        short = own.partition(".")[0]
        given = {name.lower().strip("[]").rstrip(".") for name in more}
        self.names = frozenset({"localhost", own, short, f"{short}.local", *given} - {""})

    def is_own(self, host: str, local: str) -> bool:
        """``host`` as ``Head`` tells it; ``local``: the address of ours that the client reached.

        A request without Host is none of a browser, so nobody's page can have made it.
        """
        if not host or host in self.names:
            return True
        if host == local:
            return True
        if not is_address(host):
            return False
        called = ipaddress.ip_address(host)
        return called == ipaddress.ip_address(local) or str(called) in self.names


def is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def plain_address(address: str) -> str:
    """An address as people write it: no zone, no IPv4 in the guise of IPv6."""
    found = ipaddress.ip_address(address.partition("%")[0])
    mapped = found.ipv4_mapped if isinstance(found, ipaddress.IPv6Address) else None
    return str(mapped or found)


def client_network(address: str) -> str:
    """What counts as one client: an IPv4 address, or the half of an IPv6 address that one household has."""
    if ":" not in address:
        return address
    return str(ipaddress.ip_network((address, 64), strict=False).network_address)
