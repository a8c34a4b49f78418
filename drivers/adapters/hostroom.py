"""How many connections there are to each host: small devices have few, whatever the number of gateways behind them."""

from __future__ import annotations

import ipaddress
from collections import Counter
from collections.abc import Callable

from runtime.errors import LinkDown

USUAL = 32  # as many ports as a large serial server has


def is_loopback(address: str) -> bool:
    return ipaddress.ip_address(address.partition("%")[0]).is_loopback


class HostRoom:
    """Of one wire loop, in its thread. Hosts are addresses.

    most    connections to one host; what is open already stays
    is_own  whether an address is one that has room for all: this machine itself
    """

    def __init__(self, most: int = USUAL, is_own: Callable[[str], bool] = is_loopback) -> None:
        self.most, self._is_own = most, is_own
        self._open: Counter[str] = Counter()

    def take(self, address: str) -> None:
        """One more. Raises LinkDown when there are enough."""
        if self._open[address] >= self.most and not self._is_own(address):
            sentence = f"{self._open[address]} connections to {address} are open, and no more are wanted to one host"
            raise LinkDown("host_full", sentence)
        self._open[address] += 1

    def leave(self, address: str) -> None:
        """One less."""
        self._open[address] -= 1
        if self._open[address] <= 0:
            del self._open[address]
