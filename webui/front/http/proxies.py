"""Known proxies: what one of them says of the client counts; what anybody else says of himself does not. Pure."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from dataclasses import replace

from webui.front.http.forward import Peer
from webui.front.http.head import Head
from webui.front.http.hosts import plain_address

MOST_HOPS = 20
_TELLING = frozenset(
    (
        b"forwarded",
        b"via",
        b"x-forwarded-for",
        b"x-forwarded-host",
        b"x-forwarded-proto",
        b"x-forwarded-by",
        b"x-real-ip",
    )
)


class Proxies:
    """Addresses and networks of proxies that are ours."""

    def __init__(self, networks: Iterable[str] = ()) -> None:
        self._networks = tuple(ipaddress.ip_network(network, strict=False) for network in networks)

    def is_known(self, address: str) -> bool:
        if not self._networks:
            return False
        ip = ipaddress.ip_address(address)
        return any(ip in network for network in self._networks)

    def client(self, head: Head, peer: Peer) -> Peer:
        """Who calls, as far as it is known. ``is_forwarded``: through somebody whom we do not know."""
        if not self.is_known(peer.address):
            told = not head.is_11 or any(name in _TELLING for name, _ in head.headers)
            return replace(peer, is_forwarded=True) if told else peer
        values: dict[bytes, list[bytes]] = {}
        for name, value in head.headers:
            if name in _TELLING:
                values.setdefault(name, []).append(value)
        address = self._farthest(b",".join(values.get(b"x-forwarded-for", ())).split(b","))
        scheme = values.get(b"x-forwarded-proto", [b""])[-1].rpartition(b",")[2].strip().lower()
        return replace(
            peer,
            address=address or peer.address,
            scheme=scheme.decode() if scheme in (b"http", b"https") else peer.scheme,
            is_forwarded=not address,
        )

    def _farthest(self, hops: list[bytes]) -> str:
        """The nearest that is no proxy of ours, "" when it cannot be read; before it stands what anybody may say."""
        address = ""
        for hop in reversed(hops[-MOST_HOPS:]):
            address = _address_of(hop)
            if not address or not self.is_known(address):
                break
        return address


def _address_of(hop: bytes) -> str:
    """Without the port that some put behind it; "" for what is no address."""
    text = hop.strip().decode("ascii", "replace")
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        return plain_address(text)
    except ValueError:
        return ""
